/** @file Headings of groups in words. */
import { expect, test } from "vitest";
import { groupTitles } from "../../renderer/grid/group-titles.ts";

const springfield = (region: string) =>
	({ kind: "place", town: "Springfield", region, country: "US" }) as const;

test("groups are named by what their photos have in common", () => {
	const titles = groupTitles(
		[
			{ kind: "day", day: 20_253 },
			{ kind: "month", year: 2025, month: 6 },
			{ kind: "place", town: "Lisbon", region: "Lisbon", country: "PT" },
			{ kind: "place", town: null, region: null, country: "FR" },
			{ kind: "unknown" },
		],
		"en-GB",
	);
	expect(titles).toEqual([
		expect.stringMatching(/^Saturday,? 14 June 2025$/),
		"June 2025",
		"Lisbon, Portugal",
		"France",
		"No place",
	]);
});

test("towns of one name are told apart by their region, and folders by their path", () => {
	const labels = [springfield("Illinois"), springfield("Missouri")];
	expect(groupTitles(labels, "en")).toEqual([
		"Springfield, Illinois, United States",
		"Springfield, Missouri, United States",
	]);
});

/** @file Tags in the page: completing, the tree, searches for them, and counting at any threshold. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tagIdSchema } from "../../contract/ids.ts";
import type { Tag } from "../../contract/tag.ts";
import { barsPath, countsAbove, edgeAt, shareOf } from "../../renderer/tags/score-histogram.ts";
import { completions } from "../../renderer/tags/tag-completion.ts";
import { tagOfQuery, tagQuery } from "../../renderer/tags/tag-query.ts";
import { matching, treeOf, visibleRows } from "../../renderer/tags/tag-tree.ts";
import { answersWords, percent } from "../../renderer/tags/tag-words.ts";

function tag(id: number, path: string, parent: number | null = null): Tag {
	return {
		id: tagIdSchema.parse(id),
		path,
		name: path.split("/").at(-1) ?? path,
		parentId: parent === null ? null : tagIdSchema.parse(parent),
		origin: "person",
		accepted: 0,
		acceptedBelow: 0,
		suggested: id,
		cover: null,
		labelIds: [],
	};
}

describe("a search for a tag", () => {
	it("is read back as the tag, whatever its name", () => {
		const names = fc
			.string({ unit: "grapheme", minLength: 1 })
			.map((name) => name.replaceAll('"', "").trim())
			.filter((name) => name !== "");
		fc.assert(
			fc.property(names, (name) => {
				expect(tagOfQuery(tagQuery(name))).toBe(name);
			}),
		);
	});

	it("is not one that asks for more", () => {
		expect(tagOfQuery("tag:dog snow")).toBeNull();
		expect(tagOfQuery("-tag:dog")).toBeNull();
		expect(tagOfQuery("dog")).toBeNull();
	});
});

describe("completing a tag", () => {
	const tags = [
		{ path: "animal/dog", photos: 3 },
		{ path: "dogwood", photos: 1 },
		{ path: "hot dog", photos: 9 },
		{ path: "underdogs", photos: 50 },
	];

	it("puts what begins with the letters first, then words in it, then the rest", () => {
		expect(completions(tags, "dog", 9).map(({ path }) => path)).toEqual([
			"dogwood",
			"hot dog",
			"animal/dog",
			"underdogs",
		]);
	});

	it("offers the tags used most where nothing is typed", () => {
		expect(completions(tags, " ", 2).map(({ path }) => path)).toEqual(["underdogs", "hot dog"]);
	});
});

describe("the tree of tags", () => {
	const tags = [
		tag(1, "animal"),
		tag(2, "animal/cat", 1),
		tag(3, "animal/dog", 1),
		tag(4, "beach"),
	];

	it("sums up what is suggested below a tag", () => {
		expect(treeOf(tags).map(({ suggestedBelow }) => suggestedBelow)).toEqual([6, 4]);
	});

	it("shows children only of what is open", () => {
		const roots = treeOf(tags);
		const paths = (open: number[]) =>
			visibleRows(roots, new Set(open.map((id) => tagIdSchema.parse(id)))).map(
				({ node, level }) => `${level} ${node.tag.path}`,
			);
		expect(paths([])).toEqual(["1 animal", "1 beach"]);
		expect(paths([1])).toEqual(["1 animal", "2 animal/cat", "2 animal/dog", "1 beach"]);
	});

	it("keeps what is above of what was looked for", () => {
		expect(matching(tags, "DOG").map(({ path }) => path)).toEqual(["animal", "animal/dog"]);
	});
});

describe("a histogram of scores", () => {
	const histograms = fc.array(fc.nat(50), { minLength: 1, maxLength: 300 }).map((counts) => ({
		counts,
		edges: Array.from({ length: counts.length + 1 }, (_, at) => (at / counts.length) ** 2),
	}));

	it("counts the photos at or above any edge", () => {
		fc.assert(
			fc.property(histograms, (histogram) => {
				const above = countsAbove(histogram);
				for (const at of histogram.edges.keys()) {
					expect(above[at]).toBe(histogram.counts.slice(at).reduce((sum, one) => sum + one, 0));
				}
			}),
		);
	});

	it("leads from an edge to its place on the axis and back", () => {
		fc.assert(
			fc.property(histograms, fc.nat(300), (histogram, seed) => {
				const edge = seed % histogram.edges.length;
				const share = shareOf(histogram, histogram.edges[edge] ?? 0);
				expect(edgeAt(histogram, share)).toBe(edge);
			}),
		);
	});

	it("draws a bar for a single photo among thousands", () => {
		const path = barsPath({ counts: [100_000, 0, 1], edges: [0, 0.1, 0.2, 1] }, 3, 300, 100);
		expect(path.split("M").length - 1).toBe(2);
	});
});

describe("words about labels", () => {
	it("never claims certainty", () => {
		expect([percent(0.9999), percent(0), percent(0.834)]).toEqual(["99 %", "1 %", "83 %"]);
	});

	it("tells what the answers changed", () => {
		expect(answersWords(5, 12, 4)).toBe("5 answers: 12 photos joined, 4 left.");
		expect(answersWords(1, 0, 0)).toBe("1 answer: no photo changed sides yet.");
	});
});

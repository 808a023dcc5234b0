/** @file What stands over groups of photos. */
import type { GroupLabel } from "../../contract/grouping.ts";

const dayMs = 86_400_000;

/**
 * One title for each label: "Saturday 14 June 2025", "June 2025", "Lisbon, Portugal", "Pictures › Trips",
 * "No place". Towns of one name in one country are told apart by their region.
 */
export function groupTitles(labels: readonly GroupLabel[], locale?: string): string[] {
	const day = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeZone: "UTC" });
	const month = new Intl.DateTimeFormat(locale, {
		month: "long",
		year: "numeric",
		timeZone: "UTC",
	});
	const countries = new Intl.DisplayNames(locale, { type: "region" });
	const titles = labels.map((label) => {
		switch (label.kind) {
			case "day":
				return day.format(label.day * dayMs);
			case "month":
				return month.format(Date.UTC(label.year, label.month - 1));
			case "place":
				return placeTitle(label, null, countries);
			case "folder":
				return label.path.replaceAll("/", " › ");
			case "unknown":
				return "No place";
			default:
				return unknownTitle(label);
		}
	});
	return titles.map((title, at) => {
		const label = labels[at];
		const isShared = titles.indexOf(title) !== at || titles.lastIndexOf(title) !== at;
		if (label?.kind !== "place" || !isShared) return title;
		return placeTitle(label, label.region, countries);
	});
}

function placeTitle(
	{ town, country }: { town: string | null; country: string | null },
	region: string | null,
	countries: Intl.DisplayNames,
): string {
	const inCountry = country === null ? null : countryName(country, countries);
	return [town, region, inCountry].filter((part) => part !== null).join(", ") || "No place";
}

function countryName(code: string, countries: Intl.DisplayNames): string {
	try {
		return countries.of(code) ?? code;
	} catch {
		// Not every code of the gazetteer is one of the standard's.
		return code;
	}
}

/** Of a kind that came after this page was written. */
function unknownTitle(_label: never): string {
	return "Others";
}

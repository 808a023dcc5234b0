/** @file Puts made-up photos into groups, so that headings can be looked at. */
import type { Grouping, GroupLabel, Groups } from "../../../contract/grouping.ts";
import { folderIdSchema, type PhotoId } from "../../../contract/ids.ts";

const dayMs = 86_400_000;

const folders = ["Pictures/2024/Lisbon", "Pictures/Scans from the attic", "Pictures", "Trips"];
const places: readonly GroupLabel[] = [
	{ kind: "place", town: "Lisbon", region: "Lisbon", country: "PT" },
	{ kind: "place", town: "Springfield", region: "Illinois", country: "US" },
	{ kind: "place", town: "Springfield", region: "Missouri", country: "US" },
	{ kind: "unknown" },
];

/** @param photos each with its time, in the order of the list */
export function madeUpGroups(
	photos: readonly (readonly [PhotoId, number])[],
	by: Exclude<Grouping, "none">,
): Groups {
	const labels: GroupLabel[] = [];
	const known = new Map<string, number>();
	const of = photos.map(([id, takenAtMs]) => {
		const label = labelOf(id, takenAtMs, by);
		const key = JSON.stringify(label);
		const at = known.get(key) ?? labels.push(label) - 1;
		known.set(key, at);
		return at;
	});
	return { labels, of };
}

function labelOf(id: PhotoId, takenAtMs: number, by: Exclude<Grouping, "none">): GroupLabel {
	const date = new Date(takenAtMs);
	if (by === "day") return { kind: "day", day: Math.floor(takenAtMs / dayMs) };
	if (by === "month") {
		return { kind: "month", year: date.getUTCFullYear(), month: date.getUTCMonth() + 1 };
	}
	if (by === "folder") {
		const at = id % folders.length;
		return { kind: "folder", folderId: folderIdSchema.parse(1), path: folders[at] ?? "" };
	}
	return places[id % places.length] ?? { kind: "unknown" };
}

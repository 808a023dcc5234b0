/** @file Tags as CSV (RFC 4180): one line for each tag on a photo. */
import { setImmediate } from "node:timers/promises";
import type { PhotoId } from "../../contract/ids.ts";
import type { TagState } from "../../contract/tag.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { PhotoRecord } from "../catalogue/records.ts";

const heading = ["path", "tag", "state", "source", "confidence", "label version", "encoder"];

/** @param among null for every photo. Pieces of whole lines. */
export async function* tagCsv(
	{ tags, photos }: Catalogue,
	whereabouts: (photo: PhotoRecord) => { path: string },
	among: ReadonlySet<PhotoId> | null,
	states: readonly TagState[],
	signal: AbortSignal | undefined,
): AsyncGenerator<string> {
	yield csvLine(heading);
	let after = 0;
	while (true) {
		signal?.throwIfAborted();
		const rows = await tags.exportRows(states, after);
		const last = rows.at(-1);
		if (last === undefined) return;
		after = last.photoId;
		const shown = rows.filter(({ photoId }) => among === null || among.has(photoId));
		const found = await photos.getMany([...new Set(shown.map(({ photoId }) => photoId))]);
		const pathOf = new Map(found.map((photo) => [photo.id, whereabouts(photo).path]));
		const lines = shown.map(({ photoId, path, state, source, confidence, labelVersion, encoder }) =>
			csvLine([
				pathOf.get(photoId) ?? "",
				path,
				state,
				source,
				confidence ?? "",
				labelVersion ?? "",
				encoder ?? "",
			]),
		);
		if (lines.length > 0) yield lines.join("");
		await setImmediate();
	}
}

function csvLine(cells: readonly (string | number)[]): string {
	return `${cells.map((cell) => csvCell(String(cell))).join(",")}\r\n`;
}

function csvCell(text: string): string {
	return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** @file Titles, captions and stars of photos. */
import type { Described } from "../../contract/description.ts";
import { Refusal } from "../../contract/errors.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { PhotoRecord } from "../catalogue/records.ts";
import { cleanLine } from "../xmp/clean-metadata.ts";
import { implementer } from "./implementer.ts";

const longestShown = 40;

export function descriptionHandlers(parts: {
	catalogue: Catalogue;
	/** Of a file in one of the library's folders. */
	whereabouts(place: Pick<PhotoRecord, "folderId" | "relativePath">): { path: string };
	onChanged(): void;
}) {
	const { catalogue } = parts;
	const { description } = implementer;
	return {
		ofPhoto: description.ofPhoto.handler(async ({ input: { id } }) => {
			const photo = await catalogue.photos.get(id);
			if (photo === undefined) throw new Refusal("PHOTO_NOT_FOUND");
			const known = await catalogue.fileMetadata.get(id);
			const { sidecarPath = null } = known ?? {};
			return {
				title: known?.title ?? null,
				caption: known?.caption ?? null,
				rating: known?.rating ?? null,
				label: known?.label ?? null,
				setHere: await catalogue.descriptions.setHere(id),
				inFile: known?.embedded ?? null,
				inSidecar: known?.sidecar ?? null,
				sidecarPath:
					sidecarPath === null
						? null
						: parts.whereabouts({ folderId: photo.folderId, relativePath: sidecarPath }).path,
			};
		}),
		ofPhotos: description.ofPhotos.handler(({ input }) =>
			catalogue.descriptions.ofPhotos(input.ids),
		),
		change: description.change.handler(async ({ input: { ids, ...given } }) => {
			const values: Partial<Described> = {};
			if (given.title !== undefined) values.title = cleanLine(given.title, false);
			if (given.caption !== undefined) values.caption = cleanLine(given.caption, true);
			if (given.rating !== undefined) values.rating = given.rating === 0 ? null : given.rating;
			const title = titleOf(values);
			const { changeId, changed } = await catalogue.descriptions.change(ids, values, title);
			if (changeId !== null) parts.onChanged();
			return { changeId, changed };
		}),
	};
}

/** What a change does, in the words that the list of changes shows. */
function titleOf({ title, caption, rating }: Partial<Described>): string {
	const done: string[] = [];
	if (rating !== undefined) done.push(starsInWords(rating));
	if (title !== undefined) done.push(textInWords("title", title));
	if (caption !== undefined) done.push(textInWords("caption", caption));
	return done.join(", ");
}

function starsInWords(rating: number | null): string {
	if (rating === null) return "Take stars away";
	if (rating === -1) return "Mark as rejected";
	return rating === 1 ? "Give 1 star" : `Give ${rating} stars`;
}

function textInWords(what: string, text: string | null): string {
	if (text === null) return `Take the ${what} away`;
	const characters = Array.from(text.replaceAll("\n", " "));
	const shown = characters.slice(0, longestShown).join("");
	return `Set the ${what} “${shown}${characters.length > longestShown ? "…" : ""}”`;
}

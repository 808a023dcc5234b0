/**
 * @file What a person wrote about photos, taken as searches: captions, keywords and file names. Each is a query with
 * the photos it was written about as its right answers.
 */
import type { WrittenKind } from "../../contract/encoder-change.ts";
import type { PhotoId } from "../../contract/ids.ts";
import type { SourceText } from "../catalogue/word-table.ts";

export interface WrittenQuery {
	kind: WrittenKind;
	text: string;
	/** Photos that were described so. */
	photos: ReadonlySet<PhotoId>;
}

/** Names that cameras, phones and programs give. */
const madeUpName =
	/^(img|image|dsc[fn]?|dcim|pict?|photo|foto|p|pxl|mvi|gopr|gp|dji|scan|screen ?shot|screenshot|whatsapp|signal|telegram|untitled|unnamed|copy|download|received|snapchat|burst|pano|portrait|night|edited?)$/i;

/** Words of a file name that a person seems to have given; null where it says nothing. */
export function nameAsWords(name: string): string | null {
	const words = name
		.replace(/([\p{Ll}])(\p{Lu})/gu, "$1 $2")
		.split(/[^\p{L}\p{M}'’]+/u)
		.filter((word) => word.length > 1);
	const said = words.filter((word) => !madeUpName.test(word));
	const letters = said.join("").length;
	// One short word, or letters like those of a serial number, say nothing of a picture.
	const isSaid = letters >= 4 && said.some((word) => /[aeiouyà-ÿ]/iu.test(word) || !isLatin(word));
	if (!isSaid || words.length > said.length + 1) return null;
	return said.join(" ");
}

function isLatin(word: string): boolean {
	return /^\p{Script=Latin}+$/u.test(word);
}

/**
 * @param texts what is known of each photo.
 * @param sameContent photos that show the same bytes; each is as right as the other.
 */
export function writtenQueries(
	texts: ReadonlyMap<PhotoId, readonly SourceText[]>,
	sameContent: (id: PhotoId) => Iterable<PhotoId>,
): WrittenQuery[] {
	const queries = new Map<string, { kind: WrittenKind; text: string; photos: Set<PhotoId> }>();
	const add = (kind: WrittenKind, text: string, id: PhotoId) => {
		const key = `${kind} ${text.toLowerCase()}`;
		const query = queries.get(key) ?? { kind, text, photos: new Set<PhotoId>() };
		for (const same of sameContent(id)) query.photos.add(same);
		queries.set(key, query);
	};
	for (const [id, sources] of texts) {
		for (const { source, text } of sources) {
			if (source === "caption" && text.trim().length > 3) add("captions", text.trim(), id);
			if (source === "keywords") {
				// A nested keyword is asked for by its own name.
				for (const line of text.split("\n")) {
					const word = line.split("/").at(-1)?.trim() ?? "";
					if (word.length > 1) add("keywords", word, id);
				}
			}
			if (source !== "name") continue;
			const words = nameAsWords(text);
			if (words !== null) add("names", words, id);
		}
	}
	// What was written about half of the photos is no question.
	return [...queries.values()].filter(({ photos }) => photos.size <= Math.max(1, texts.size / 2));
}

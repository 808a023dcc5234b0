/** @file Lines of text laid over the picture they were read in, and the words of a search in them. */
import type { TextLine } from "../../contract/recognition.ts";
import type { Reason } from "../../contract/words.ts";
import { excerptPieces, wordReasons } from "../search/reason-words.ts";
import type { Size } from "./zoom.ts";

/** A line as a box that was turned and slanted. */
export interface TextBox {
	/** In px, before it is turned. */
	width: number;
	height: number;
	/** CSS, for an element at the picture's upper left corner. */
	transform: string;
}

/** A line thinner than this cannot be pointed at. */
const leastPx = 4;

/** @param picture as it is shown, in px. Three of the corners say all: a box stays a parallelogram. */
export function boxOf({ corners }: Pick<TextLine, "corners">, picture: Size): TextBox {
	const [startX = 0, startY = 0, endX = 0, endY = 0, , , belowX = 0, belowY = 0] = corners;
	const along = { x: (endX - startX) * picture.width, y: (endY - startY) * picture.height };
	const down = { x: (belowX - startX) * picture.width, y: (belowY - startY) * picture.height };
	const width = Math.max(leastPx, Math.hypot(along.x, along.y));
	const height = Math.max(leastPx, Math.hypot(down.x, down.y));
	const matrix = [
		along.x / width,
		along.y / width,
		down.x / height,
		down.y / height,
		startX * picture.width,
		startY * picture.height,
	].map((value) => Math.round(value * 1000) / 1000);
	return { width, height, transform: `matrix(${matrix.join(", ")})` };
}

/** The words by which the text in a picture brought it, each once and folded. */
export function wordsFound(why: readonly Reason[]): ReadonlySet<string> {
	return new Set(
		wordReasons(why)
			.filter(({ source }) => source === "recognised")
			.flatMap((reason) => excerptPieces(reason))
			.filter(({ marked }) => marked)
			.flatMap(({ text }) => text.match(wordPattern) ?? [])
			.map(folded),
	);
}

/** A line in stretches, in order: the words that were found, and what stands between. */
export function markedPieces(
	text: string,
	found: ReadonlySet<string>,
): { text: string; marked: boolean }[] {
	if (found.size === 0) return [{ text, marked: false }];
	return text
		.split(/([\p{L}\p{N}\p{M}]+)/u)
		.filter((piece) => piece !== "")
		.map((piece) => ({ text: piece, marked: found.has(folded(piece)) }));
}

const wordPattern = /[\p{L}\p{N}\p{M}]+/gu;

/** Without case and accents, as words are searched for. */
function folded(word: string): string {
	return word
		.normalize("NFKD")
		.replace(/\p{M}+/gu, "")
		.toLowerCase();
}

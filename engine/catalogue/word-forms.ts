/**
 * @file Text cut into words as full-text search compares them.
 *
 * [Note: Words as they are compared] The same cutting serves what is written about photos and what is
 * asked, so that both always meet; the database's own tokenizer only splits at the spaces between. Small
 * letters without accents; words end where letters, digits and capitals meet ("beachDay2" is beach, day,
 * 2); scripts written without spaces are cut into single characters, which a phrase then holds together.
 */

/** Letters that are no base letter with an accent, as people without them type them. */
const spelledOut: Readonly<Record<string, string>> = {
	ß: "ss",
	æ: "ae",
	œ: "oe",
	ø: "o",
	đ: "d",
	ð: "d",
	þ: "th",
	ł: "l",
	ı: "i",
};

const accented = /([\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])\p{Mn}+/gu;
const unspaced =
	/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const wordPattern = /[\p{L}\p{N}\p{M}]+/gu;
/** Where one word of "beachDay2" and "HTMLFile" ends and the next begins. */
const seam =
	/(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})|(?<=\p{L})(?=\p{N})|(?<=\p{N})(?=\p{L})/u;

/** Longer runs without a space are no words anybody looks for. */
const longestWord = 64;

/** Small letters, no accents, composed characters. */
export function foldWord(word: string): string {
	if (/^[a-z0-9]*$/.test(word)) return word;
	return (
		word
			.normalize("NFKD")
			.toLowerCase()
			.replace(accented, "$1")
			.replace(/[ßæœøđðþłı]/gu, (letter) => spelledOut[letter] ?? letter)
			// Some characters fall apart into others and a sign between, such as fractions.
			.replace(/[^\p{L}\p{N}\p{M}]+/gu, "")
			.normalize("NFC")
	);
}

/** UTF-16 offsets into a text: `start` included, `end` not. */
export interface Stretch {
	start: number;
	end: number;
}

/** A stretch of text that is one word to the reader. */
export interface WordInText extends Stretch {
	/** What it is compared by, at least one; several where it was cut at a seam or into characters. */
	pieces: string[];
	/** Where each piece stands. */
	stretches: Stretch[];
	/** The whole of it as one, where it was cut at a seam; null otherwise. */
	whole: string | null;
}

/** The words of a text, in order. Never throws. */
export function wordsIn(text: string): WordInText[] {
	const words: WordInText[] = [];
	for (const match of text.matchAll(wordPattern)) {
		const [written] = match;
		const isCutUp = unspaced.test(written);
		if (written.length > longestWord && !isCutUp) continue;
		const pieces: string[] = [];
		const stretches: Stretch[] = [];
		for (const { index, piece } of isCutUp ? characters(written) : parts(written)) {
			const folded = foldWord(piece);
			if (!/[\p{L}\p{N}]/u.test(folded)) continue;
			pieces.push(folded);
			const start = match.index + index;
			stretches.push({ start, end: start + piece.length });
		}
		if (pieces.length === 0) continue;
		words.push({
			start: match.index,
			end: match.index + written.length,
			pieces,
			stretches,
			whole: pieces.length > 1 && !isCutUp ? foldWord(written) : null,
		});
	}
	return words;
}

interface Cut {
	index: number;
	piece: string;
}

function* parts(written: string): Generator<Cut> {
	let index = 0;
	for (const piece of written.split(seam)) {
		yield { index, piece };
		index += piece.length;
	}
}

/** Other scripts inside stay words: "iPhone写真". */
function* characters(written: string): Generator<Cut> {
	for (const { index, 0: piece } of written.matchAll(/[a-z\d]+|[\p{L}\p{N}]\p{M}*/giu)) {
		yield { index, piece };
	}
}

/** A text as a phrase that may be written in other ways too: as one word where it was cut at a seam. */
export function phrasesOf(text: string): string[][] {
	const words = wordsIn(text);
	const [only] = words;
	const pieces = words.flatMap((word) => word.pieces);
	if (pieces.length === 0) return [];
	const whole = words.length === 1 ? (only?.whole ?? null) : null;
	return whole === null ? [pieces] : [pieces, [whole]];
}

/** What the database keeps of a text: its words with spaces between, and cut ones once more as wholes. */
export function indexedForm(text: string): string {
	const words = wordsIn(text);
	const wholes = words.flatMap(({ whole }) => whole ?? []);
	return [...words.flatMap(({ pieces }) => pieces), ...wholes].join(" ");
}

/** Whether text in this script is cut into characters. */
export function isUnspaced(text: string): boolean {
	return unspaced.test(text);
}

/**
 * Spellings under which an English word is written too: its singular and its plural. A word that is
 * none only gets spellings that nobody wrote.
 */
export function numberForms(word: string): string[] {
	const forms = new Set([word]);
	if (/^[a-z]{3,}$/.test(word)) {
		if (/[^aeiou]ies$/.test(word)) forms.add(`${word.slice(0, -3)}y`);
		if (/(?:[sxz]|ch|sh)es$/.test(word)) forms.add(word.slice(0, -2));
		if (/[^su]s$/.test(word)) forms.add(word.slice(0, -1));
		if (/[^aeiou]y$/.test(word)) forms.add(`${word.slice(0, -1)}ies`);
		else if (/(?:[sxz]|ch|sh)$/.test(word)) forms.add(`${word}es`);
		else if (!word.endsWith("s")) forms.add(`${word}s`);
		for (const [one, many] of irregular) {
			if (word === one) forms.add(many);
			if (word === many) forms.add(one);
		}
	}
	return [...forms];
}

const irregular: readonly (readonly [string, string])[] = [
	["child", "children"],
	["man", "men"],
	["woman", "women"],
	["person", "people"],
	["foot", "feet"],
	["goose", "geese"],
	["mouse", "mice"],
	["leaf", "leaves"],
	["wolf", "wolves"],
	["knife", "knives"],
	["shelf", "shelves"],
];

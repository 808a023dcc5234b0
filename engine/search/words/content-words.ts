/** @file The words of a query that say something, each with the ways it may be written. */
import { isUnspaced, numberForms, wordsIn } from "../../catalogue/word-forms.ts";
import type { Phrase } from "../../catalogue/word-table.ts";

export interface ContentWord {
	/** As it was typed. */
	written: string;
	/** Any of these is the word. */
	phrases: Phrase[];
}

/** More words than a sentence has; the rest of a pasted text is left to the encoder. */
const mostWords = 16;

/** English words that bind, count or point, and what every picture is. */
const smallWords: ReadonlySet<string> = new Set(
	`a an the this that these those some any each every other another and or but nor so if than then as
	at by for from in into of off on onto out over to up with without within near next behind between
	under above below across along around through during before after since until while about against
	beside is are was were be been being am do does did has have had having it its he she they them his
	her hers their theirs him we us our you your i me my mine who whom whose which what where when how
	why there here not no very too also just only both all many few several lot lots more most one two
	three four five six seven eight nine ten something someone anything thing things photo photos
	photograph photographs picture pictures pic pics image images snapshot img dsc dscf dscn pxl mvimg
	jpg jpeg png foto fotos bild bilder imagen imagenes imagem фото фотография 写真 画像 照片 图片 사진 showing shows taken looking like s t`.split(
		/\s+/u,
	),
);

/** Whether a folded word says nothing by itself. */
export function isSmallWord(word: string): boolean {
	return smallWords.has(word);
}

const segmenter = new Intl.Segmenter(undefined, { granularity: "word" });

/**
 * Words that say something, each once; all of them where none does. Never throws.
 * @param text in any script; sentences of scripts without spaces are cut by a dictionary.
 */
export function contentWords(text: string): ContentWord[] {
	const all = new Map<string, ContentWord>();
	for (const word of wordsIn(text)) {
		const written = text.slice(word.start, word.end);
		for (const one of isUnspaced(written) ? unspacedWords(written) : [asWord(written)]) {
			const key = JSON.stringify(one.phrases);
			if (one.phrases.length > 0 && !all.has(key)) all.set(key, one);
		}
	}
	const telling = [...all.values()].filter(says);
	return (telling.length > 0 ? telling : [...all.values()]).slice(0, mostWords);
}

function says({ phrases: [first] }: ContentWord): boolean {
	const word = first?.join("") ?? "";
	// A day or a counter in a file's name is no "2 dogs".
	return !smallWords.has(word) && !/^\d{1,2}$/.test(word);
}

function asWord(written: string): ContentWord {
	const [word] = wordsIn(written);
	if (word === undefined) return { written, phrases: [] };
	const { pieces, whole } = word;
	const [only] = pieces;
	if (whole === null && only !== undefined && pieces.length === 1) {
		return { written, phrases: numberForms(only).map((form) => [form]) };
	}
	// "img2034" was cut; it may be written as one word elsewhere, and apart in "IMG_2034".
	return {
		written,
		phrases: [pieces, ...numberForms(whole ?? pieces.join("")).map((one) => [one])],
	};
}

function unspacedWords(written: string): ContentWord[] {
	const words: ContentWord[] = [];
	for (const { segment, isWordLike } of segmenter.segment(written)) {
		if (isWordLike !== true || /^\p{Script=Hiragana}{1,2}$/u.test(segment)) continue;
		const pieces = wordsIn(segment).flatMap((word) => word.pieces);
		if (pieces.length > 0) words.push({ written: segment, phrases: [pieces] });
	}
	return words;
}

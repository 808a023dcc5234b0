/** @file Which words of which text speak for a photo, for showing. */
import type { Reason, WordSource } from "../../../contract/words.ts";
import { type Stretch, wordsIn } from "../../catalogue/word-forms.ts";
import type { Phrase, SourceText } from "../../catalogue/word-table.ts";

type WordReason = Extract<Reason, { kind: "words" }>;

/** An excerpt is about so long; whole words around the first match. */
const excerptCharacters = 90;
const charactersBefore = 30;
/** More texts than this are not looked at for one photo. */
const mostCharacters = 20_000;

/** What describes a photo before what goes with it by chance. */
const order: readonly WordSource[] = [
	"title",
	"caption",
	"tags",
	"keywords",
	"recognised",
	"name",
	"folder",
	"place",
];

/** One reason for each text that has any of the phrases, those that tell most first. */
export function wordReasons(
	texts: readonly SourceText[],
	phrases: readonly Phrase[],
): WordReason[] {
	const reasons: WordReason[] = [];
	for (const { source, text } of texts) {
		// Of tags and keywords only those that match are worth showing.
		const lines = source === "tags" || source === "keywords" ? text.split("\n") : [text];
		const told: { text: string; marks: Stretch[] }[] = [];
		for (const line of lines) {
			const whole = line.slice(0, mostCharacters).replace(/\s/gu, " ");
			const marks = placesOf(phrases, whole);
			if (marks.length > 0) told.push({ text: whole, marks });
		}
		if (told.length > 0) reasons.push({ kind: "words", source, ...excerptOf(joined(told)) });
	}
	return reasons.sort((a, b) => order.indexOf(a.source) - order.indexOf(b.source));
}

/** Where any of the phrases stands in the text, in order and without overlaps. */
export function placesOf(phrases: readonly Phrase[], text: string): Stretch[] {
	const pieces: { piece: string; stretch: Stretch }[] = [];
	const wholes: { piece: string; stretch: Stretch }[] = [];
	for (const { pieces: cut, stretches, whole, start, end } of wordsIn(text)) {
		for (const [at, piece] of cut.entries()) {
			pieces.push({ piece, stretch: stretches[at] ?? { start, end } });
		}
		if (whole !== null) wholes.push({ piece: whole, stretch: { start, end } });
	}
	const found: Stretch[] = [];
	for (const phrase of phrases) {
		if (phrase.length === 0) continue;
		for (const { piece, stretch } of wholes) {
			if (phrase.length === 1 && phrase[0] === piece) found.push(stretch);
		}
		for (let at = 0; at + phrase.length <= pieces.length; at += 1) {
			if (!phrase.every((piece, offset) => pieces[at + offset]?.piece === piece)) continue;
			const start = pieces[at]?.stretch.start ?? 0;
			const end = pieces[at + phrase.length - 1]?.stretch.end ?? 0;
			found.push({ start, end });
		}
	}
	found.sort((a, b) => a.start - b.start || b.end - a.end);
	const apart: Stretch[] = [];
	for (const one of found) if (one.start >= (apart.at(-1)?.end ?? 0)) apart.push(one);
	return apart;
}

function joined(told: readonly { text: string; marks: Stretch[] }[]) {
	let text = "";
	const marks: Stretch[] = [];
	for (const one of told) {
		if (text !== "") text += ", ";
		const shift = text.length;
		marks.push(...one.marks.map(({ start, end }) => ({ start: start + shift, end: end + shift })));
		text += one.text;
	}
	return { text, marks };
}

function excerptOf({ text, marks }: { text: string; marks: Stretch[] }) {
	if (text.length <= excerptCharacters) return { excerpt: text, marks };
	const first = marks[0]?.start ?? 0;
	const from = wordStart(text, Math.max(0, first - charactersBefore), first);
	const until = Math.max(wordEnd(text, from + excerptCharacters), marks[0]?.end ?? 0);
	const before = from > 0 ? "…" : "";
	const after = until < text.length ? "…" : "";
	const shift = before.length - from;
	return {
		excerpt: before + text.slice(from, until) + after,
		marks: marks
			.filter(({ end }) => end <= until)
			.map(({ start, end }) => ({ start: start + shift, end: end + shift })),
	};
}

/** The first start of a word in between; else `latest`. */
function wordStart(text: string, from: number, latest: number): number {
	if (from === 0) return 0;
	const space = text.indexOf(" ", from);
	return space === -1 || space >= latest ? latest : space + 1;
}

function wordEnd(text: string, at: number): number {
	if (at >= text.length) return text.length;
	const space = text.lastIndexOf(" ", at);
	return space > at - charactersBefore ? space : at;
}

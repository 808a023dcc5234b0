/** @file Libraries with queries whose photos are in them and queries whose photos are not. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DualEncoder } from "../engine/encoder/dual-encoder.ts";
import { cosineSimilarity } from "./embed-photos.ts";
import type { CaptionedSet, LabelledSet } from "./photo-set.ts";

/** One library and what is asked of it. */
export interface Trial {
	photos: Float32Array[];
	queries: { vector: Float32Array; present: boolean; kind: string }[];
}

/** A caption this similar to one of a photo in the library describes what is in the library. */
const sameThing = 0.5;
/** So are classes whose names are this similar. */
const sameClass = 0.45;
const librarySizes = [40, 100, 200];
/** As many of every kind of query from libraries of every size, so that the size tells nothing. */
const mostQueries = 80;

/**
 * Libraries of 40, 100, 200 photos and half the folder. Absent are captions of photos left out of
 * it: all of them, which is hard since much the same may be in the library, and apart from these
 * those unlike every caption in the library; and things that no caption of the folder names.
 */
export async function captionTrials(
	set: CaptionedSet,
	vectors: readonly Float32Array[],
	encoder: DualEncoder,
): Promise<Trial[]> {
	const texts = await embed(
		set.photos.flatMap(({ captions }) => captions.slice(0, 2)),
		encoder,
	);
	const captions = set.photos.map((photo) =>
		photo.captions.slice(0, 2).flatMap((caption) => texts.get(caption) ?? []),
	);
	const others = [...(await embed(thingsNamedNowhere(set), encoder)).values()];
	const order = [...vectors.keys()].sort((one, other) => shuffled(one) - shuffled(other));
	const half = Math.floor(order.length / 2);
	return [...librarySizes.filter((size) => size < half), half].map((size) => {
		const inside = order.slice(0, size);
		const captionsOf = (photos: readonly number[]) => photos.flatMap((at) => captions[at] ?? []);
		const known = captionsOf(inside);
		const leftOut = captionsOf(order.slice(half));
		const unlike = leftOut.filter((caption) =>
			known.every((other) => cosineSimilarity(caption, other) < sameThing),
		);
		const absent = (kind: string) => (vector: Float32Array) => ({ vector, present: false, kind });
		return {
			photos: inside.flatMap((at) => vectors[at] ?? []),
			queries: [
				...known
					.slice(0, mostQueries)
					.map((vector) => ({ vector, present: true, kind: "caption" })),
				...leftOut.slice(0, mostQueries).map(absent("any other photo's caption")),
				...unlike.slice(0, mostQueries).map(absent("captions unlike the library's")),
				...others.map(absent("things no caption names")),
			],
		};
	});
}

/** Every class asked of the folder with its photos, and without them and classes much like it. */
export async function labelTrials(
	set: LabelledSet,
	vectors: readonly Float32Array[],
	encoder: DualEncoder,
): Promise<Trial[]> {
	const texts = await embed(set.labels, encoder);
	return [...texts].flatMap(([label, vector]) => {
		const alike = new Set(
			[...texts]
				.filter(
					([name, other]) => cosineSimilarity(vector, other) >= sameClass || shareWord(label, name),
				)
				.map(([name]) => name),
		);
		const without = vectors.filter((_, at) => !alike.has(set.photos[at]?.label ?? ""));
		// As many photos in both, so that the size tells nothing.
		const own = vectors.filter((_, at) => set.photos[at]?.label === label);
		const withOwn = [...without.slice(own.length), ...own];
		return [
			{ photos: withOwn, queries: [{ vector, present: true, kind: "class" }] },
			{ photos: without, queries: [{ vector, present: false, kind: "class left out" }] },
		];
	});
}

async function embed(
	phrases: readonly string[],
	encoder: DualEncoder,
): Promise<Map<string, Float32Array>> {
	const texts = await encoder.embedTexts(phrases);
	return new Map(
		phrases.flatMap((phrase, at) => {
			const vector = texts[at]?.vector;
			return vector === undefined ? [] : [[phrase, vector] as const];
		}),
	);
}

function thingsNamedNowhere(set: CaptionedSet): string[] {
	const named = new Set(set.photos.flatMap(({ captions }) => captions.flatMap(wordsOf)));
	const things = readFileSync(join(import.meta.dirname, "absent-things.txt"), "utf8");
	return (
		things
			.trim()
			.split("\n")
			// The last word of the first phrase is what it is about: "a windmill among tulips".
			.filter((thing) => !named.has(subjectOf(thing)))
	);
}

function subjectOf(phrase: string): string {
	const [subject = ""] = phrase.split(
		/ (?:of|with|in|on|under|over|from|among|beside|covered|erupting)\b/,
	);
	return wordsOf(subject).at(-1) ?? "";
}

function shareWord(one: string, other: string): boolean {
	const words = new Set(wordsOf(one));
	return wordsOf(other).some((word) => words.has(word));
}

/** Lower case, without the plural's s. */
function wordsOf(text: string): string[] {
	return (text.toLowerCase().match(/\p{Letter}+/gu) ?? []).map((word) => word.replace(/s$/, ""));
}

/** The same mixed order at every run (Knuth's multiplicative hash). */
function shuffled(position: number): number {
	return Math.imul(position + 1, 0x9e3779b1) >>> 0;
}

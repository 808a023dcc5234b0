/**
 * @file Honest answers to words and a picture: of a library with photos of a thing, and of the same
 * library without them, is the one told from the other as well as with words alone?
 */
import { defaultStrictness } from "../contract/search.ts";
import type { DualEncoder } from "../engine/encoder/dual-encoder.ts";
import type { NeutralPrompts } from "../engine/search/calibration/neutral-prompts.ts";
import { ComposedLibrary } from "./composed-library.ts";
import type { Subject } from "./composition.ts";

/** Libraries without everything are made anew for each: this many things are asked for. */
const askedMost = 40;

interface Answer {
	present: number[];
	absent: number[];
}

/** The example is a photo of the thing that is itself in neither library. */
export async function measureComposedAnswers(
	subjects: readonly Subject[],
	vectors: readonly Float32Array[],
	encoder: DualEncoder,
	prompts: NeutralPrompts,
) {
	const answers: Record<"words" | "picture" | "both", Answer> = {
		words: { present: [], absent: [] },
		picture: { present: [], absent: [] },
		both: { present: [], absent: [] },
	};
	const step = Math.max(1, subjects.length / askedMost);
	for (let at = 0; at < subjects.length; at += step) {
		const subject = subjects[Math.floor(at)];
		const [example] = subject?.photos ?? [];
		const picture = example === undefined ? undefined : vectors[example];
		if (subject === undefined || picture === undefined) continue;
		const others = vectors.filter((_, photo) => !subject.shows[photo]);
		const right = subject.photos.slice(1).flatMap((photo) => vectors[photo] ?? []);
		for (const [kind, photos] of [
			["present", [...others, ...right]],
			["absent", others],
		] as const) {
			const library = new ComposedLibrary(photos, encoder, prompts);
			const sure = async (asked: { words: Float32Array | null; picture?: Float32Array }) =>
				(await library.ask(asked)).confidence;
			const { words } = subject;
			answers.words[kind].push(await sure({ words }));
			answers.picture[kind].push(await sure({ words: null, picture }));
			answers.both[kind].push(await sure({ words, picture }));
		}
	}
	return {
		strictness: defaultStrictness,
		words: figuresOf(answers.words),
		picture: figuresOf(answers.picture),
		both: figuresOf(answers.both),
	};
}

function figuresOf({ present, absent }: Answer) {
	const kept = present.filter((confidence) => confidence >= defaultStrictness).length;
	const refused = absent.filter((confidence) => confidence < defaultStrictness).length;
	let above = 0;
	for (const one of present) {
		for (const other of absent) above += one > other ? 1 : one === other ? 0.5 : 0;
	}
	return {
		queries: present.length,
		auc: above / (present.length * absent.length),
		presentKept: kept / present.length,
		absentRefused: refused / absent.length,
	};
}

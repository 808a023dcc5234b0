/** @file Changing the encoder where there is none: it begins, can be held, and never comes to an end. */
import type { implement } from "@orpc/server";
import type { contract } from "../../../contract/contract.ts";
import type {
	EncoderChange,
	EncoderUse,
	EvaluationEvent,
	ShownPhoto,
	TrialEvent,
	WrittenRecall,
} from "../../../contract/encoder-change.ts";
import { photoIdSchema } from "../../../contract/ids.ts";
import { modelIdSchema } from "../../../contract/model-package.ts";

const starter = modelIdSchema.parse("starter");

const embedding: EncoderChange = {
	model: modelIdSchema.parse("two"),
	title: "Model two",
	phase: "embedding",
	done: 1240,
	photos: 2000,
	unreadable: 0,
	photosPerSecond: 12.4,
	secondsLeft: 62,
	problem: null,
};

const shown = (first: number): ShownPhoto[] =>
	Array.from({ length: 12 }, (_, at) => ({
		id: photoIdSchema.parse(first + at * 3),
		version: 1,
		aspectPermille: 1500,
	}));

const recalls = (better: number): WrittenRecall[] =>
	(["captions", "keywords", "names"] as const).map((kind, at) => ({
		kind,
		queries: [312, 87, 20][at] ?? 0,
		recallAt1: 0.31 + better,
		recallAt5: 0.58 + better,
		recallAt10: 0.69 + better,
		rangeAt1: { from: 0.26 + better, to: 0.36 + better },
		rangeAt5: { from: 0.53 + better, to: 0.63 + better },
		rangeAt10: { from: 0.64 + better, to: 0.74 + better },
		chanceAt1: 0.001,
		chanceAt5: 0.005,
		chanceAt10: 0.01,
	}));

export function encoderChangeAnswers({
	encoderChange,
}: ReturnType<typeof implement<typeof contract>>) {
	let use: EncoderUse = {
		model: starter,
		title: "Made-up encoder",
		problem: null,
		missing: 0,
		change: null,
		closer: null,
		kept: [
			{
				key: "older-1-0123456789",
				model: modelIdSchema.parse("older"),
				title: "Older model",
				photos: 1800,
				sizeBytes: 1_382_400,
			},
		],
	};
	const now = (change: Partial<EncoderUse>) => {
		use = { ...use, ...change };
		return use;
	};
	return {
		status: encoderChange.status.handler(() => use),
		start: encoderChange.start.handler(() => now({ change: embedding })),
		pause: encoderChange.pause.handler(() =>
			now({ change: { ...embedding, phase: "paused", photosPerSecond: null, secondsLeft: null } }),
		),
		resume: encoderChange.resume.handler(() => now({ change: embedding })),
		cancel: encoderChange.cancel.handler(() => now({ change: null })),
		discard: encoderChange.discard.handler(() => now({ kept: [] })),
		try: encoderChange.try.handler(async function* ({ input }): AsyncGenerator<TrialEvent> {
			yield { phase: "embedding", done: 20, photos: 200, secondsLeft: 12 };
			yield {
				phase: "done",
				photos: 200,
				searchable: 2000,
				photosPerSecond: 12.4,
				queries: input.queries.map((query, at) => ({
					query,
					present: shown(at + 1),
					candidate: shown(at + 4),
				})),
			};
		}),
		evaluate: encoderChange.evaluate.handler(async function* (): AsyncGenerator<EvaluationEvent> {
			yield { phase: "embedding", title: "Model two", done: 20, photos: 1000, secondsLeft: 80 };
			yield {
				phase: "done",
				photos: 1000,
				searchable: 2000,
				encoders: [
					{
						model: starter,
						title: "Made-up encoder",
						inUse: true,
						recalls: recalls(0),
						problem: null,
					},
					{
						model: modelIdSchema.parse("two"),
						title: "Model two",
						inUse: false,
						recalls: recalls(0.11),
						problem: null,
					},
				],
			};
		}),
	};
}

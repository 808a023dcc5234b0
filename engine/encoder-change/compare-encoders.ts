/** @file Comparing encoders: trying one, measuring all. Each is lent, and closed where it was opened for this. */
import type { EvaluationEvent, TrialEvent } from "../../contract/encoder-change.ts";
import type { ModelId } from "../../contract/model-package.ts";
import type { DualEncoder } from "../encoder/dual-encoder.ts";
import { encoderKey } from "../encoder/encoder-key.ts";
import { verifyModelPackage } from "../encoder/model-package.ts";
import type { EncoderChoice } from "./encoder-choice.ts";
import type { EncoderPackages } from "./encoder-packages.ts";
import { type EncoderTrialParts, tryEncoder } from "./encoder-trial.ts";
import { evaluateEncoders } from "./evaluation.ts";
import type { ChosenEncoder } from "./search-side.ts";

export interface CompareEncodersParts extends EncoderTrialParts {
	packages: EncoderPackages;
	choice: EncoderChoice;
	openEncoder(chosen: ChosenEncoder): DualEncoder;
	/** Photos were embedded beside. */
	onEmbedded(): Promise<void>;
}

export class CompareEncoders {
	readonly #parts: CompareEncodersParts;
	readonly #closing = new AbortController();
	readonly #running = new Set<Promise<void>>();

	constructor(parts: CompareEncodersParts) {
		this.#parts = parts;
	}

	/** @throws Refusal MODEL_NOT_FOUND, MODEL_UNAVAILABLE, INVALID_QUERY. */
	async *try(
		model: ModelId,
		options: { queries: readonly string[]; photos: number },
		signal: AbortSignal | undefined,
	): AsyncGenerator<TrialEvent> {
		const chosen = await this.#parts.packages.find(model);
		const until = this.#until(signal);
		yield* this.#lend(chosen, (encoder) => tryEncoder(this.#parts, encoder, options, until));
	}

	/** @throws Refusal MODEL_NOT_FOUND. */
	async *evaluate(
		models: readonly ModelId[] | undefined,
		photos: number,
		signal: AbortSignal | undefined,
	): AsyncGenerator<EvaluationEvent> {
		const { packages, sides } = this.#parts;
		const candidates: ChosenEncoder[] = [];
		for (const model of models ?? []) candidates.push(await packages.find(model));
		const parts = {
			...this.#parts,
			withEncoder: <Event>(
				chosen: ChosenEncoder,
				work: (encoder: DualEncoder) => AsyncGenerator<Event>,
			) => this.#lend(chosen, work),
			isInUse: ({ model }: ChosenEncoder) => model === sides.now.chosen.model,
		};
		const chosen = models === undefined ? await packages.usable() : candidates;
		yield* evaluateEncoders(parts, chosen, photos, this.#until(signal));
	}

	/** Ends what is under way. */
	async close(): Promise<void> {
		this.#closing.abort();
		await Promise.all(this.#running);
	}

	#until(signal: AbortSignal | undefined): AbortSignal {
		return signal === undefined
			? this.#closing.signal
			: AbortSignal.any([signal, this.#closing.signal]);
	}

	/** The one that searches is there already; another is opened and closed again. */
	async *#lend<Event>(
		chosen: ChosenEncoder,
		work: (encoder: DualEncoder) => AsyncGenerator<Event>,
	): AsyncGenerator<Event> {
		const { sides, choice, openEncoder, onEmbedded } = this.#parts;
		const ended = Promise.withResolvers<void>();
		this.#running.add(ended.promise);
		try {
			if (sides.now.encoder.key === encoderKey(chosen.package.manifest)) {
				yield* sides.follow(({ encoder }) => work(encoder));
				return;
			}
			await verifyModelPackage(chosen.package);
			const { title } = chosen.package.manifest;
			await choice.remember(encoderKey(chosen.package.manifest), { model: chosen.model, title });
			const encoder = openEncoder(chosen);
			try {
				yield* work(encoder);
			} finally {
				await encoder.close();
				await onEmbedded();
			}
		} finally {
			this.#running.delete(ended.promise);
			ended.resolve();
		}
	}
}

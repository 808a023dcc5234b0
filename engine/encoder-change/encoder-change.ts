/**
 * @file Changes the encoder of a library without search ever going away: the coming side is filled in the
 * background, newest photos first, and takes over in one step once it has every photo. See [Note: Two sides]
 * and [Note: The step].
 */
import type { Progress } from "../../contract/activity.ts";
import type { EncoderUse } from "../../contract/encoder-change.ts";
import type { PhotoId } from "../../contract/ids.ts";
import type { ModelId } from "../../contract/model-package.ts";
import { encoderKey } from "../encoder/encoder-key.ts";
import type { Indexer } from "../indexer/indexer.ts";
import { bundledModel, closerModel } from "../models/bundled-models.ts";
import { BackgroundWork } from "./background-work.ts";
import { checkEncoder } from "./check-encoder.ts";
import { ComingEncoder, type ComingEncoderParts, type ComingSide } from "./coming-encoder.ts";
import type { CurrentSide } from "./current-side.ts";
import { EmbeddingFiller } from "./embedding-filler.ts";
import { KeptEncoders, type KeptEncodersParts } from "./kept-encoders.ts";
import type { SearchSide } from "./search-side.ts";
import { fillAndTakeOver } from "./take-over.ts";
import { type Others, Turns } from "./turns.ts";

export interface EncoderChangeParts extends ComingEncoderParts, KeptEncodersParts, Others {
	sides: CurrentSide<SearchSide>;
	indexer: Pick<Indexer, "whileAtRest" | "use">;
	resourcesPath: string;
	/** Why the present side is not the chosen one; null when it is. */
	problem: string | null;
	/** Another encoder searches from now on. */
	onChanged(): void;
	/** What `status` says has changed. */
	onStatus(): void;
	/** How far it is has changed. */
	onProgress(): void;
}

/** A condition of the whole computer is tried again after this. */
const troubleRetryMs = 60_000;

export class EncoderChange {
	readonly #parts: EncoderChangeParts;
	readonly #closing = new AbortController();
	readonly #turns: Turns;
	readonly #kept: KeptEncoders;
	readonly #work = new BackgroundWork(() => this.#advance());
	#problem: string | null;
	#coming: ComingEncoder | null = null;
	/** Embeds what the present encoder has missed. */
	#present: EmbeddingFiller;
	/** Former sides that still have questions. */
	#leaving: Promise<void> = Promise.resolve();

	private constructor(parts: EncoderChangeParts) {
		this.#parts = parts;
		this.#problem = parts.problem;
		this.#present = new EmbeddingFiller(parts, parts.sides.now.encoder);
		this.#turns = new Turns(parts, parts.onProgress);
		this.#kept = new KeptEncoders(parts);
	}

	/** Takes up a change that was under way when the library was closed; `begin` goes on with it. */
	static async open(parts: EncoderChangeParts): Promise<EncoderChange> {
		const change = new EncoderChange(parts);
		const { chosen, encoder } = parts.sides.now;
		const { title } = encoder.manifest;
		await parts.choice.remember(encoder.key, { model: chosen.model, title });
		const coming = await parts.choice.coming();
		if (coming !== null) {
			change.#coming = new ComingEncoder(parts, coming);
			await change.#coming.count();
		}
		return change;
	}

	/** Works from now on whenever there is something to do. */
	begin(): void {
		this.#work.begin();
	}

	/** Drives came back: photos that could not be read may be there now. */
	retryUnreadable(): void {
		this.#present.retryUnreadable();
		this.#coming?.retryUnreadable();
		this.#work.wake();
	}

	async status(): Promise<EncoderUse> {
		const { catalogue, sides } = this.#parts;
		const { chosen, encoder } = sides.now;
		return {
			model: chosen.model,
			title: encoder.manifest.title,
			problem: this.#problem,
			missing: await catalogue.embeddings.countMissing(encoder.key),
			change: await this.#describeComing(),
			closer: chosen.model === bundledModel && this.#coming === null ? closerModel : null,
			kept: await this.#kept.list(await this.#busyKeys()),
		};
	}

	/** What a progress line says of it; from memory, so that it costs nothing. */
	progress(photos: number): Progress["encoder"] {
		const coming = this.#coming;
		if (coming === null) return null;
		const { title, missing } = coming;
		const running = coming.phaseBeside(this.#parts) === "embedding";
		return {
			title,
			photos,
			done: Math.max(0, photos - missing),
			running,
			secondsLeft: running ? coming.secondsLeft : null,
		};
	}

	/** True for a package that searches or is about to: it cannot be removed. */
	uses(model: ModelId): boolean {
		return this.#parts.sides.now.chosen.model === model || this.#coming?.model === model;
	}

	/** @throws Refusal MODEL_NOT_FOUND, MODEL_UNAVAILABLE, MODEL_DAMAGED: then everything stays as it is. */
	async start(model: ModelId): Promise<EncoderUse> {
		const { packages, choice, sides } = this.#parts;
		if (model === sides.now.chosen.model) {
			if (this.#problem !== null) await choice.change(model, sides.now.encoder.manifest.title);
			this.#problem = null;
			return this.cancel();
		}
		const chosen = await packages.find(model);
		const { manifest } = chosen.package;
		const { title } = manifest;
		if (this.#coming?.model === model) return this.resume();
		await checkEncoder(chosen, this.#parts.resourcesPath);
		await this.#end();
		await choice.remember(encoderKey(manifest), { model, title });
		await choice.setComing({ model, title, paused: false });
		const coming = new ComingEncoder(this.#parts, { model, title, paused: false });
		this.#coming = coming;
		await coming.count();
		this.begin();
		this.#told();
		return this.status();
	}

	async pause(): Promise<EncoderUse> {
		await this.#setPaused(true);
		return this.status();
	}

	async resume(): Promise<EncoderUse> {
		await this.#setPaused(false);
		this.begin();
		return this.status();
	}

	/** What it has embedded stays. */
	async cancel(): Promise<EncoderUse> {
		await this.#end();
		await this.#parts.choice.setComing(null);
		this.#told();
		return this.status();
	}

	/** @throws Refusal MODEL_BUSY for an encoder that searches or is about to, MODEL_NOT_FOUND. */
	async discard(key: string): Promise<EncoderUse> {
		await this.#leaving;
		await this.#kept.discard(key, await this.#busyKeys());
		this.#told();
		return this.status();
	}

	/** Photos were embedded elsewhere, by this or another encoder. */
	async recount(): Promise<void> {
		await this.#coming?.count();
		this.#told();
	}

	/** Photos were read anew by the present encoder: what the coming one knows of them may be gone. */
	noteStored(ids: readonly PhotoId[]): void {
		this.#coming?.noteStored(ids);
	}

	/** Photos are gone or cannot be read any more. */
	noteRemoved(ids: Iterable<PhotoId>): void {
		this.#coming?.noteRemoved(ids);
	}

	/** Ends what is under way; the next start goes on with it. */
	async close(): Promise<void> {
		this.#closing.abort();
		this.#work.close();
		this.#coming?.stop.abort();
		await this.#work.rest();
		await this.#coming?.close();
	}

	async #advance(): Promise<void> {
		const coming = this.#coming;
		try {
			if (coming !== null && !coming.paused) await this.#change(coming);
		} catch (error) {
			if (coming !== null && !coming.stop.signal.aborted) this.#stumble(coming, error);
		}
		// Its own status says what is wrong with the present encoder; the next occasion tries again.
		await this.#fillPresent().catch(() => undefined);
	}

	async #fillPresent(): Promise<void> {
		const filler = this.#present;
		const { index } = this.#parts.sides.now;
		const { signal } = this.#closing;
		await filler.fillAll({
			signal,
			turn: () => this.#turns.next(signal, filler),
			onAdded: (id, vector) => {
				index.set(id, vector);
				this.#parts.onProgress();
			},
		});
	}

	async #change(coming: ComingEncoder): Promise<void> {
		const exchange = (side: ComingSide) => this.#exchange(side);
		const onTold = () => this.#told();
		const parts = { ...this.#parts, turns: this.#turns, exchange, onTold };
		const { opened } = await fillAndTakeOver(parts, coming);
		this.#parts.onChanged();
		this.#told();
		// Its labels look at the library once nothing of the former encoder can still be written.
		this.#leaving = this.#leaving.then(() => {
			if (!this.#closing.signal.aborted) opened.tagging.tagger.wake();
		});
	}

	#exchange({ opened, filler }: ComingSide): void {
		this.#coming = null;
		this.#present = filler;
		this.#problem = null;
		this.#leaving = this.#parts.sides.replace(opened);
	}

	async #setPaused(paused: boolean): Promise<void> {
		const coming = this.#coming;
		if (coming === null) return;
		const { model, title } = coming;
		await this.#parts.choice.setComing({ model, title, paused });
		coming.paused = paused;
		coming.problem = null;
		if (paused) {
			coming.stop.abort();
			await this.#work.rest();
			coming.stop = new AbortController();
			coming.phase = "waiting";
		} else coming.retryUnreadable();
		this.#told();
	}

	/** Stops the change under way, if there is one; the embeddings stay. */
	async #end(): Promise<void> {
		const coming = this.#coming;
		if (coming === null) return;
		coming.stop.abort();
		await this.#work.rest();
		// It may have come to its end just before.
		if (this.#coming !== coming) return;
		this.#coming = null;
		await coming.close();
	}

	/** No photo's fault: say so, keep what is there, try again later. */
	#stumble(coming: ComingEncoder, error: unknown): void {
		coming.problem = error instanceof Error ? error.message : String(error);
		coming.phase = "waiting";
		this.#told();
		this.#work.wakeIn(troubleRetryMs);
	}

	async #describeComing(): Promise<EncoderUse["change"]> {
		const coming = this.#coming;
		if (coming === null) return null;
		const { searchable } = await this.#parts.catalogue.photos.counts();
		return coming.describe(searchable, this.#parts);
	}

	/** Of encoders that search or are about to. */
	async #busyKeys(): Promise<ReadonlySet<string | null>> {
		const coming = (await this.#coming?.key()) ?? null;
		return new Set([this.#parts.sides.now.encoder.key, coming]);
	}

	#told(): void {
		this.#parts.onStatus();
		this.#parts.onProgress();
	}
}

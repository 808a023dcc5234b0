/**
 * @file Changes the encoder of a library without search ever going away: the coming side is filled in the
 * background, newest photos first, and takes over in one step once it has every photo. See [Note: Two sides].
 *
 * [Note: The step] Settings are written in one transaction and the present side is exchanged before anything
 * else can run. Killed before that, the library opens with the former encoder and goes on filling; after it,
 * with the new one. No photo is under way meanwhile, so none is left without an embedding.
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Progress } from "../../contract/activity.ts";
import type { EncoderChange as ChangeStatus, EncoderUse } from "../../contract/encoder-change.ts";
import { Refusal } from "../../contract/errors.ts";
import type { PhotoId } from "../../contract/ids.ts";
import type { ModelId } from "../../contract/model-package.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { encoderKey } from "../encoder/encoder-key.ts";
import type { Indexer } from "../indexer/indexer.ts";
import { checkEncoder } from "./check-encoder.ts";
import type { CurrentSide } from "./current-side.ts";
import { EmbeddingFiller, type EmbeddingFillerParts } from "./embedding-filler.ts";
import type { EncoderChoice } from "./encoder-choice.ts";
import type { EncoderPackages } from "./encoder-packages.ts";
import type { ChosenEncoder, SearchSide } from "./search-side.ts";

export interface EncoderChangeParts extends EmbeddingFillerParts {
	catalogue: Catalogue;
	choice: EncoderChoice;
	packages: EncoderPackages;
	sides: CurrentSide<SearchSide>;
	indexer: Pick<Indexer, "whileAtRest" | "use">;
	indexesPath: string;
	resourcesPath: string;
	openSide(chosen: ChosenEncoder): Promise<SearchSide>;
	/** Why the present side is not the chosen one; null when it is. */
	problem: string | null;
	/** New photos are being read: they come first. */
	othersBusy(): boolean;
	/** Work in the background is held by the person. */
	isHeld(): boolean;
	/** Another encoder searches from now on. */
	onChanged(): void;
	/** What `status` says has changed. */
	onStatus(): void;
	/** How far it is has changed. */
	onProgress(): void;
}

/** The change under way. */
interface Coming {
	model: ModelId;
	title: string;
	paused: boolean;
	/** Null until its package was opened. */
	side: { opened: SearchSide; filler: EmbeddingFiller } | null;
	/** Ends its work when it is paused, cancelled or the library is closed. */
	stop: AbortController;
	phase: "waiting" | "embedding" | "finishing";
	problem: string | null;
	/** Searchable photos it has not embedded, as last counted. */
	missing: number;
}

/** While others are busy it looks this often whether they still are. */
const turnMs = 150;
/** A condition of the whole computer is tried again after this. */
const troubleRetryMs = 60_000;
/** So many photos are embedded while new ones wait; more of them are embedded before. */
const fewPhotos = 64;

export class EncoderChange {
	readonly #parts: EncoderChangeParts;
	readonly #closing = new AbortController();
	#problem: string | null;
	#coming: Coming | null = null;
	/** Embeds what the present encoder has missed. */
	#present: EmbeddingFiller;
	/** False until somebody wants work to be done: a command that only asks something does not. */
	#started = false;
	#working: Promise<void> | null = null;
	#again = false;
	#retry: NodeJS.Timeout | null = null;
	/** While others come first. */
	#gate: Promise<void> | null = null;
	/** Follows photos that change while the coming index is complete. */
	#following: Promise<void> = Promise.resolve();
	/** Former sides that still have questions. */
	#leaving: Promise<void> = Promise.resolve();

	private constructor(parts: EncoderChangeParts) {
		this.#parts = parts;
		this.#problem = parts.problem;
		this.#present = new EmbeddingFiller(parts, parts.sides.now.encoder);
	}

	/** Takes up a change that was under way when the library was closed; `begin` goes on with it. */
	static async open(parts: EncoderChangeParts): Promise<EncoderChange> {
		const change = new EncoderChange(parts);
		const { chosen, encoder } = parts.sides.now;
		const { title } = encoder.manifest;
		await parts.choice.remember(encoder.key, { model: chosen.model, title });
		const coming = await parts.choice.coming();
		if (coming !== null) {
			change.#coming = newComing(coming.model, coming.title, coming.paused);
			change.#coming.missing = await change.#countMissing(change.#coming);
		}
		return change;
	}

	/** Works from now on whenever there is something to do. */
	begin(): void {
		this.#started = true;
		this.wake();
	}

	/** There may be work again. Cheap. */
	wake(): void {
		if (!this.#started || this.#closing.signal.aborted) return;
		this.#again = true;
		this.#working ??= this.#work().finally(() => {
			this.#working = null;
			if (this.#again) this.wake();
		});
	}

	/** Drives came back: photos that could not be read may be there now. */
	retryUnreadable(): void {
		this.#present.retryUnreadable();
		this.#coming?.side?.filler.retryUnreadable();
		this.wake();
	}

	async status(): Promise<EncoderUse> {
		const { catalogue, choice, sides } = this.#parts;
		const { chosen, encoder } = sides.now;
		const known = await choice.known();
		const coming = this.#coming;
		const busy = new Set([encoder.key, coming && (await this.#keyOf(coming))]);
		const kept = (await catalogue.embeddings.encoders()).filter(({ key }) => !busy.has(key));
		return {
			model: chosen.model,
			title: encoder.manifest.title,
			problem: this.#problem,
			missing: await catalogue.embeddings.countMissing(encoder.key),
			change: coming === null ? null : await this.#describe(coming),
			kept: kept.map(({ key, photos, sizeBytes }) => {
				const { model, title } = known.get(key) ?? { model: null, title: key };
				return { key, model, title, photos, sizeBytes };
			}),
		};
	}

	/** What a progress line says of it; from memory, so that it costs nothing. */
	progress(photos: number): Progress["encoder"] {
		const coming = this.#coming;
		if (coming === null) return null;
		const { title, missing } = coming;
		const running = phaseOf(coming, this.#parts) === "embedding";
		return {
			title,
			photos,
			done: Math.max(0, photos - missing),
			running,
			secondsLeft: running ? secondsLeft(coming) : null,
		};
	}

	/** True for a package that searches or is about to: it cannot be removed. */
	uses(model: ModelId): boolean {
		return this.#parts.sides.now.chosen.model === model || this.#coming?.model === model;
	}

	/** @throws Refusal MODEL_NOT_FOUND, MODEL_UNAVAILABLE, MODEL_DAMAGED: then everything stays as it is. */
	async start(model: ModelId): Promise<EncoderUse> {
		const { packages, choice, sides, catalogue } = this.#parts;
		if (model === sides.now.chosen.model) {
			if (this.#problem !== null) await choice.change(model, sides.now.encoder.manifest.title);
			this.#problem = null;
			return this.cancel();
		}
		const chosen = await packages.find(model);
		const { manifest } = chosen.package;
		const key = encoderKey(manifest);
		if (this.#coming?.model === model) return this.resume();
		await checkEncoder(chosen, this.#parts.resourcesPath);
		await this.#end();
		await choice.remember(key, { model, title: manifest.title });
		await choice.setComing({ model, title: manifest.title, paused: false });
		this.#coming = newComing(model, manifest.title, false);
		this.#coming.missing = await catalogue.embeddings.countMissing(key);
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

	/** @throws Refusal MODEL_BUSY for an encoder that searches or is about to. */
	async discard(key: string): Promise<EncoderUse> {
		const { catalogue, indexesPath, sides } = this.#parts;
		const coming = this.#coming;
		if (sides.now.encoder.key === key || (coming !== null && (await this.#keyOf(coming)) === key)) {
			throw new Refusal(
				"MODEL_BUSY",
				"That search model is in use. Change to another one first, or stop the change.",
			);
		}
		const known = (await catalogue.embeddings.encoders()).some((encoder) => encoder.key === key);
		if (!known) throw new Refusal("MODEL_NOT_FOUND", "Nothing is kept of that search model.");
		await this.#leaving;
		await catalogue.embeddings.discard(key);
		await rm(join(indexesPath, key), { recursive: true, force: true });
		this.#told();
		return this.status();
	}

	/** Photos were embedded elsewhere, by this or another encoder. */
	async recount(): Promise<void> {
		const coming = this.#coming;
		if (coming !== null) coming.missing = await this.#countMissing(coming);
		this.#told();
	}

	/** Photos were read anew by the present encoder: what the coming one knows of them may be gone. */
	noteStored(ids: readonly PhotoId[]): void {
		const coming = this.#coming;
		const side = coming?.side?.opened;
		if (coming === null) return;
		// Counted exactly before the change; until then each is one more to embed.
		coming.missing += ids.length;
		if (side === undefined || side.index.size === 0) return;
		this.#following = this.#following.then(async () => {
			const found = await this.#parts.catalogue.embeddings.getMany(side.encoder.key, ids);
			const left = new Set(found.map(({ id }) => id));
			for (const id of ids) if (!left.has(id)) side.index.remove(id);
		});
		// What could not be looked up is looked up again, by its next change or the next start.
		this.#following.catch(() => undefined);
	}

	/** Photos are gone or cannot be read any more. */
	noteRemoved(ids: Iterable<PhotoId>): void {
		for (const id of ids) this.#coming?.side?.opened.index.remove(id);
	}

	/** Ends what is under way; the next start goes on with it. */
	async close(): Promise<void> {
		this.#closing.abort();
		if (this.#retry !== null) clearTimeout(this.#retry);
		this.#coming?.stop.abort();
		await this.#working;
		await this.#following;
		await this.#coming?.side?.opened.close();
	}

	async #work(): Promise<void> {
		while (this.#again && !this.#closing.signal.aborted) {
			this.#again = false;
			const coming = this.#coming;
			try {
				if (coming !== null && !coming.paused) await this.#advance(coming);
			} catch (error) {
				if (coming !== null && !coming.stop.signal.aborted) this.#stumble(coming, error);
			}
			// Its own status says what is wrong with the present encoder; the next occasion tries again.
			await this.#fillPresent().catch(() => undefined);
		}
	}

	async #fillPresent(): Promise<void> {
		const filler = this.#present;
		const { index } = this.#parts.sides.now;
		await filler.fillAll({
			signal: this.#closing.signal,
			turn: () => this.#turn(this.#closing.signal, filler),
			onAdded: (id, vector) => {
				index.set(id, vector);
				this.#parts.onProgress();
			},
		});
	}

	async #advance(coming: Coming): Promise<void> {
		const { signal } = coming.stop;
		coming.problem = null;
		const { opened, filler } = await this.#openSide(coming);
		for (;;) {
			coming.phase = "embedding";
			coming.missing = await this.#countMissing(coming);
			this.#told();
			await filler.fillAll({
				signal,
				turn: () => this.#turn(signal, filler),
				onAdded: (id, vector) => {
					coming.missing = Math.max(0, coming.missing - 1);
					if (opened.index.size > 0) opened.index.set(id, vector);
					this.#parts.onProgress();
				},
			});
			coming.phase = "finishing";
			filler.stopClock();
			this.#told();
			if (opened.index.size === 0) await opened.fillIndex();
			await opened.prepare();
			signal.throwIfAborted();
			if (await this.#takeOver(coming, opened, filler)) return;
		}
	}

	/** False where too many photos have come meanwhile. See [Note: The step]. */
	async #takeOver(coming: Coming, opened: SearchSide, filler: EmbeddingFiller): Promise<boolean> {
		const { indexer, choice, sides, catalogue } = this.#parts;
		const { signal } = coming.stop;
		const done = await indexer.whileAtRest(async () => {
			signal.throwIfAborted();
			const { key } = opened.encoder;
			if ((await catalogue.embeddings.countMissing(key)) - filler.unreadable > fewPhotos)
				return false;
			const onAdded = (id: PhotoId, vector: Float32Array) => opened.index.set(id, vector);
			await filler.fillAll({ signal, onAdded });
			await this.#following;
			signal.throwIfAborted();
			await choice.change(coming.model, coming.title);
			// Nothing waits from here on: no question can come in between.
			this.#coming = null;
			this.#present = filler;
			this.#problem = null;
			indexer.use(opened.encoder);
			this.#leaving = sides.replace(opened);
			return true;
		});
		if (!done) return false;
		this.#parts.onChanged();
		this.#told();
		// Its labels look at the library once nothing of the former encoder can still be written.
		this.#leaving = this.#leaving.then(() => {
			if (!this.#closing.signal.aborted) opened.tagging.tagger.wake();
		});
		return true;
	}

	async #openSide(coming: Coming): Promise<NonNullable<Coming["side"]>> {
		if (coming.side !== null) return coming.side;
		const chosen = await this.#parts.packages.find(coming.model);
		const opened = await this.#parts.openSide(chosen);
		coming.side = { opened, filler: new EmbeddingFiller(this.#parts, opened.encoder) };
		return coming.side;
	}

	/** Resolves when nothing more urgent is to be done. */
	#turn(signal: AbortSignal, filler: EmbeddingFiller): Promise<void> {
		const { othersBusy, isHeld, onProgress } = this.#parts;
		if (this.#gate === null && !othersBusy() && !isHeld()) return Promise.resolve();
		const wait = async () => {
			filler.stopClock();
			onProgress();
			while (othersBusy() || isHeld()) await delay(turnMs, undefined, { signal });
		};
		this.#gate ??= wait().finally(() => {
			this.#gate = null;
		});
		return this.#gate;
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
			await this.#working;
			coming.stop = new AbortController();
			coming.phase = "waiting";
		} else coming.side?.filler.retryUnreadable();
		this.#told();
	}

	/** Stops the change under way, if there is one; the embeddings stay. */
	async #end(): Promise<void> {
		const coming = this.#coming;
		if (coming === null) return;
		coming.stop.abort();
		await this.#working;
		// It may have come to its end just before.
		if (this.#coming !== coming) return;
		this.#coming = null;
		await this.#following;
		await coming.side?.opened.close();
	}

	/** No photo's fault: say so, keep what is there, try again later. */
	#stumble(coming: Coming, error: unknown): void {
		coming.problem = error instanceof Error ? error.message : String(error);
		coming.phase = "waiting";
		this.#told();
		this.#retry = setTimeout(() => this.wake(), troubleRetryMs);
		this.#retry.unref();
	}

	async #keyOf(coming: Coming): Promise<string | null> {
		if (coming.side !== null) return coming.side.opened.encoder.key;
		try {
			return encoderKey((await this.#parts.packages.find(coming.model)).package.manifest);
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			return null;
		}
	}

	async #countMissing(coming: Coming): Promise<number> {
		const key = await this.#keyOf(coming);
		return key === null ? 0 : this.#parts.catalogue.embeddings.countMissing(key);
	}

	async #describe(coming: Coming): Promise<ChangeStatus> {
		const { searchable } = await this.#parts.catalogue.photos.counts();
		const { model, title, problem, side } = coming;
		const rate = side?.filler.photosPerSecond ?? null;
		return {
			model,
			title,
			phase: phaseOf(coming, this.#parts),
			done: Math.max(0, searchable - coming.missing),
			photos: searchable,
			unreadable: side?.filler.unreadable ?? 0,
			photosPerSecond: rate === null ? null : Math.round(rate * 10) / 10,
			secondsLeft: secondsLeft(coming),
			problem,
		};
	}

	#told(): void {
		this.#parts.onStatus();
		this.#parts.onProgress();
	}
}

function newComing(model: ModelId, title: string, paused: boolean): Coming {
	return {
		model,
		title,
		paused,
		side: null,
		stop: new AbortController(),
		phase: "waiting",
		problem: null,
		missing: 0,
	};
}

function phaseOf(
	{ problem, paused, phase }: Coming,
	{ othersBusy, isHeld }: Pick<EncoderChangeParts, "othersBusy" | "isHeld">,
): ChangeStatus["phase"] {
	if (problem !== null) return "stopped";
	if (paused || isHeld()) return "paused";
	return phase === "embedding" && othersBusy() ? "waiting" : phase;
}

function secondsLeft({ missing, side }: Coming): number | null {
	const rate = side?.filler.photosPerSecond ?? null;
	return rate === null || rate <= 0 ? null : Math.ceil(missing / rate);
}

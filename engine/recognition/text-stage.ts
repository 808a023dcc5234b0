/**
 * @file Reads the text of searchable photos, one photo at a time, whenever nothing more urgent is to be
 * done: photos that wait to become searchable come first. See [Note: Read once].
 */
import { Refusal } from "../../contract/errors.ts";
import type { PhotoId } from "../../contract/ids.ts";
import type {
	RecognisedTextTable,
	TextCounts,
	TextReading,
} from "../catalogue/recognised-text-table.ts";
import type { PhotoRecord } from "../catalogue/records.ts";
import type { Decoder } from "../decoder/decoder.ts";
import type { Recogniser } from "./recogniser.ts";

/** What the stage needs from the rest of the engine. */
export interface TextStageParts {
	table: RecognisedTextTable;
	decoder: Pick<Decoder, "raster">;
	recogniser: Recogniser;
	/** Absolute path of a photo, or null while its folder is offline. */
	locate(photo: PhotoRecord): Promise<string | null>;
	/** Looks whether the photo's folder is still there (and marks it offline if not). */
	confirmFolder(photo: PhotoRecord): Promise<boolean>;
	/** True while there is more urgent work; `wake` is called when there is none any more. */
	othersBusy(): boolean;
	/** A photo's words changed. */
	onStored(id: PhotoId): void;
	/** Something a progress line shows has changed. */
	onProgress(): void;
	now?: () => number;
}

export interface TextStageState {
	enabled: boolean;
	counts: TextCounts | null;
	running: boolean;
	secondsPerPhoto: number | null;
	/** Why it stopped by itself, in words for the person; null when all is well. */
	trouble: string | null;
}

/** Rows looked up at once. */
const photosAtATime = 32;
/** A condition of the whole computer is tried again after this. */
const troubleRetryMs = 60_000;
/** How much the newest photo counts in the mean time of a photo. */
const newestShare = 0.1;

export class TextStage {
	readonly #parts: TextStageParts;
	readonly #now: () => number;
	#enabled: boolean;
	#paused: boolean;
	/** False until somebody wants text to be read: a command that only asks something does not. */
	#started = false;
	#closed = false;
	#running: Promise<void> | null = null;
	#again = false;
	#counts: TextCounts | null = null;
	#secondsPerPhoto: number | null = null;
	#trouble: string | null = null;
	#troubleTimer: NodeJS.Timeout | null = null;
	/** Photos that cannot be read now, though nothing is wrong with them. */
	readonly #setAside = new Set<PhotoId>();

	constructor(parts: TextStageParts, options: { enabled: boolean; paused: boolean }) {
		this.#parts = parts;
		this.#enabled = options.enabled;
		this.#paused = options.paused;
		this.#now = parts.now ?? (() => performance.now());
	}

	state(): TextStageState {
		return {
			enabled: this.#enabled,
			counts: this.#counts,
			running: this.#running !== null,
			secondsPerPhoto: this.#secondsPerPhoto,
			trouble: this.#trouble,
		};
	}

	/** Reads from now on whenever there is something to read. */
	start(): void {
		this.#started = true;
		this.#retry();
	}

	/** There may be new work, or time for it. Cheap. */
	wake(): void {
		if (!this.#mayRun()) return;
		this.#again = true;
		this.#running ??= this.#work()
			.catch((error: unknown) => this.#stumble(error))
			.finally(() => {
				this.#running = null;
				this.#parts.onProgress();
				// Asked for while the last look found nothing.
				if (this.#again && this.#trouble === null) this.wake();
			});
	}

	pause(): void {
		this.#paused = true;
	}

	resume(): void {
		this.#paused = false;
		this.#retry();
	}

	setEnabled(enabled: boolean): void {
		this.#enabled = enabled;
		if (enabled) this.#retry();
		this.#parts.onProgress();
	}

	/** Counts looked up anew, for those who ask while nothing runs. */
	async counts(): Promise<TextCounts> {
		this.#counts = await this.#parts.table.counts(this.#parts.recogniser.key);
		return this.#counts;
	}

	/** Gives up the photo under way; the next start reads it. */
	async close(): Promise<void> {
		this.#closed = true;
		this.#clearTrouble();
		await this.#parts.recogniser.close();
		await this.#running;
	}

	#mayRun(): boolean {
		return (
			this.#started && this.#enabled && !this.#paused && !this.#closed && this.#trouble === null
		);
	}

	async #work(): Promise<void> {
		const { table, recogniser, othersBusy } = this.#parts;
		while (this.#again) {
			this.#again = false;
			for (;;) {
				if (!this.#mayRun() || othersBusy()) return;
				await this.counts();
				const photos = await table.next(recogniser.key, photosAtATime, this.#setAside);
				if (photos.length === 0) break;
				for (const photo of photos) {
					if (!this.#mayRun() || othersBusy()) return;
					await this.#read(photo);
					this.#parts.onProgress();
				}
			}
		}
	}

	async #read(photo: PhotoRecord): Promise<void> {
		const { table, recogniser } = this.#parts;
		const startedAt = this.#now();
		const known =
			photo.contentHash === null ? undefined : await table.known(recogniser.key, photo.contentHash);
		const reading = known ?? (await this.#recognise(photo));
		if (reading === null || this.#closed) {
			this.#setAside.add(photo.id);
			return;
		}
		if (!(await table.store(recogniser.key, photo, reading))) return;
		if (known === undefined) this.#measure((this.#now() - startedAt) / 1000);
		this.#counts &&= {
			...this.#counts,
			done: this.#counts.done + 1,
			waiting: Math.max(0, this.#counts.waiting - 1),
			failed: this.#counts.failed + (reading.kind === "failed" ? 1 : 0),
		};
		this.#parts.onStored(photo.id);
	}

	/** Null when the photo cannot be read now: it is out of reach, or changed since it became searchable. */
	async #recognise(photo: PhotoRecord): Promise<TextReading | null> {
		const { decoder, recogniser } = this.#parts;
		const filePath = await this.#parts.locate(photo);
		if (filePath === null) return null;
		try {
			const { longestSide } = recogniser;
			const picture = await decoder.raster({ filePath }, { longestSide });
			if (picture.kind === "failed") {
				if (picture.reason === "vanished") await this.#parts.confirmFolder(photo);
				return picture.reason === "vanished" ? null : picture;
			}
			if (picture.contentHash !== photo.contentHash) return null;
			const { pixels, width, height } = picture;
			return await recogniser.read({ pixels, width, height });
		} catch (error) {
			if (this.#closed) return null;
			if (error instanceof Refusal) throw error;
			const message = error instanceof Error ? error.message : String(error);
			return { kind: "failed", reason: "unknown", message };
		}
	}

	#measure(seconds: number): void {
		this.#secondsPerPhoto =
			this.#secondsPerPhoto === null
				? seconds
				: this.#secondsPerPhoto * (1 - newestShare) + seconds * newestShare;
	}

	/** Not the photo's fault: say so, keep every photo waiting, try again later. */
	#stumble(error: unknown): void {
		if (this.#closed) return;
		this.#trouble = error instanceof Error ? error.message : String(error);
		this.#troubleTimer = setTimeout(() => this.#retry(), troubleRetryMs);
		this.#troubleTimer.unref();
	}

	#retry(): void {
		this.#setAside.clear();
		this.#clearTrouble();
		this.wake();
	}

	#clearTrouble(): void {
		this.#trouble = null;
		if (this.#troubleTimer !== null) clearTimeout(this.#troubleTimer);
		this.#troubleTimer = null;
	}
}

/** @file Reading the text in pictures as the rest of the engine uses it: the switch, the stage, its state in numbers. */
import type { Progress } from "../../contract/activity.ts";
import type { PhotoId } from "../../contract/ids.ts";
import type { PhotoText, TextReadingStatus } from "../../contract/recognition.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { createRecogniser } from "./process-recogniser.ts";
import { loadReaderPackage, verifyReaderPackage } from "./reader-package.ts";
import type { Recogniser } from "./recogniser.ts";
import { TextStage, type TextStageParts } from "./text-stage.ts";

/** Name of the remembered choice to read text, which is on unless turned off. */
const readTextSetting = "readText";

export interface TextReadingParts
	extends Omit<TextStageParts, "table" | "recogniser" | "onStored"> {
	catalogue: Catalogue;
	/** Folder of the reader package. */
	packagePath: string;
	paused: boolean;
	/** Searches may find more; called now and then while texts are read, and when all are. */
	onWordsChanged(): void;
	/** Stands in for the reader of the package. */
	recogniser?: Recogniser;
}

/** Everybody looks at everything again on each announcement. */
const announceEveryMs = 30_000;

/** Without a usable reader package everything else works on; `status` says what is wrong. */
export class TextReading {
	readonly #parts: TextReadingParts;
	readonly #recogniser: Recogniser | null;
	readonly #reader: TextReadingStatus["reader"];
	readonly #problem: string | null;
	readonly #stage: TextStage | null;
	#enabled: boolean;
	#unannounced = false;
	#announcedAtMs = performance.now();

	static async open(parts: TextReadingParts): Promise<TextReading> {
		return new TextReading(parts, (await parts.catalogue.settings.get(readTextSetting)) !== false);
	}

	private constructor(parts: TextReadingParts, enabled: boolean) {
		this.#parts = parts;
		this.#enabled = enabled;
		let recogniser: Recogniser | null = parts.recogniser ?? null;
		let reader: TextReadingStatus["reader"] = null;
		let problem: string | null = null;
		try {
			const { title, licence } = loadReaderPackage(parts.packagePath).manifest;
			reader = { title, licence };
			recogniser ??= createRecogniser({ packagePath: parts.packagePath });
		} catch (error) {
			problem = error instanceof Error ? error.message : String(error);
		}
		this.#recogniser = recogniser;
		this.#reader = reader;
		this.#problem = problem;
		this.#stage =
			recogniser === null
				? null
				: new TextStage(
						{
							...parts,
							table: parts.catalogue.recognisedText,
							recogniser,
							onStored: () => {
								this.#unannounced = true;
								if (performance.now() - this.#announcedAtMs > announceEveryMs) this.#announce();
							},
							onProgress: () => {
								if (this.#unannounced && this.#stage?.state().running === false) this.#announce();
								parts.onProgress();
							},
						},
						{ enabled, paused: parts.paused },
					);
	}

	/** Reads from now on whenever there is something to read and nothing more urgent to do. */
	start(): void {
		this.#stage?.start();
	}

	/** There may be new photos, or time for them. Cheap. */
	wake(): void {
		this.#stage?.wake();
	}

	pause(): void {
		this.#stage?.pause();
	}

	resume(): void {
		this.#stage?.resume();
	}

	async change(enabled: boolean): Promise<void> {
		await this.#parts.catalogue.settings.set(readTextSetting, enabled);
		this.#enabled = enabled;
		this.#stage?.setEnabled(enabled);
	}

	/** What a progress line says of it; from memory, so that it costs nothing. */
	progress(): Progress["text"] {
		const state = this.#stage?.state();
		if (!this.#enabled || state === undefined || state.counts === null) return null;
		const { photos, done, waiting } = state.counts;
		if (waiting === 0) return null;
		const { secondsPerPhoto: each } = state;
		const secondsLeft = each === null ? null : Math.ceil(each * waiting);
		return { photos, done, running: state.running, secondsLeft };
	}

	async status(): Promise<TextReadingStatus> {
		const counts = (await this.#stage?.counts()) ?? { photos: 0, done: 0, failed: 0 };
		const state = this.#stage?.state();
		return {
			enabled: this.#enabled,
			photos: counts.photos,
			done: counts.done,
			failed: counts.failed,
			secondsPerPhoto: state?.secondsPerPhoto ?? null,
			reader: this.#reader,
			problem: this.#problem ?? state?.trouble ?? null,
		};
	}

	async ofPhoto(id: PhotoId): Promise<PhotoText> {
		if (this.#recogniser === null) return { state: "waiting" };
		const reading = await this.#parts.catalogue.recognisedText.ofPhoto(this.#recogniser.key, id);
		if (reading === null) return { state: "waiting" };
		if (reading.kind === "read") return { state: "read", lines: reading.lines };
		return { state: "failed", reason: reading.reason, message: reading.message };
	}

	/** Photos whose text could not be read are read again; all of them when no ids are given. */
	async retry(ids?: readonly PhotoId[]): Promise<void> {
		const queued = await this.#parts.catalogue.recognisedText.retry(ids);
		if (queued > 0) this.wake();
	}

	/** @throws Refusal MODEL_UNAVAILABLE naming the first missing or damaged file of the package. */
	async verify(): Promise<void> {
		await verifyReaderPackage(loadReaderPackage(this.#parts.packagePath));
	}

	#announce(): void {
		this.#unannounced = false;
		this.#announcedAtMs = performance.now();
		this.#parts.onWordsChanged();
	}

	/** Gives up the photo under way; the next start reads it. */
	async close(): Promise<void> {
		await this.#stage?.close();
	}
}

/**
 * @file Keeps library and files in step in the background: reads what waits, then writes what is to be written.
 * Whatever is interrupted is found waiting by the next start.
 */
import { setTimeout as delay } from "node:timers/promises";
import { Refusal } from "../../contract/errors.ts";
import type { FileMetadata } from "../../contract/file-metadata.ts";
import type { ChangeId, FolderId, PhotoId } from "../../contract/ids.ts";
import type { KeptIn, TagWritingProgress, TagWritingStatus } from "../../contract/tag-writing.ts";
import { keptInSchema } from "../../contract/tag-writing.ts";
import type { Decoder } from "../decoder/decoder.ts";
import { concernsAllFiles, whyNotWritten } from "../library/write-refusal.ts";
import { embeddedReaderVersion } from "../xmp/embedded-metadata.ts";
import { ExifTool } from "./exif-tool.ts";
import { MetadataReading, type MetadataReadingParts } from "./metadata-reading.ts";
import type { Originals } from "./originals.ts";
import type { PhotoWritingParts } from "./photo-writing.ts";
import { planWriting, type WritingPlan } from "./plan-writing.ts";
import type { SidecarDisk } from "./replace-sidecar.ts";
import { type Restored, restorePhotos } from "./restore-photos.ts";
import { type SettledBy, settleConflict } from "./settle-conflict.ts";
import type { SidecarWritingParts } from "./sidecar-writing.ts";
import { tagWritingStatus, whyFilesImpossible } from "./tag-writing-status.ts";
import { saysAll } from "./wanted-change.ts";
import { type Destination, type PhotoOutcome, writePhoto } from "./write-photo.ts";

/** Name of the remembered choice where tags are kept; the library alone unless somebody chose otherwise. */
const keptInSetting = "tagsKeptIn";

export interface TagsInFilesParts extends Omit<MetadataReadingParts, "writing" | "writingFiles"> {
	decoder: Pick<Decoder, "describe" | "raster">;
	/** True while photos wait to become searchable; `wake` is called when none does any more. */
	othersBusy(): boolean;
	disk?: SidecarDisk;
	/** What writing into photo files needs; without it, only sidecars are written. */
	files?: Pick<PhotoWritingParts, "replaceFile" | "onRewritten" | "originals">;
}

const atATime = 32;
const progressEveryMs = 100;
/** A condition of the whole computer is tried again after this. */
const troubleRetryMs = 60_000;

export class TagsInFiles {
	readonly #parts: TagsInFilesParts;
	readonly #reading: MetadataReading;
	readonly #writing: SidecarWritingParts;
	readonly #files: PhotoWritingParts | null;
	readonly #exifTool = new ExifTool();
	#keptIn: KeptIn;
	/** Where tags are written this once, whatever is chosen. */
	#once: Destination | null = null;
	/**
	 * False until somebody wants it: a command that only asks something does not write, or read old photos, in
	 * passing. Sidecars that a scan came across are read in any case.
	 */
	#started = false;
	#closed = false;
	#again = false;
	#running: Promise<void> | null = null;
	#trouble: string | null = null;
	#timer: NodeJS.Timeout | null = null;
	/** Photos that cannot be read or written now; looked at again after the next start or change of the switch. */
	readonly #setAside = new Set<PhotoId>();
	/** Those among them that something was wrong with, in words. */
	readonly #failed = new Map<PhotoId, string>();

	static async open(parts: TagsInFilesParts): Promise<TagsInFiles> {
		const chosen = keptInSchema.safeParse(await parts.catalogue.settings.get(keptInSetting));
		return new TagsInFiles(parts, chosen.success ? chosen.data : "library");
	}

	private constructor(parts: TagsInFilesParts, keptIn: KeptIn) {
		this.#parts = parts;
		this.#keptIn = keptIn;
		this.#reading = new MetadataReading({
			...parts,
			writing: () => this.#destination !== null,
			writingFiles: () => this.#destination === "files",
		});
		this.#writing = { ...parts, reading: this.#reading };
		const { catalogue, decoder, locate, files } = parts;
		const exifTool = this.#exifTool;
		this.#files = files === undefined ? null : { catalogue, decoder, locate, exifTool, ...files };
	}

	/** Where tags are written now; null for nowhere. */
	get #destination(): Destination | null {
		return this.#once ?? (this.#keptIn === "library" ? null : this.#keptIn);
	}

	/** Works from now on whenever there is something to do. */
	start(): void {
		this.#started = true;
		this.wake();
	}

	/** There may be new work. Cheap. */
	wake(): void {
		if (this.#closed || this.#trouble !== null) return;
		this.#again = true;
		this.#running ??= this.#work()
			.catch((error: unknown) => this.#stumble(error))
			.finally(() => {
				this.#running = null;
				if (this.#again) this.wake();
			});
	}

	/** Resolves when there is nothing to do for now. */
	async idle(): Promise<void> {
		while (this.#running !== null) await this.#running;
	}

	/** A photo became searchable: what stands in its file. */
	async photoRead(
		photo: { id: PhotoId; folderId: FolderId; relativePath: string },
		contentHash: string,
		said: { metadata: FileMetadata; drawn: boolean },
	): Promise<void> {
		if (await this.#reading.takePhoto(photo, contentHash, said)) this.wake();
	}

	/** @throws Refusal NOT_SUPPORTED where photo files cannot be written. */
	async change(keptIn: KeptIn): Promise<void> {
		await this.#requirePossible(keptIn);
		await this.#parts.catalogue.settings.set(keptInSetting, keptIn);
		this.#keptIn = keptIn;
		this.#setAside.clear();
		this.#failed.clear();
		if (keptIn === "files") await this.#parts.catalogue.photoWrites.forget();
		if (keptIn !== "library") await this.#noteAllThatDiffer(true, keptIn);
		this.#retry();
	}

	/** What `write` would do. */
	async plan(to: Destination, limit: number): Promise<WritingPlan> {
		await this.#noteAllThatDiffer(false, to);
		return planWriting(this.#writing, to, limit);
	}

	/**
	 * Writes once to where it is said, whatever is chosen.
	 * @throws Refusal NOT_SUPPORTED; the system's error when the disk is full or fails.
	 */
	async *write(to: Destination, signal?: AbortSignal): AsyncGenerator<TagWritingProgress> {
		await this.#requirePossible(to);
		const { tagWriting } = this.#parts.catalogue;
		const progress = { done: 0, total: 0, sidecars: 0, photos: 0 };
		const stop = new AbortController();
		const until = AbortSignal.any([stop.signal, ...(signal === undefined ? [] : [signal])]);
		let isDone = false;
		// Goes on whether or not somebody listens, so that nobody who waits for its end waits for a listener.
		const working = this.#alone(async () => {
			this.#once = to;
			await this.#noteAllThatDiffer(true, to);
			progress.total = await tagWriting.countToWrite();
			for await (const outcome of this.#written(until)) {
				progress.done += 1;
				if (outcome.sidecar === "written") progress.sidecars += 1;
				if (outcome.photo === "written") progress.photos += 1;
			}
		}).finally(() => {
			isDone = true;
			this.#once = null;
		});
		try {
			while (!isDone) {
				if (progress.done < progress.total) yield { ...progress };
				await Promise.race([working, delay(progressEveryMs, undefined, { ref: false })]);
			}
			await working;
			yield { ...progress, done: progress.total };
		} finally {
			stop.abort();
			await working.catch(() => undefined);
		}
	}

	/** Two at once would read and write the same files. */
	async #alone<Result>(work: () => Promise<Result>): Promise<Result> {
		while (this.#running !== null) await this.#running;
		const result = work();
		this.#running = result
			.then(() => this.#exifTool.close())
			.catch(() => undefined)
			.finally(() => {
				this.#running = null;
				this.wake();
			});
		return result;
	}

	/** Puts untouched photo files back, all where none are named. */
	async restore(ids?: readonly PhotoId[]): Promise<Restored> {
		const files = this.#files;
		if (files === null) return { restored: 0, withoutCopy: 0, refused: [] };
		return this.#alone(() => restorePhotos(files, ids));
	}

	/** The untouched files; null where none are kept. */
	get originals(): Originals | null {
		return this.#files?.originals ?? null;
	}

	/** Runs `work` while nothing is written that may need an untouched file. */
	async whileNothingIsWritten<Result>(work: () => Promise<Result>): Promise<Result> {
		return this.#alone(work);
	}

	/** Ends a conflict, which can be undone; null when there is none. */
	async settle(id: PhotoId, choice: SettledBy): Promise<{ changeId: ChangeId | null } | null> {
		const settled = await settleConflict(this.#parts.catalogue, id, choice);
		if (settled === null) return null;
		this.#parts.onTagsChanged();
		this.wake();
		return settled;
	}

	/** Whether photo files can be written into, and whether they are to be. */
	async photoFiles(): Promise<{ impossible: string | null; wanted: boolean }> {
		const impossible = await whyFilesImpossible(this.#files?.originals ?? null);
		return { impossible, wanted: this.#keptIn === "files" };
	}

	async status(): Promise<TagWritingStatus> {
		const { catalogue, locate } = this.#parts;
		const originals = this.#files?.originals ?? null;
		return {
			...(await tagWritingStatus({ catalogue, locate, originals, failed: this.#failed })),
			keptIn: this.#keptIn,
			waiting: this.#destination === null ? 0 : await catalogue.tagWriting.countToWrite(),
			problem: this.#trouble,
		};
	}

	/** Finishes the file under way. */
	async close(): Promise<void> {
		this.#closed = true;
		if (this.#timer !== null) clearTimeout(this.#timer);
		await this.idle();
		await this.#exifTool.close();
	}

	async #work(): Promise<void> {
		while (this.#again && !(this.#closed && this.#started)) {
			this.#again = false;
			await this.#readSidecars();
			if (!this.#started) continue;
			await this.#readPhotos();
			for await (const _ of this.#written());
		}
		await this.#exifTool.close();
	}

	async #readSidecars(): Promise<void> {
		// A command that indexes closes right behind, and its sidecars are as much of its work as the photos.
		while (!this.#closed || !this.#started) {
			const waiting = await this.#parts.catalogue.sidecars.waiting(atATime);
			let taken = 0;
			for (const sidecar of waiting) {
				if (this.#closed && this.#started) return;
				if (await this.#reading.takeSidecar(sidecar)) taken += 1;
			}
			if (taken === 0) return;
		}
	}

	/** Photos that were indexed before their files' words were read. */
	async #readPhotos(): Promise<void> {
		const { catalogue, decoder, locate } = this.#parts;
		while (!this.#closed && !this.#parts.othersBusy()) {
			const photos = await catalogue.fileMetadata.unread(
				embeddedReaderVersion,
				atATime,
				this.#setAside,
			);
			if (photos.length === 0) return;
			for (const photo of photos) {
				if (this.#closed || this.#parts.othersBusy()) return;
				const filePath = locate(photo);
				const described = filePath === null ? null : await this.#described(decoder, filePath);
				if (described?.kind !== "described" || described.contentHash !== photo.contentHash) {
					this.#setAside.add(photo.id);
					continue;
				}
				const { contentHash, fileMetadata: metadata, drawn } = described;
				const said = { metadata, drawn };
				if (await this.#reading.takePhoto(photo, contentHash, said)) this.#again = true;
			}
		}
	}

	async #described(decoder: Pick<Decoder, "describe">, filePath: string) {
		try {
			return await decoder.describe({ filePath });
		} catch (error) {
			if (this.#closed) return null;
			throw error;
		}
	}

	/** Writes what is to be written, until the choice changes. */
	async *#written(signal?: AbortSignal): AsyncGenerator<PhotoOutcome> {
		const { tagWriting } = this.#parts.catalogue;
		let after = 0;
		while (this.#destination !== null && !this.#closed) {
			const ids = await tagWriting.toWrite(after, atATime);
			for (const id of ids) {
				const to = this.#destination;
				if (to === null || this.#closed || signal?.aborted === true) return;
				after = id;
				if (this.#setAside.has(id)) continue;
				const outcome = await this.#writeOne(id, to);
				const { sidecar } = outcome;
				if (sidecar === "unwritable" || sidecar === "away") this.#setAside.add(id);
				yield outcome;
			}
			if (ids.length === 0) return;
		}
	}

	/** What is wrong with one photo does not keep the others from being written. */
	async #writeOne(id: PhotoId, to: Destination): Promise<PhotoOutcome> {
		try {
			return await writePhoto(this.#writing, this.#files, id, to);
		} catch (error) {
			if (this.#closed || concernsAllFiles(error)) throw error;
			this.#failed.set(id, whyNotWritten(error));
			return { sidecar: "unwritable", photo: "unwritable" };
		}
	}

	async #noteAllThatDiffer(writing: boolean, to: Destination): Promise<void> {
		const { tagWriting } = this.#parts.catalogue;
		await tagWriting.noteAllThatDiffer(writing, to === "files" ? saysAll : undefined);
	}

	async #requirePossible(keptIn: KeptIn): Promise<void> {
		if (keptIn !== "files") return;
		const { impossible } = await this.photoFiles();
		if (impossible !== null) throw new Refusal("NOT_SUPPORTED", impossible);
	}

	/** A full disk or the like: say so, try again later. */
	#stumble(error: unknown): void {
		if (this.#closed) return;
		this.#trouble = error instanceof Error ? error.message : String(error);
		this.#timer = setTimeout(() => this.#retry(), troubleRetryMs);
		this.#timer.unref();
	}

	#retry(): void {
		this.#trouble = null;
		if (this.#timer !== null) clearTimeout(this.#timer);
		this.wake();
	}
}

/**
 * @file Keeps library and files in step in the background: reads what waits, then writes what is to be written.
 * Whatever is interrupted is found waiting by the next start.
 */
import { setTimeout as delay } from "node:timers/promises";
import { Refusal } from "../../contract/errors.ts";
import type { FileMetadata } from "../../contract/file-metadata.ts";
import type { ChangeId, FolderId, PhotoId } from "../../contract/ids.ts";
import type {
	KeptIn,
	PlannedWrite,
	TagWritingProgress,
	TagWritingStatus,
} from "../../contract/tag-writing.ts";
import { keptInSchema } from "../../contract/tag-writing.ts";
import type { Decoder } from "../decoder/decoder.ts";
import { embeddedReaderVersion } from "../xmp/embedded-metadata.ts";
import { tagsOf } from "../xmp/tag-paths.ts";
import { without } from "./metadata-decision.ts";
import { MetadataReading, type MetadataReadingParts } from "./metadata-reading.ts";
import { planWriting } from "./plan-writing.ts";
import type { SidecarDisk } from "./replace-sidecar.ts";
import { type SidecarWritingParts, type WritingOutcome, writeSidecar } from "./sidecar-writing.ts";

/** Name of the remembered choice where tags are kept; the library alone unless somebody chose otherwise. */
export const keptInSetting = "tagsKeptIn";

export interface TagsInFilesParts extends Omit<MetadataReadingParts, "writing"> {
	decoder: Pick<Decoder, "describe">;
	/** True while photos wait to become searchable; `wake` is called when none does any more. */
	othersBusy(): boolean;
	disk?: SidecarDisk;
}

type Destination = Exclude<KeptIn, "library">;

/** Why photo files cannot be written; null when they can. */
function filesImpossible(): string | null {
	return "Writing into photo files is not there yet.";
}

/** Whose side is right where both changed. */
type SettledBy = "file" | "library" | "both";
const settledWords: Readonly<Record<SettledBy, string>> = {
	file: "Take what the file says",
	library: "Keep what the library says",
	both: "Keep what both say",
};

const atATime = 32;
const progressEveryMs = 100;
/** A condition of the whole computer is tried again after this. */
const troubleRetryMs = 60_000;

export class TagsInFiles {
	readonly #parts: TagsInFilesParts;
	readonly #reading: MetadataReading;
	readonly #writing: SidecarWritingParts;
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

	static async open(parts: TagsInFilesParts): Promise<TagsInFiles> {
		const chosen = keptInSchema.safeParse(await parts.catalogue.settings.get(keptInSetting));
		return new TagsInFiles(parts, chosen.success ? chosen.data : "library");
	}

	private constructor(parts: TagsInFilesParts, keptIn: KeptIn) {
		this.#parts = parts;
		this.#keptIn = keptIn;
		this.#reading = new MetadataReading({ ...parts, writing: () => this.#destination !== null });
		this.#writing = { ...parts, reading: this.#reading };
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
		if (keptIn !== "library") await this.#parts.catalogue.tagWriting.noteAllThatDiffer(true);
		this.#retry();
	}

	/** What `write` would do. */
	async plan(to: Destination, limit: number): Promise<{ writes: PlannedWrite[]; more: boolean }> {
		await this.#parts.catalogue.tagWriting.noteAllThatDiffer(false);
		return planWriting(this.#writing, to, limit);
	}

	/**
	 * Writes once to where it is said, whatever is chosen.
	 * @throws Refusal NOT_SUPPORTED; the system's error when the disk is full or fails.
	 */
	async *write(to: Destination, signal?: AbortSignal): AsyncGenerator<TagWritingProgress> {
		await this.#requirePossible(to);
		// Two at once would read and write the same sidecars.
		while (this.#running !== null) await this.#running;
		const { tagWriting } = this.#parts.catalogue;
		const progress = { done: 0, total: 0, sidecars: 0, photos: 0 };
		const stop = new AbortController();
		const work = async () => {
			await tagWriting.noteAllThatDiffer(true);
			progress.total = await tagWriting.countToWrite();
			const until = AbortSignal.any([stop.signal, ...(signal === undefined ? [] : [signal])]);
			for await (const outcome of this.#written(until)) {
				progress.done += 1;
				if (outcome === "written") progress.sidecars += 1;
			}
		};
		this.#once = to;
		let isDone = false;
		// Goes on whether or not somebody listens, so that nobody who waits for its end waits for a listener.
		const working = work().finally(() => {
			isDone = true;
			this.#once = null;
			this.#running = null;
			this.wake();
		});
		this.#running = working.catch(() => undefined);
		try {
			while (!isDone) {
				if (progress.done < progress.total) yield { ...progress };
				await Promise.race([working, delay(progressEveryMs, undefined, { ref: false })]);
			}
			await working;
			yield { ...progress, done: progress.total };
		} finally {
			stop.abort();
		}
	}

	async restore(): Promise<{ restored: number; refused: { path: string; reason: string }[] }> {
		return { restored: 0, refused: [] };
	}

	/** Ends a conflict, which can be undone; null when there is none. */
	async settle(id: PhotoId, choice: SettledBy): Promise<{ changeId: ChangeId | null } | null> {
		const { tagWriting } = this.#parts.catalogue;
		const conflict = await tagWriting.conflict(id);
		if (conflict === undefined) return null;
		const accepted = await tagWriting.accepted(id);
		// Tags that do not differ are agreed on already.
		const known = await this.#parts.catalogue.fileMetadata.get(id);
		const { fields, fileTags: differing } = conflict;
		const fileTags = differing ?? accepted;
		// A conflict that came back by undoing: the file may have been written since it was found.
		const inFile = conflict.place === "sidecar" ? known?.sidecar : known?.embedded;
		const agreed = inFile === null || inFile === undefined ? differing : tagsOf(inFile);
		// Agreed on what the file has: what the library has besides comes to it, what it lost goes.
		const { changeId } = await tagWriting.settle(id, {
			title: settledWords[choice],
			add: choice === "library" ? [] : without(fileTags, accepted),
			remove: choice === "file" ? without(accepted, fileTags) : [],
			agreed: (differing === null ? known?.agreed : agreed) ?? [],
			take: choice === "file" ? fields : [],
			keep: choice === "file" ? [] : fields,
		});
		this.#parts.onTagsChanged();
		this.wake();
		return { changeId };
	}

	async status(): Promise<TagWritingStatus> {
		const { tagWriting, sidecars } = this.#parts.catalogue;
		const refused = await sidecars.refused(100);
		const written = await tagWriting.countOutsideWrites();
		return {
			keptIn: this.#keptIn,
			waiting: this.#destination === null ? 0 : await tagWriting.countToWrite(),
			conflicts: await tagWriting.countConflicts(),
			sidecarsWritten: written.sidecars,
			photosWritten: written.photos,
			originals: { files: 0, sizeBytes: 0 },
			filesImpossible: filesImpossible(),
			unwritable: await tagWriting.unwritable(),
			refused: refused.map((sidecar) => ({
				path: this.#parts.locate(sidecar) ?? sidecar.relativePath,
				reason: sidecar.refusal ?? "",
			})),
			problem: this.#trouble,
		};
	}

	/** Finishes the file under way. */
	async close(): Promise<void> {
		this.#closed = true;
		if (this.#timer !== null) clearTimeout(this.#timer);
		await this.idle();
	}

	async #work(): Promise<void> {
		while (this.#again && !(this.#closed && this.#started)) {
			this.#again = false;
			await this.#readSidecars();
			if (!this.#started) continue;
			await this.#readPhotos();
			for await (const _ of this.#written());
		}
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
	async *#written(signal?: AbortSignal): AsyncGenerator<WritingOutcome> {
		const { tagWriting } = this.#parts.catalogue;
		let after = 0;
		while (this.#destination !== null && !this.#closed) {
			const ids = await tagWriting.toWrite(after, atATime);
			for (const id of ids) {
				if (this.#destination === null || this.#closed || signal?.aborted === true) return;
				after = id;
				if (this.#setAside.has(id)) continue;
				const outcome = await writeSidecar(this.#writing, id);
				if (outcome === "unwritable" || outcome === "away") this.#setAside.add(id);
				yield outcome;
			}
			if (ids.length === 0) return;
		}
	}

	async #requirePossible(keptIn: KeptIn): Promise<void> {
		const impossible = filesImpossible();
		if (keptIn === "files" && impossible !== null) throw new Refusal("NOT_SUPPORTED", impossible);
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

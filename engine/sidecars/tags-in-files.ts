/**
 * @file Keeps library and files in step in the background: reads what waits, then writes what is to be written.
 * Whatever is interrupted is found waiting by the next start.
 */
import type { FileMetadata } from "../../contract/file-metadata.ts";
import type { FolderId, PhotoId } from "../../contract/ids.ts";
import type { TagWritingStatus } from "../../contract/tag-writing.ts";
import type { Decoder } from "../decoder/decoder.ts";
import { embeddedReaderVersion } from "../xmp/embedded-metadata.ts";
import { without } from "./metadata-decision.ts";
import { MetadataReading, type MetadataReadingParts } from "./metadata-reading.ts";
import type { SidecarDisk } from "./replace-sidecar.ts";
import { type SidecarWritingParts, writeSidecar } from "./sidecar-writing.ts";

/** Name of the remembered choice to write tags beside photos, which is off unless turned on. */
export const writeTagsSetting = "writeTagsBesidePhotos";

export interface TagsInFilesParts extends Omit<MetadataReadingParts, "writing"> {
	decoder: Pick<Decoder, "describe">;
	/** True while photos wait to become searchable; `wake` is called when none does any more. */
	othersBusy(): boolean;
	disk?: SidecarDisk;
}

const atATime = 32;
/** A condition of the whole computer is tried again after this. */
const troubleRetryMs = 60_000;

export class TagsInFiles {
	readonly #parts: TagsInFilesParts;
	readonly #reading: MetadataReading;
	readonly #writing: SidecarWritingParts;
	#enabled: boolean;
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
		return new TagsInFiles(parts, (await parts.catalogue.settings.get(writeTagsSetting)) === true);
	}

	private constructor(parts: TagsInFilesParts, enabled: boolean) {
		this.#parts = parts;
		this.#enabled = enabled;
		this.#reading = new MetadataReading({ ...parts, writing: () => this.#enabled });
		this.#writing = { ...parts, reading: this.#reading };
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
		metadata: FileMetadata,
	): Promise<void> {
		if (await this.#reading.takePhoto(photo, contentHash, metadata)) this.wake();
	}

	async change(enabled: boolean): Promise<void> {
		await this.#parts.catalogue.settings.set(writeTagsSetting, enabled);
		this.#enabled = enabled;
		this.#setAside.clear();
		if (enabled) await this.#parts.catalogue.tagWriting.noteAllThatDiffer();
		this.#retry();
	}

	/** Ends a conflict; returns false when there is none. */
	async settle(id: PhotoId, choice: "file" | "library" | "both"): Promise<boolean> {
		const { tagWriting } = this.#parts.catalogue;
		const conflict = await tagWriting.conflict(id);
		if (conflict === undefined) return false;
		const accepted = await tagWriting.accepted(id);
		const { fileTags } = conflict;
		// Agreed on what the file has: what the library has besides comes to it, what it lost goes.
		await tagWriting.settle(id, {
			add: choice === "library" ? [] : without(fileTags, accepted),
			remove: choice === "file" ? without(accepted, fileTags) : [],
			agreed: fileTags,
		});
		this.#parts.onTagsChanged();
		this.wake();
		return true;
	}

	async status(): Promise<TagWritingStatus> {
		const { tagWriting, sidecars } = this.#parts.catalogue;
		const refused = await sidecars.refused(100);
		return {
			enabled: this.#enabled,
			waiting: this.#enabled ? await tagWriting.countToWrite() : 0,
			conflicts: await tagWriting.countConflicts(),
			sidecarsWritten: (await tagWriting.countOutsideWrites()).sidecars,
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
			await this.#writeSidecars();
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
				const { contentHash, fileMetadata } = described;
				if (await this.#reading.takePhoto(photo, contentHash, fileMetadata)) this.#again = true;
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

	async #writeSidecars(): Promise<void> {
		const { tagWriting } = this.#parts.catalogue;
		let after = 0;
		while (this.#enabled && !this.#closed) {
			const ids = await tagWriting.toWrite(after, atATime);
			for (const id of ids) {
				if (!this.#enabled || this.#closed) return;
				after = id;
				if (this.#setAside.has(id)) continue;
				const outcome = await writeSidecar(this.#writing, id);
				if (outcome === "unwritable" || outcome === "away") this.#setAside.add(id);
			}
			if (ids.length === 0) return;
		}
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

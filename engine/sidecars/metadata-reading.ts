/** @file Takes what files and sidecars say of photos into the catalogue. */
import type { FileMetadata } from "../../contract/file-metadata.ts";
import type { FolderId, PhotoId } from "../../contract/ids.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { SidecarRecord } from "../catalogue/sidecar-table.ts";
import { embeddedReaderVersion } from "../xmp/embedded-metadata.ts";
import { readXmp } from "../xmp/read-xmp.ts";
import { photoNamedBy, withoutExtension } from "../xmp/sidecar-names.ts";
import { UnreadableXmp } from "../xmp/unreadable-xmp.ts";
import { decideReading } from "./metadata-decision.ts";
import { readSidecar, type SidecarOnDisk } from "./sidecar-on-disk.ts";
import { saysAll } from "./wanted-change.ts";

export interface MetadataReadingParts {
	catalogue: Catalogue;
	/** Where a path of a folder is; null while the folder is offline. */
	locate(place: { folderId: FolderId; relativePath: string }): string | null;
	/** Looks whether the folder is still there (and marks it offline if not). */
	confirmFolder(folderId: FolderId): Promise<boolean>;
	/** Tags are written to files. */
	writing(): boolean;
	/** They are also written into photo files. */
	writingFiles(): boolean;
	/** Tags of photos changed. */
	onTagsChanged(): void;
	/** Titles, captions, keywords or stars may have changed. */
	onRead(): void;
	/** A photo turned out to be drawn, or not to be. */
	onDrawnChanged(): void;
}

export class MetadataReading {
	readonly #parts: MetadataReadingParts;

	constructor(parts: MetadataReadingParts) {
		this.#parts = parts;
	}

	/** What was read inside a photo's file. Returns true when a sidecar of it now waits to be read. */
	async takePhoto(
		photo: { id: PhotoId; folderId: FolderId; relativePath: string },
		contentHash: string,
		{ metadata, drawn }: { metadata: FileMetadata; drawn: boolean },
	): Promise<boolean> {
		const { catalogue } = this.#parts;
		const writing = this.#parts.writing();
		const reading = {
			place: "photo" as const,
			contentHash,
			readerVersion: embeddedReaderVersion,
			metadata,
			drawn,
		};
		const before = await catalogue.photos.get(photo.id);
		const changed = await catalogue.fileMetadata.apply(photo.id, reading, (before) =>
			decideReading(metadata, before, writing),
		);
		if (changed) this.#parts.onTagsChanged();
		if (before !== undefined && before.drawn !== drawn) this.#parts.onDrawnChanged();
		this.#parts.onRead();
		if (this.#parts.writingFiles()) await catalogue.tagWriting.noteIfFileDiffers(photo.id, saysAll);
		const { folderId, relativePath } = photo;
		const sidecar = await this.preferred(folderId, relativePath);
		if (sidecar === undefined || sidecar.state === "waiting") return sidecar !== undefined;
		const known = await catalogue.fileMetadata.get(photo.id);
		if (known?.sidecarPath === sidecar.relativePath) return false;
		await catalogue.sidecars.readAgain(folderId, sidecar.relativePath);
		return true;
	}

	/** The sidecar that speaks for a photo; see [Note: Sidecar names]. */
	async preferred(folderId: FolderId, photoPath: string): Promise<SidecarRecord | undefined> {
		const known = await this.#parts.catalogue.sidecars.ofPhoto(
			folderId,
			photoPath,
			withoutExtension(photoPath),
		);
		return known.find(({ state }) => state !== "refused") ?? known[0];
	}

	/** Reads one that waits, for every photo it speaks for. Returns false when its folder is away. */
	async takeSidecar({ folderId, relativePath }: SidecarRecord): Promise<boolean> {
		const { sidecars } = this.#parts.catalogue;
		const filePath = this.#parts.locate({ folderId, relativePath });
		if (filePath === null) return false;
		let found: SidecarOnDisk | null;
		try {
			found = await readSidecar(filePath);
		} catch (error) {
			const reason = error instanceof Error ? error.message : String(error);
			await sidecars.settle(
				folderId,
				{ relativePath, sizeBytes: 0, modifiedAtMs: 0 },
				`It cannot be opened (${reason}).`,
			);
			return true;
		}
		if (found === null) {
			if (!(await this.#parts.confirmFolder(folderId))) return false;
			await this.#forget(folderId, relativePath);
			return true;
		}
		const { sizeBytes, modifiedAtMs } = found;
		const facts = { relativePath, sizeBytes, modifiedAtMs };
		let metadata: FileMetadata;
		try {
			metadata = readXmp(found.bytes);
		} catch (error) {
			if (!(error instanceof UnreadableXmp)) throw error;
			await sidecars.settle(folderId, facts, error.message);
			return true;
		}
		await sidecars.settle(folderId, facts, null);
		for (const photo of await sidecars.photosNamed(folderId, photoNamedBy(relativePath))) {
			const preferred = await this.preferred(folderId, photo.relativePath);
			if (preferred?.relativePath !== relativePath) continue;
			await this.applySidecar(photo.id, relativePath, metadata);
		}
		return true;
	}

	/** Returns true when a conflict is there now. */
	async applySidecar(
		id: PhotoId,
		relativePath: string,
		metadata: FileMetadata | null,
	): Promise<boolean> {
		const writing = this.#parts.writing();
		let conflict = false;
		const changed = await this.#parts.catalogue.fileMetadata.apply(
			id,
			{ place: "sidecar", path: relativePath, metadata },
			(before) => {
				const decision =
					metadata === null
						? { add: [], remove: [], agreed: before.agreed, conflict: null }
						: decideReading(metadata, before, writing);
				conflict = decision.conflict !== null;
				return decision;
			},
		);
		if (changed) this.#parts.onTagsChanged();
		this.#parts.onRead();
		return conflict;
	}

	/** A sidecar that vanished takes no tags with it: who lost the file did not mean to lose the work. */
	async #forget(folderId: FolderId, relativePath: string): Promise<void> {
		const { sidecars, fileMetadata } = this.#parts.catalogue;
		await sidecars.forget(folderId, relativePath);
		for (const photo of await sidecars.photosNamed(folderId, photoNamedBy(relativePath))) {
			const known = await fileMetadata.get(photo.id);
			if (known?.sidecarPath !== relativePath) continue;
			await this.applySidecar(photo.id, relativePath, null);
			const other = await this.preferred(folderId, photo.relativePath);
			if (other !== undefined) await sidecars.readAgain(folderId, other.relativePath);
		}
	}
}

/** @file Brings the catalogue to what was found on disk. One call at a time: the caller sees to that. */
import path from "node:path";
import type { FolderId, PhotoId } from "../../contract/ids.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { FoundFile, PhotoRecord } from "../catalogue/records.ts";
import type { FileChange } from "../watcher/file-change.ts";
import { lookAtFile } from "../watcher/file-facts.ts";
import type { IgnoreRules } from "../watcher/ignore-rules.ts";
import { isAtOrBelow } from "../watcher/walk.ts";
import { hashFile } from "./content-hash.ts";
import type { DepartedEntry, DepartedPhotos } from "./departed-photos.ts";
import type { KnownFiles } from "./known-files.ts";
import type { NestedDrives } from "./nested-drives.ts";
import {
	addedAmong,
	filesToHash,
	type KnownFile,
	planReconciliation,
	renameKey,
} from "./reconcile.ts";
import { apartFromSidecars, type SidecarFiles } from "./sidecar-files.ts";

/** A folder that is online. */
export interface FolderOnDisk {
	id: FolderId;
	/** Absolute, links resolved. */
	rootPath: string;
	/** Fresh rules, which read the ignore files as they are now. */
	newRules(): IgnoreRules;
}

export interface ReconcilerParts {
	catalogue: Catalogue;
	known: KnownFiles;
	departed: DepartedPhotos;
	nestedDrives: NestedDrives;
	sidecars: SidecarFiles;
	/** Null while the folder is offline or no longer belongs. */
	onDisk(folderId: FolderId): FolderOnDisk | null;
	/** Looks again whether the folder is there. */
	confirm(folderId: FolderId): Promise<boolean>;
	onPhotosChanged(): void;
	onWaiting(): void;
	onForgotten(ids: readonly PhotoId[]): void;
}

/** What one scan need not find out twice. */
export interface ScanMemory {
	/** Sizes of every photo known when the scan began: a new file of another size has not been moved. */
	knownSizes: ReadonlySet<number>;
	/** Photos found to be where the catalogue says, so that new files are not them. */
	inPlace: Set<PhotoId>;
}

export class Reconciler {
	readonly #parts: ReconcilerParts;

	constructor(parts: ReconcilerParts) {
		this.#parts = parts;
	}

	/** Takes in files that are there: new ones, moved ones, changed ones. */
	async applyFound(
		folder: FolderOnDisk,
		files: readonly FoundFile[],
		memory?: ScanMemory,
	): Promise<void> {
		const { catalogue, known: knownFiles, departed } = this.#parts;
		const known = await knownFiles.of(folder.id);
		for (const { relativePath } of files) {
			const before = known.get(relativePath);
			if (before !== undefined) departed.delete(before.id);
		}
		const added = addedAmong(known, files);
		const gone = await this.#goneOfSameSize(added, memory);
		const contentHashes = await this.#hashes(folder, filesToHash(added, gone));
		const plan = planReconciliation(known, files, gone, contentHashes);

		const moves = plan.moves.map(({ id, file }) => ({ id, folderId: folder.id, file }));
		await this.#move(moves, new Map(gone.map((photo) => [photo.id, photo])));
		if (plan.discovered.length > 0) {
			const ids = await catalogue.photos.discover(folder.id, plan.discovered);
			if (ids.length !== plan.discovered.length) knownFiles.drop(folder.id);
			else {
				for (const [index, id] of ids.entries()) {
					const file = plan.discovered[index];
					if (file !== undefined) knownFiles.set(folder.id, id, file);
				}
			}
		}
		if (plan.changed.length > 0) await catalogue.photos.markChanged(plan.changed);
		if (plan.touched.length > 0) await catalogue.photos.touch(plan.touched);
		for (const { id, file } of [...plan.changed, ...plan.touched]) {
			knownFiles.set(folder.id, id, file);
		}
		const waiting = plan.discovered.length + plan.changed.length > 0;
		if (waiting || plan.moves.length > 0) this.#parts.onPhotosChanged();
		if (waiting) this.#parts.onWaiting();
	}

	/** Takes in what the watcher saw. What is gone begins its grace period. */
	async applyChanges(folder: FolderOnDisk, changes: readonly FileChange[]): Promise<void> {
		const known = await this.#parts.known.of(folder.id);
		const found: FoundFile[] = [];
		const absent: string[] = [];
		for (const change of changes) {
			if (change.kind === "present") found.push(change.file);
			else absent.push(change.relativePath);
		}
		this.noteAbsent(folder.id, knownAtOrBelow(known, absent), false);
		const { photos, sidecars } = apartFromSidecars(found);
		if (photos.length > 0) await this.applyFound(folder, photos);
		await this.#parts.sidecars.found(folder.id, sidecars);
		await this.#parts.sidecars.absent(folder.id, absent);
	}

	/**
	 * Begins the grace period of photos that were not found. See [Note: Grace period].
	 * @param afterScans it was a scan that did not find them
	 */
	noteAbsent(folderId: FolderId, absent: readonly KnownFile[], afterScans: boolean): void {
		for (const { id, relativePath } of absent) {
			const entry = { id, folderId, relativePath, afterScans };
			this.#parts.departed.note(entry, performance.now());
		}
	}

	/**
	 * Forgets photos whose grace period is over and whose file is really gone: looked at once more, in a
	 * folder that is online after the look too, and not on a nested drive that is away.
	 * @param notedUntilMs on the clock of `noteAbsent`
	 */
	async forgetDeparted(notedUntilMs: number, scansRunning: boolean): Promise<void> {
		await this.#forget(this.#parts.departed.takeDue(notedUntilMs, scansRunning));
	}

	/** Takes in what is at these places now. What is gone is forgotten at once. */
	async lookAgain(
		places: readonly Pick<PhotoRecord, "folderId" | "relativePath">[],
	): Promise<void> {
		for (const [folderId, inFolder] of Map.groupBy(places, (place) => place.folderId)) {
			const folder = this.#parts.onDisk(folderId);
			if (folder === null) continue;
			const rules = folder.newRules();
			const known = await this.#parts.known.of(folderId);
			const found: FoundFile[] = [];
			const gone: KnownFile[] = [];
			for (const { relativePath } of inFolder) {
				const look = await lookAtFile(folder.rootPath, relativePath, rules);
				const before = known.get(relativePath);
				if (look.kind === "present") found.push(look.file);
				else if (before !== undefined) gone.push(before);
			}
			if (found.length > 0) await this.applyFound(folder, found);
			for (const { id } of gone) this.#parts.departed.delete(id);
			await this.#forget(gone.map(({ id, relativePath }) => ({ id, folderId, relativePath })));
		}
	}

	/** Those whose file is really gone, looked at once more. */
	async #forget(
		entries: readonly Pick<DepartedEntry, "id" | "folderId" | "relativePath">[],
	): Promise<void> {
		const { catalogue, known, nestedDrives } = this.#parts;
		const due = Map.groupBy(entries, ({ folderId }) => folderId);
		const forgotten: PhotoRecord[] = [];
		for (const [folderId, entries] of due) {
			const folder = this.#parts.onDisk(folderId);
			if (folder === null) continue;
			const away = await nestedDrives.awayFrom(folderId, folder.rootPath);
			const rules = folder.newRules();
			const gone: PhotoRecord[] = [];
			const pathOf = new Map(entries.map(({ id, relativePath }) => [id, relativePath]));
			for (const photo of await catalogue.photos.getMany([...pathOf.keys()])) {
				if (photo.folderId !== folderId) continue;
				if (photo.relativePath !== pathOf.get(photo.id)) continue;
				if (away.some((place) => isAtOrBelow(place, photo.relativePath))) continue;
				const look = await lookAtFile(folder.rootPath, photo.relativePath, rules);
				if (look.kind === "absent") gone.push(photo);
			}
			if (gone.length > 0 && (await this.#parts.confirm(folderId))) forgotten.push(...gone);
		}
		if (forgotten.length === 0) return;
		const ids: PhotoId[] = [];
		for (const photo of forgotten) {
			if (!(await this.#handOver(photo))) ids.push(photo.id);
		}
		await catalogue.photos.remove(ids);
		for (const photo of forgotten) known.delete(photo.folderId, photo.relativePath, photo.id);
		if (ids.length > 0) this.#parts.onForgotten(ids);
		this.#parts.onPhotosChanged();
	}

	/**
	 * A photo's file is replaced by one that shows the same picture: `store` is told what is there then, so that
	 * no look at the disk finds anything changed. Resolves with false when the folder is away.
	 */
	async replaceFile(
		photo: Pick<PhotoRecord, "id" | "folderId" | "relativePath">,
		replace: (filePath: string) => Promise<void>,
		store: (file: FoundFile) => Promise<void>,
	): Promise<boolean> {
		const folder = this.#parts.onDisk(photo.folderId);
		if (folder === null) return false;
		await replace(path.join(folder.rootPath, photo.relativePath));
		const look = await lookAtFile(folder.rootPath, photo.relativePath, folder.newRules());
		if (look.kind !== "present") return false;
		await store(look.file);
		this.#parts.known.set(photo.folderId, photo.id, look.file);
		return true;
	}

	/**
	 * A photo copied elsewhere and then removed was discovered at its new place before. If it has not been
	 * read there yet, the old row takes the new one's place, and nothing need be read.
	 */
	async #handOver(photo: PhotoRecord): Promise<boolean> {
		if (photo.contentHash === null || photo.state !== "searchable") return false;
		for (const twin of await this.#parts.catalogue.photos.withSize(photo.sizeBytes)) {
			if (twin.id === photo.id || twin.state !== "waiting" || twin.contentHash !== null) continue;
			const folder = this.#parts.onDisk(twin.folderId);
			if (folder === null) continue;
			const contentHash = await hashFile(path.join(folder.rootPath, twin.relativePath));
			if (contentHash !== photo.contentHash) continue;
			const { relativePath, sizeBytes, modifiedAtMs, fileIdentity } = twin;
			const file = { relativePath, sizeBytes, modifiedAtMs, fileIdentity };
			await this.#move(
				[{ id: photo.id, folderId: twin.folderId, file }],
				new Map([[photo.id, photo]]),
			);
			return true;
		}
		return false;
	}

	async #move(
		moves: readonly { id: PhotoId; folderId: FolderId; file: FoundFile }[],
		from: ReadonlyMap<PhotoId, PhotoRecord>,
	): Promise<void> {
		if (moves.length === 0) return;
		const { catalogue, known, departed } = this.#parts;
		const displaced = await catalogue.photos.move(moves);
		for (const { id } of moves) {
			const before = from.get(id);
			if (before !== undefined) known.delete(before.folderId, before.relativePath, id);
			departed.delete(id);
		}
		for (const { id, folderId, file } of moves) known.set(folderId, id, file);
		if (displaced.length > 0) this.#parts.onForgotten(displaced);
	}

	/**
	 * Photos of any online folder that have a new file's size and are no longer at their path. Those that a
	 * rename explains come first: the others are only looked at for files that no rename explains.
	 */
	async #goneOfSameSize(added: readonly FoundFile[], memory?: ScanMemory): Promise<PhotoRecord[]> {
		const gone: PhotoRecord[] = [];
		const look = this.#goneLook();
		for (const [sizeBytes, files] of Map.groupBy(added, (file) => file.sizeBytes)) {
			if (memory !== undefined && !memory.knownSizes.has(sizeBytes)) continue;
			const candidates = (await this.#parts.catalogue.photos.withSize(sizeBytes)).filter(
				(photo) => !memory?.inPlace.has(photo.id),
			);
			const renames = new Set(files.map(renameKey));
			const unexplained = new Set(renames);
			const [likely, others] = [true, false].map((wanted) =>
				candidates.filter((photo) => renames.has(renameKey(photo)) === wanted),
			);
			for (const photo of likely ?? []) {
				if (!(await look(photo, files))) memory?.inPlace.add(photo.id);
				else {
					gone.push(photo);
					unexplained.delete(renameKey(photo));
				}
			}
			if (unexplained.size === 0) continue;
			for (const photo of others ?? []) {
				if (photo.contentHash === null) continue;
				if (await look(photo, files)) gone.push(photo);
				else memory?.inPlace.add(photo.id);
			}
		}
		return gone;
	}

	/** Asks the disk whether a photo has left its path; rules and drives are read once for all questions. */
	#goneLook(): (photo: PhotoRecord, added: readonly FoundFile[]) => Promise<boolean> {
		const rulesOf = new Map<FolderId, IgnoreRules>();
		const awayOf = new Map<FolderId, Promise<string[]>>();
		return async (photo, added) => {
			const folder = this.#parts.onDisk(photo.folderId);
			if (folder === null) return false;
			const rules = rulesOf.get(folder.id) ?? folder.newRules();
			rulesOf.set(folder.id, rules);
			const look = await lookAtFile(folder.rootPath, photo.relativePath, rules);
			if (look.kind === "unknown") return false;
			if (look.kind === "absent") {
				const asked =
					awayOf.get(folder.id) ?? this.#parts.nestedDrives.awayFrom(folder.id, folder.rootPath);
				awayOf.set(folder.id, asked);
				return !(await asked).some((place) => isAtOrBelow(place, photo.relativePath));
			}
			if (!added.some((file) => renameKey(file) === renameKey(photo))) return false;
			// Either another file took its old path, or only capitals or accents' encoding changed on a file
			// system that takes both spellings for the same name.
			return (
				look.file.fileIdentity !== photo.fileIdentity ||
				added.some((file) => spelling(file.relativePath) === spelling(photo.relativePath))
			);
		};
	}

	async #hashes(folder: FolderOnDisk, files: readonly FoundFile[]): Promise<Map<string, string>> {
		const hashes = new Map<string, string>();
		for (const { relativePath } of files) {
			const hash = await hashFile(path.join(folder.rootPath, relativePath));
			if (hash !== null) hashes.set(relativePath, hash);
		}
		return hashes;
	}
}

/** Known files at the given paths, and below those that are not files. One pass, however many there are. */
function knownAtOrBelow(
	known: ReadonlyMap<string, KnownFile>,
	relativePaths: readonly string[],
): KnownFile[] {
	const files: KnownFile[] = [];
	const folders = new Set<string>();
	for (const relativePath of relativePaths) {
		const file = known.get(relativePath);
		if (file !== undefined) files.push(file);
		else folders.add(relativePath);
	}
	if (folders.size === 0) return files;
	for (const file of known.values()) {
		const path = file.relativePath;
		for (let end = path.indexOf("/"); end !== -1; end = path.indexOf("/", end + 1)) {
			if (!folders.has(path.slice(0, end))) continue;
			files.push(file);
			break;
		}
	}
	return files;
}

function spelling(relativePath: string): string {
	return relativePath.normalize("NFC").toLowerCase();
}

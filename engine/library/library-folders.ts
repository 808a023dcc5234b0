/** @file The folders of the library: added, removed, watched, scanned, offline and back. */
import { realpath } from "node:fs/promises";
import path from "node:path";
import { Refusal } from "../../contract/errors.ts";
import type { Folder } from "../../contract/folder.ts";
import type { FolderId } from "../../contract/ids.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { PhotoRecord } from "../catalogue/records.ts";
import type { FileChangeBatch } from "../watcher/file-change.ts";
import { DepartedPhotos } from "./departed-photos.ts";
import { checkFolderToAdd, relativeBelow } from "./folder-placement.ts";
import { findFolder, isSameFolder, placeOf } from "./folder-presence.ts";
import { KnownFiles } from "./known-files.ts";
import type { LibraryFoldersOptions, Whereabouts } from "./library-folders-options.ts";
import { NestedDrives } from "./nested-drives.ts";
import { OneAtATime } from "./one-at-a-time.ts";
import { OpenFolder, type OpenFolderParts } from "./open-folder.ts";
import { Reconciler } from "./reconciler.ts";
import { SidecarFiles } from "./sidecar-files.ts";
import { takeOverFolder } from "./take-over-folder.ts";
import { systemVolumes, type VolumeLookup } from "./volumes.ts";

/**
 * Scans go one after the other; everything that changes the catalogue's files takes turns, so a scan, the
 * watchers and the person may all act at once.
 */
export class LibraryFolders {
	readonly #options: LibraryFoldersOptions;
	readonly #catalogue: Catalogue;
	readonly #volumes: VolumeLookup;
	readonly #known: KnownFiles;
	readonly #departed = new DepartedPhotos();
	readonly #reconciler: Reconciler;
	readonly #folderParts: OpenFolderParts;
	readonly #folders = new Map<FolderId, OpenFolder>();
	/** Turns at changing the catalogue's files. */
	readonly #turns = new OneAtATime();
	readonly #scanQueue = new OneAtATime();
	/** Turns at noting that folders came or went. Never waits for the other two. */
	readonly #presence = new OneAtATime();
	/** Turns at adding and removing. */
	readonly #membership = new OneAtATime();
	readonly #timers = new Set<NodeJS.Timeout>();
	#libraryPath: string;
	#closed = false;

	constructor(options: LibraryFoldersOptions) {
		this.#options = options;
		this.#catalogue = options.catalogue;
		this.#libraryPath = path.resolve(options.libraryPath);
		this.#volumes = options.volumes ?? systemVolumes();
		this.#known = new KnownFiles(options.catalogue);
		const nestedDrives = new NestedDrives(options.catalogue.settings);
		const sidecars = new SidecarFiles(options.catalogue.sidecars, () => options.onSidecars?.());
		this.#reconciler = new Reconciler({
			catalogue: options.catalogue,
			known: this.#known,
			departed: this.#departed,
			nestedDrives,
			sidecars,
			onDisk: (id) => this.#onlineFolder(id),
			confirm: (id) => this.confirm(id),
			onPhotosChanged: options.onPhotosChanged,
			onWaiting: options.onWaiting,
			onForgotten: options.onForgotten,
		});
		this.#folderParts = {
			scanParts: {
				catalogue: options.catalogue,
				known: this.#known,
				nestedDrives,
				reconciler: this.#reconciler,
				sidecars,
				turns: this.#turns,
				...(options.walk !== undefined && { walk: options.walk }),
			},
			scanQueue: this.#scanQueue,
			excludedFolders: (rootPath) => this.#excludedFolders(rootPath),
			confirm: (id) => this.confirm(id),
			onBatch: (folder, batch) => this.#onBatch(folder, batch),
			onStateChanged: () => {
				if (!this.#closed) options.onFoldersChanged();
			},
			watchOptions: options.watchOptions ?? {},
		};
	}

	/** Finds out which folders are there. When live, begins to watch and scan them in the background. */
	async start(): Promise<void> {
		this.#libraryPath = await realpath(this.#libraryPath).catch(() => this.#libraryPath);
		for (const record of await this.#catalogue.folders.list()) {
			// Every folder that is there counts as having come back, which is what begins watch and scan.
			const folder = new OpenFolder({ ...record, offline: true }, this.#folderParts);
			this.#folders.set(record.id, folder);
		}
		await this.#rehomeFolders();
		await this.#confirmAll();
		for (const folder of this.#folders.values()) {
			await this.#catalogue.folders.update(folder.id, { offline: folder.record.offline });
		}
		if (!this.#options.live) return;
		const { presenceIntervalMs = 5000, graceMs = 3000 } = this.#options;
		this.#timers.add(setInterval(() => this.#inBackground(this.#confirmAll()), presenceIntervalMs));
		const forget = () => {
			if (this.#departed.size === 0) return;
			this.#inBackground(this.#forget(performance.now() - graceMs));
		};
		this.#timers.add(setInterval(forget, Math.max(50, graceMs / 4)));
	}

	/** True while any folder is being compared with the disk, or about to be. */
	get scanning(): boolean {
		return [...this.#folders.values()].some((folder) => folder.scanning);
	}

	async list(): Promise<Folder[]> {
		return Promise.all([...this.#folders.values()].map((folder) => folder.describe()));
	}

	/** Where a photo's file is, or was when its folder was last seen. */
	whereabouts(photo: Pick<PhotoRecord, "folderId" | "relativePath">): Whereabouts {
		const folder = this.#folders.get(photo.folderId);
		if (folder === undefined) return { path: photo.relativePath, offline: true };
		return {
			path: path.join(folder.rootPath, photo.relativePath),
			offline: folder.record.offline,
		};
	}

	/** Looks whether a folder is there now, and notes when that has changed. */
	confirm(id: FolderId): Promise<boolean> {
		return this.#presence.run(async () => {
			const folder = this.#folders.get(id);
			if (folder === undefined || this.#closed) return false;
			const presence = await findFolder(folder.record, this.#volumes);
			if (presence.state === "offline") {
				if (!folder.record.offline) await this.#goOffline(folder);
				return false;
			}
			if (folder.record.offline || folder.rootPath !== presence.path) {
				await this.#comeOnline(folder, presence.path);
			}
			return true;
		});
	}

	/**
	 * Adds a folder and begins to scan it. One that is already there, or that lies in one that is, changes
	 * nothing; one that holds others takes their photos over.
	 * @throws Refusal FOLDER_NOT_ALLOWED with the reason.
	 */
	add(askedPath: string): Promise<Folder> {
		return this.#membership.run(async () =>
			this.#addReal(await checkFolderToAdd(askedPath, this.#libraryPath)),
		);
	}

	/** The same for a folder of pictures inside the library's own, which persons cannot add. */
	addOwn(ownPath: string): Promise<Folder> {
		return this.#membership.run(async () => this.#addReal(await realpath(ownPath)));
	}

	async #addReal(realPath: string): Promise<Folder> {
		await this.#confirmAll();
		const covering = this.#folderCovering(realPath) ?? (await this.#rehome(realPath));
		if (covering !== undefined) return covering.describe();
		const place = await placeOf(realPath, this.#volumes);
		const record = await this.#catalogue.folders.add({ ...place, lastPath: realPath });
		const folder = new OpenFolder({ ...record, offline: false }, this.#folderParts);
		this.#folders.set(record.id, folder);
		await this.#absorbInto(folder);
		this.#begin(folder);
		this.#options.onFoldersChanged();
		return folder.describe();
	}

	/**
	 * Forgets a folder and its photos; the files stay. Returns how many photos were forgotten.
	 * @throws Refusal FOLDER_NOT_FOUND
	 */
	remove(id: FolderId): Promise<number> {
		return this.#membership.run(async () => {
			const folder = this.#require(id);
			this.#folders.delete(id);
			await folder.stop();
			const forgotten = await this.#turns.run(async () => {
				this.#departed.dropFolder(id);
				this.#known.drop(id);
				return this.#catalogue.folders.remove(id);
			});
			if (forgotten.length > 0) this.#options.onForgotten(forgotten.map((photo) => photo.id));
			this.#options.onPhotosChanged();
			this.#options.onFoldersChanged();
			return forgotten.length;
		});
	}

	/**
	 * Compares a folder with the disk; resolves when that is done.
	 * @throws Refusal FOLDER_NOT_FOUND, FOLDER_OFFLINE, DISK_FULL
	 */
	async rescan(id: FolderId): Promise<void> {
		const folder = this.#require(id);
		if (!(await this.confirm(id))) {
			throw new Refusal("FOLDER_OFFLINE", undefined, { path: folder.rootPath });
		}
		await folder.scan();
		if (this.#options.live || this.#departed.size === 0) return;
		// What is gone here may lie in another folder, where nothing is watching.
		const others = [...this.#folders.values()].filter((other) => other !== folder);
		await Promise.all(others.map((other) => other.scan()));
		await this.#forget(performance.now());
	}

	/** Compares every folder that is there with the disk; resolves when all is done. */
	async scanAll(): Promise<void> {
		await this.#confirmAll();
		const online = [...this.#folders.values()].filter((folder) => !folder.record.offline);
		await Promise.all(online.map((folder) => folder.scan()));
		await this.#forget(performance.now());
	}

	/** See `Reconciler.replaceFile`; while it lasts, nothing else looks at photos' files. */
	replaceFile(...change: Parameters<Reconciler["replaceFile"]>): Promise<boolean> {
		return this.#turns.run(() => this.#reconciler.replaceFile(...change));
	}

	/**
	 * Looks at these files right away, for we moved them ourselves: what is gone from its place went nowhere in the
	 * library, so it is forgotten without a grace period, and what is back is read.
	 */
	lookAgain(places: readonly Pick<PhotoRecord, "folderId" | "relativePath">[]): Promise<void> {
		return this.#turns.run(() => this.#reconciler.lookAgain(places));
	}

	/** Stops watching; a scan under way stops after its batch. Safe to call twice. */
	async close(): Promise<void> {
		this.#closed = true;
		for (const timer of this.#timers) clearTimeout(timer);
		this.#timers.clear();
		await this.#membership.idle();
		await Promise.all([...this.#folders.values()].map((folder) => folder.stop()));
		await this.#scanQueue.idle();
		await this.#turns.idle();
		await this.#presence.idle();
		this.#known.drop();
	}

	async #confirmAll(): Promise<void> {
		await Promise.all([...this.#folders.keys()].map((id) => this.confirm(id)));
	}

	async #goOffline(folder: OpenFolder): Promise<void> {
		folder.record = { ...folder.record, offline: true };
		this.#departed.dropFolder(folder.id);
		await folder.stop();
		await this.#catalogue.folders.update(folder.id, { offline: true });
		this.#options.onFoldersChanged();
	}

	async #comeOnline(folder: OpenFolder, folderPath: string): Promise<void> {
		await folder.stop();
		folder.reopen({ ...folder.record, offline: false, lastPath: folderPath });
		await this.#catalogue.folders.update(folder.id, { offline: false, lastPath: folderPath });
		if (this.#options.live) this.#begin(folder);
		this.#options.onFoldersChanged();
		this.#options.onWaiting();
	}

	#begin(folder: OpenFolder): void {
		this.#inBackground(this.#options.live ? folder.watchAndScan() : folder.scan(), folder);
	}

	#onBatch(folder: OpenFolder, batch: FileChangeBatch): void {
		if (this.#closed || folder.stopped) return;
		if (batch.changes.length > 0) {
			const applied = this.#turns.run(async () => {
				if (!folder.stopped) await this.#reconciler.applyChanges(folder, batch.changes);
			});
			this.#inBackground(applied, folder);
		}
		if (batch.rescanNeeded) this.#inBackground(folder.scan(), folder);
	}

	#forget(notedUntilMs: number): Promise<void> {
		return this.#turns.run(() => this.#reconciler.forgetDeparted(notedUntilMs, this.scanning));
	}

	/** A full disk or the like: what was missed is found by a later scan. */
	#inBackground(work: Promise<void>, folder?: OpenFolder): void {
		work.catch((error: unknown) => {
			this.#known.drop();
			if (this.#closed) return;
			this.#options.onTrouble?.(error);
			if (folder === undefined) return;
			const timer = setTimeout(() => {
				this.#timers.delete(timer);
				if (!folder.stopped) this.#inBackground(folder.scan(), folder);
			}, this.#options.retryMs ?? 30_000);
			this.#timers.add(timer);
		});
	}

	#onlineFolder(id: FolderId): OpenFolder | null {
		const folder = this.#folders.get(id);
		return folder === undefined || folder.record.offline ? null : folder;
	}

	#require(id: FolderId): OpenFolder {
		const folder = this.#folders.get(id);
		if (folder === undefined) throw new Refusal("FOLDER_NOT_FOUND");
		return folder;
	}

	/** The library's own folder, and folders of the library which lie inside but stay apart. */
	#excludedFolders(rootPath: string): string[] {
		const others = [...this.#folders.values()].map((folder) => folder.rootPath);
		return [this.#libraryPath, ...others].filter((other) => relativeBelow(rootPath, other));
	}

	/** The online folder whose scan would come across this one. */
	#folderCovering(realPath: string): OpenFolder | undefined {
		return [...this.#folders.values()].find((folder) => {
			if (folder.record.offline) return false;
			const below = relativeBelow(folder.rootPath, realPath);
			return below === "" || (below !== null && folder.newRules().belongs(below, "folder"));
		});
	}

	/** Takes over the photos of folders inside this one, on the same drive. Embeddings are kept. */
	async #absorbInto(parent: OpenFolder): Promise<void> {
		for (const child of [...this.#folders.values()]) {
			if (child === parent || child.record.offline) continue;
			if (child.record.volumeId !== parent.record.volumeId) continue;
			const below = relativeBelow(parent.rootPath, child.rootPath);
			if (!below) continue;
			this.#folders.delete(child.id);
			if (!parent.newRules().belongs(below, "folder")) {
				this.#folders.set(child.id, child);
				continue;
			}
			await child.stop();
			await this.#turns.run(async () => {
				const displaced = await takeOverFolder(this.#catalogue, parent.id, child.id, below);
				this.#departed.dropFolder(child.id);
				this.#known.drop();
				if (displaced.length > 0) this.#options.onForgotten(displaced);
				this.#options.onPhotosChanged();
			});
		}
	}

	/** Offline folders whose photos are all where they were, on a drive with a new identity. */
	async #rehomeFolders(): Promise<void> {
		for (const folder of this.#folders.values()) {
			const presence = await findFolder(folder.record, this.#volumes);
			if (presence.state === "offline") await this.#rehome(folder.rootPath);
		}
	}

	async #rehome(realPath: string): Promise<OpenFolder | undefined> {
		for (const folder of this.#folders.values()) {
			if (!folder.record.offline || folder.rootPath !== realPath) continue;
			if (!(await isSameFolder(realPath, await this.#known.of(folder.id)))) continue;
			const place = await placeOf(realPath, this.#volumes);
			await this.#catalogue.folders.update(folder.id, place);
			folder.record = { ...folder.record, ...place };
			await this.confirm(folder.id);
			return folder;
		}
		return undefined;
	}
}

/** @file One folder of the library while the engine runs: its watch and its scans. */
import path from "node:path";
import type { Folder } from "../../contract/folder.ts";
import type { FolderId } from "../../contract/ids.ts";
import type { FolderRecord } from "../catalogue/records.ts";
import type { FileChangeBatch, FolderWatch } from "../watcher/file-change.ts";
import { meansMissing } from "../watcher/file-facts.ts";
import { IgnoreRules } from "../watcher/ignore-rules.ts";
import { type WatchFolderOptions, watchFolder } from "../watcher/watch-folder.ts";
import type { OneAtATime } from "./one-at-a-time.ts";
import type { FolderOnDisk } from "./reconciler.ts";
import { type ScanParts, scanFolder } from "./scan.ts";

/** As many as the contract lets a client hear of. */
const mostUnreadable = 100;

export interface OpenFolderParts {
	scanParts: ScanParts;
	/** Folders are scanned one after the other: the disk is the same. */
	scanQueue: OneAtATime;
	/** Absolute folders below the given root that are not its own. */
	excludedFolders(rootPath: string): string[];
	/** Looks whether the folder is there, right before it is scanned. */
	confirm(id: FolderId): Promise<boolean>;
	onBatch(folder: OpenFolder, batch: FileChangeBatch): void;
	/** `scanning` or `watched` changed. */
	onStateChanged(): void;
	watchOptions: Partial<WatchFolderOptions>;
}

export class OpenFolder implements FolderOnDisk {
	record: FolderRecord;
	readonly #parts: OpenFolderParts;
	#watch: FolderWatch | null = null;
	/** Ends scans under way and in the queue; replaced when the folder comes back. */
	#stopping = new AbortController();
	#waitingScan: Promise<void> | null = null;
	#scansWanted = 0;
	/** What the last scan could not read, below the root. */
	#unreadable: string[] = [];

	constructor(record: FolderRecord, parts: OpenFolderParts) {
		this.record = record;
		this.#parts = parts;
	}

	get id(): FolderId {
		return this.record.id;
	}

	get rootPath(): string {
		return this.record.lastPath;
	}

	/** A scan is under way or about to be. */
	get scanning(): boolean {
		return this.#scansWanted > 0;
	}

	/** False only where the system refused to watch. */
	get watched(): boolean {
		return this.#watch?.watching ?? true;
	}

	newRules(): IgnoreRules {
		return new IgnoreRules(this.rootPath, this.#parts.excludedFolders(this.rootPath));
	}

	/**
	 * Begins to watch, then scans: what happens from here on is seen by one or the other. The folder counts
	 * as being scanned all the while.
	 */
	async watchAndScan(): Promise<void> {
		this.#scansWanted++;
		try {
			if (this.#watch === null && !this.stopped) {
				this.#watch = watchFolder(this.rootPath, {
					...this.#parts.watchOptions,
					excludedFolders: this.#parts.excludedFolders(this.rootPath),
					onBatch: (batch) => this.#parts.onBatch(this, batch),
					onWatchingChanged: () => this.#parts.onStateChanged(),
				});
				await this.#watch.ready;
			}
			await this.scan();
		} finally {
			this.#scansWanted--;
			this.#parts.onStateChanged();
		}
	}

	/** Scans when it is this folder's turn; one that is still waiting for its turn serves all who ask. */
	scan(): Promise<void> {
		if (this.#waitingScan !== null) return this.#waitingScan;
		const { signal } = this.#stopping;
		this.#scansWanted++;
		this.#parts.onStateChanged();
		const scan = this.#parts.scanQueue
			.run(async () => {
				this.#waitingScan = null;
				if (signal.aborted || !(await this.#parts.confirm(this.id))) return;
				const { unread } = await scanFolder(this.#parts.scanParts, this, signal);
				const hidden = unread.filter(({ code }) => !meansMissing(code));
				this.#unreadable = hidden.slice(0, mostUnreadable).map((item) => item.relativePath);
				// It was there when the scan began, and may be gone now.
				if (unread.some(({ relativePath }) => relativePath === "")) {
					await this.#parts.confirm(this.id);
				}
			})
			.finally(() => {
				this.#scansWanted--;
				this.#parts.onStateChanged();
			});
		this.#waitingScan = scan;
		return scan;
	}

	/** The folder as clients see it. */
	async describe(): Promise<Folder> {
		const { catalogue } = this.#parts.scanParts;
		const { photos, searchable, failed } = await catalogue.photos.counts(this.id);
		return {
			id: this.id,
			path: this.rootPath,
			name: path.basename(this.rootPath) || this.rootPath,
			state: this.record.offline ? "offline" : "online",
			photos,
			searchable,
			failed,
			scanning: this.scanning,
			watched: this.watched,
			unreadable: this.#unreadable,
		};
	}

	/** Ends watch and scans; batches and scans under way change nothing any more. */
	async stop(): Promise<void> {
		this.#stopping.abort();
		this.#waitingScan = null;
		const watch = this.#watch;
		this.#watch = null;
		await watch?.close();
	}

	/** After `stop`: the folder is there again, perhaps elsewhere. */
	reopen(record: FolderRecord): void {
		this.record = record;
		this.#stopping = new AbortController();
	}

	get stopped(): boolean {
		return this.#stopping.signal.aborted;
	}
}

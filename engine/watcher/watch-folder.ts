/** @file Watches one root through chokidar and reports settled batches of changes. */

import { lstat } from "node:fs/promises";
import path from "node:path";
import { type ChokidarOptions, type FSWatcher, watch } from "chokidar";
import type { FileChange, FileChangeBatch, FolderWatch } from "./file-change.ts";
import { errorCode, type FileLook, lookAtFile } from "./file-facts.ts";
import { IgnoreRules, ignoreFileName } from "./ignore-rules.ts";
import { Settling } from "./settling.ts";

/** What is used of chokidar, so that a failing watch can be acted out. */
export type StartWatch = (
	rootPath: string,
	options: ChokidarOptions,
) => Pick<FSWatcher, "on" | "close">;

export interface WatchFolderOptions {
	/** Absolute folders below the root that are left out. */
	excludedFolders?: readonly string[];
	onBatch: (batch: FileChangeBatch) => void;
	/** `watching` changed: the system refused, or an ignore file made a new start necessary. */
	onWatchingChanged?: () => void;
	quietMs?: number;
	maxWaitMs?: number;
	/** How often a rescan is asked for where watching is impossible. */
	fallbackIntervalMs?: number;
	startWatch?: StartWatch;
}

/**
 * Starts watching. The walk chokidar begins with reports nothing: await `ready`, then scan, and no
 * change falls between the two.
 *
 * A watch that fails never throws. Where the system refuses (inotify's limit, too many open files) it
 * ends, `watching` turns false and a batch with `rescanNeeded` comes at intervals. A changed ignore file
 * restarts it, because chokidar decides once which folders it enters, and asks for a rescan.
 * @param realRootPath absolute, links resolved
 */
export function watchFolder(realRootPath: string, options: WatchFolderOptions): FolderWatch {
	return new ChokidarFolderWatch(realRootPath, options);
}

class ChokidarFolderWatch implements FolderWatch {
	readonly rootPath: string;
	readonly ready: Promise<void>;
	readonly #options: WatchFolderOptions;
	readonly #settling: Settling;
	#rules: IgnoreRules;
	#watcher: Pick<FSWatcher, "on" | "close"> | null = null;
	#watching = false;
	#fallbackTimer: NodeJS.Timeout | null = null;
	#rescanTimer: NodeJS.Timeout | null = null;
	#closed = false;

	constructor(rootPath: string, options: WatchFolderOptions) {
		this.rootPath = rootPath;
		this.#options = options;
		this.#rules = this.#newRules();
		this.#settling = new Settling({
			look: (relativePath) => this.#look(relativePath),
			onSettled: (changes) => this.#report(changes, false),
			...(options.quietMs !== undefined && { quietMs: options.quietMs }),
			...(options.maxWaitMs !== undefined && { maxWaitMs: options.maxWaitMs }),
		});
		this.ready = this.#start();
	}

	get watching(): boolean {
		return this.#watching;
	}

	async close(): Promise<void> {
		this.#closed = true;
		this.#settling.close();
		if (this.#fallbackTimer !== null) clearInterval(this.#fallbackTimer);
		if (this.#rescanTimer !== null) clearTimeout(this.#rescanTimer);
		const watcher = this.#watcher;
		this.#watcher = null;
		await watcher?.close();
	}

	#newRules(): IgnoreRules {
		return new IgnoreRules(this.rootPath, this.#options.excludedFolders);
	}

	#start(): Promise<void> {
		this.#rules = this.#newRules();
		const rules = this.#rules;
		return new Promise((resolve) => {
			try {
				const watcher = (this.#options.startWatch ?? watch)(this.rootPath, {
					ignoreInitial: true,
					followSymlinks: false,
					// Our own settling covers what these do, and renames besides.
					atomic: false,
					awaitWriteFinish: false,
					ignorePermissionErrors: true,
					ignored: (absolutePath, stats) => {
						if (stats === undefined) return false;
						const relativePath = this.#relative(absolutePath);
						if (relativePath === "" || relativePath.startsWith("..")) return false;
						if (path.basename(relativePath) === ignoreFileName) return false;
						return !rules.belongs(relativePath, stats.isDirectory() ? "folder" : "file");
					},
				});
				this.#watcher = watcher;
				this.#setWatching(true);
				watcher.on("all", (event, absolutePath) => {
					if (watcher === this.#watcher) this.#onEvent(event, absolutePath);
				});
				watcher.on("error", (error) => {
					if (watcher !== this.#watcher) return;
					this.#onError(error);
					resolve();
				});
				watcher.on("ready", () => resolve());
			} catch (error) {
				this.#onError(error);
				resolve();
			}
		});
	}

	#onEvent(event: string, absolutePath: string): void {
		const relativePath = this.#relative(absolutePath);
		if (path.basename(relativePath) === ignoreFileName) {
			void this.#restart();
			return;
		}
		// The root itself coming or going is for whoever knows about drives.
		if (relativePath === "") this.#requestRescan();
		else if (event !== "addDir") this.#settling.note(relativePath);
	}

	#onError(error: unknown): void {
		const code = errorCode(error);
		if (code === "ENOSPC" || code === "EMFILE" || code === "ENFILE" || code === "ENOSYS") {
			void this.#giveUp();
		}
		this.#requestRescan();
	}

	async #giveUp(): Promise<void> {
		const watcher = this.#watcher;
		this.#watcher = null;
		this.#setWatching(false);
		if (this.#fallbackTimer === null && !this.#closed) {
			const intervalMs = this.#options.fallbackIntervalMs ?? 60_000;
			this.#fallbackTimer = setInterval(() => this.#report([], true), intervalMs);
		}
		await watcher?.close();
	}

	async #restart(): Promise<void> {
		const watcher = this.#watcher;
		if (watcher === null || this.#closed) return;
		this.#watcher = null;
		await watcher.close();
		if (this.#closed) return;
		await this.#start();
		this.#requestRescan();
	}

	/** Errors come in swarms, one for each folder: one rescan answers them all. */
	#requestRescan(): void {
		if (this.#closed || this.#rescanTimer !== null) return;
		this.#rescanTimer = setTimeout(() => {
			this.#rescanTimer = null;
			this.#report([], true);
		}, this.#options.quietMs ?? 300);
	}

	#report(changes: FileChange[], rescanNeeded: boolean): void {
		if (!this.#closed) this.#options.onBatch({ rootPath: this.rootPath, changes, rescanNeeded });
	}

	#setWatching(watching: boolean): void {
		if (this.#watching === watching) return;
		this.#watching = watching;
		this.#options.onWatchingChanged?.();
	}

	#relative(absolutePath: string): string {
		return path.relative(this.rootPath, absolutePath).split(path.sep).join("/");
	}

	/** A folder that vanished has no photo's name, so it is looked at by itself. */
	async #look(relativePath: string): Promise<FileLook> {
		const look = await lookAtFile(this.rootPath, relativePath, this.#rules);
		if (look.kind !== "absent") return look;
		try {
			const stats = await lstat(path.join(this.rootPath, relativePath));
			return stats.isDirectory() ? { kind: "unknown", code: "EISDIR" } : look;
		} catch {
			return look;
		}
	}
}

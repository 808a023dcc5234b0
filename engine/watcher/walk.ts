/** @file Walks a root and yields its photo files in batches, telling which folders it could not read. */
import type { Dirent } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import path from "node:path";
import type { FileFacts } from "./file-change.ts";
import { errorCode, identityOf, meansMissing, readFileFacts } from "./file-facts.ts";
import type { IgnoreRules } from "./ignore-rules.ts";

/** A folder, or a single file, whose contents are unknown: nothing below it may be taken for deleted. */
export interface UnreadPath {
	/** "" for the root itself. */
	relativePath: string;
	/**
	 * Node's error code, such as `EACCES`; `ENOENT` when a folder vanished during the walk; `EILSEQ` for a
	 * name whose bytes are no text, which Node can list but not open.
	 */
	code: string;
}

export interface WalkBatch {
	files: FileFacts[];
	unread: UnreadPath[];
	/** Folders where another volume begins. */
	nestedMounts: string[];
}

export interface WalkOptions {
	/** Decides what belongs; remembers ignore files, so give each walk its own. */
	rules: IgnoreRules;
	signal?: AbortSignal;
	/** Files in a batch, at least; a batch also ends when its folder's slice does. */
	batchSize?: number;
	/** Files looked at side by side. Node's own pool does four at a time; more only hides its latency. */
	concurrency?: number;
	/** Replaceable so that failing disks can be acted out. */
	readFolder?: (absolutePath: string) => Promise<Dirent[]>;
}

/**
 * Walks depth first, later names first: folders named by date then come newest first.
 * See [Note: Symbolic links] for what is followed. Bind mounts can still loop, so no folder (by device
 * and inode) is entered twice. Memory grows with the number of folders, not of files.
 * @param realRootPath absolute, links resolved
 */
export async function* walkFolder(
	realRootPath: string,
	options: WalkOptions,
): AsyncGenerator<WalkBatch, void, undefined> {
	const { rules, signal, batchSize = 256, concurrency = 32 } = options;
	const readFolder = options.readFolder ?? ((folder) => readdir(folder, { withFileTypes: true }));
	const entered = new Set<string>();
	const stack = [{ folder: "", parentDevice: "" }];
	let batch: WalkBatch = { files: [], unread: [], nestedMounts: [] };

	for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
		const { folder, parentDevice } = next;
		if (signal?.aborted) return;
		const absolutePath = path.join(realRootPath, folder);
		let entries: Dirent[];
		let device: string;
		try {
			const stats = await lstat(absolutePath, { bigint: true });
			if (!stats.isDirectory()) throw Object.assign(new Error("Not a folder"), { code: "ENOTDIR" });
			const identity = identityOf(stats);
			if (entered.has(identity)) continue;
			entered.add(identity);
			device = String(stats.dev);
			entries = await readFolder(absolutePath);
		} catch (error) {
			const code = errorCode(error);
			const isNoText = code === "ENOENT" && hasLostBytes(folder);
			batch.unread.push({ relativePath: folder, code: isNoText ? "EILSEQ" : code });
			continue;
		}
		if (parentDevice !== "" && parentDevice !== device) batch.nestedMounts.push(folder);

		const fileNames: string[] = [];
		const folderNames: string[] = [];
		for (const entry of entries) {
			if (entry.isDirectory()) {
				if (rules.entryBelongs(folder, entry.name, "folder")) folderNames.push(entry.name);
			} else if (entry.isFile() || entry.isSymbolicLink()) {
				if (rules.entryBelongs(folder, entry.name, "file")) fileNames.push(entry.name);
			}
		}
		for (const name of folderNames.sort()) {
			stack.push({ folder: joinRelative(folder, name), parentDevice: device });
		}
		for (let start = 0; start < fileNames.length; start += concurrency) {
			if (signal?.aborted) return;
			const slice = fileNames.slice(start, start + concurrency);
			const looks = await Promise.all(
				slice.map((name) => readFileFacts(realRootPath, joinRelative(folder, name), rules)),
			);
			for (const [index, look] of looks.entries()) {
				const relativePath = joinRelative(folder, slice[index] ?? "");
				if (look.kind === "present") batch.files.push(look.file);
				else if (look.kind === "unknown" && !meansMissing(look.code)) {
					batch.unread.push({ relativePath, code: look.code });
				} else if (hasLostBytes(slice[index] ?? "")) {
					batch.unread.push({ relativePath, code: "EILSEQ" });
				}
			}
			if (batch.files.length >= batchSize) {
				yield batch;
				batch = { files: [], unread: [], nestedMounts: [] };
			}
		}
	}
	if (batch.files.length + batch.unread.length + batch.nestedMounts.length > 0) yield batch;
}

/** Node puts this character where a name's bytes are no UTF-8, as old archives and disks have them. */
function hasLostBytes(name: string): boolean {
	return name.includes("\uFFFD");
}

/** Joins parts of a path below a root with `/`, on every platform. */
function joinRelative(folder: string, name: string): string {
	return folder === "" ? name : `${folder}/${name}`;
}

/** True for the folder itself and everything below it; "" holds everything. */
export function isAtOrBelow(folder: string, relativePath: string): boolean {
	return folder === "" || relativePath === folder || relativePath.startsWith(`${folder}/`);
}

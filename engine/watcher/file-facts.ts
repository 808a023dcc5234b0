/**
 * @file What the file system says of one photo file.
 *
 * [Note: Symbolic links] Linked folders are never entered: one inside the root is reached by its own
 * path, and one outside it was not given to us. That also rules out loops. A linked file counts as a
 * photo under the link's path, unless it points at a photo below the same root, which is already
 * there under its own path.
 */
import type { BigIntStats } from "node:fs";
import { lstat, realpath, stat } from "node:fs/promises";
import path from "node:path";
import type { FileFacts } from "./file-change.ts";
import type { IgnoreRules } from "./ignore-rules.ts";

export type FileLook =
	| { kind: "present"; file: FileFacts }
	/** Nothing there, or something that is not a photo of this folder. */
	| { kind: "absent" }
	/** It may be there, but the system will not say. `code` is Node's error code. */
	| { kind: "unknown"; code: string };

/** Node's code of a file system error, such as `ENOENT`; "" for anything else that was thrown. */
export function errorCode(error: unknown): string {
	return error instanceof Error && "code" in error && typeof error.code === "string"
		? error.code
		: "";
}

/** True for the errors which mean that a path leads nowhere. */
export function meansMissing(code: string): boolean {
	return code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP";
}

/** Equal before and after a rename on the same volume. */
export function identityOf(stats: BigIntStats): string {
	return `${stats.dev}:${stats.ino}`;
}

/**
 * Looks at an entry whose path is known to belong.
 * @param realRootPath the root with every link in it resolved
 */
export async function readFileFacts(
	realRootPath: string,
	relativePath: string,
	rules: IgnoreRules,
): Promise<FileLook> {
	const absolutePath = path.join(realRootPath, relativePath);
	try {
		let stats = await lstat(absolutePath, { bigint: true });
		if (stats.isSymbolicLink()) {
			const target = await realpath(absolutePath);
			if (isPhotoBelow(realRootPath, target, rules)) return { kind: "absent" };
			stats = await stat(target, { bigint: true });
		}
		if (!stats.isFile()) return { kind: "absent" };
		return {
			kind: "present",
			file: {
				relativePath,
				sizeBytes: Number(stats.size),
				modifiedAtMs: Number(stats.mtimeMs),
				fileIdentity: identityOf(stats),
			},
		};
	} catch (error) {
		const code = errorCode(error);
		return meansMissing(code) ? { kind: "absent" } : { kind: "unknown", code };
	}
}

/** Looks at any path below the root, as a walk would find it: ignored and linked folders included. */
export async function lookAtFile(
	realRootPath: string,
	relativePath: string,
	rules: IgnoreRules,
): Promise<FileLook> {
	if (!rules.belongs(relativePath, "file")) return { kind: "absent" };
	const folderPath = path.dirname(path.join(realRootPath, relativePath));
	try {
		if ((await realpath(folderPath)) !== folderPath) return { kind: "absent" };
	} catch (error) {
		const code = errorCode(error);
		return meansMissing(code) ? { kind: "absent" } : { kind: "unknown", code };
	}
	return readFileFacts(realRootPath, relativePath, rules);
}

function isPhotoBelow(realRootPath: string, target: string, rules: IgnoreRules): boolean {
	const below = path.relative(realRootPath, target);
	if (below === "" || below === ".." || below.startsWith(`..${path.sep}`)) return false;
	if (path.isAbsolute(below)) return false;
	return rules.belongs(below.split(path.sep).join("/"), "file");
}

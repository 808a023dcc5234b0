/** @file Which folders may be added, and how one lies to another. */
import { readdir, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { Refusal } from "../../contract/errors.ts";
import { errorCode } from "../watcher/file-facts.ts";

/**
 * The folder a person asked to add, links resolved.
 * @throws Refusal FOLDER_NOT_ALLOWED with the reason, naming the path.
 */
export async function checkFolderToAdd(askedPath: string, libraryPath: string): Promise<string> {
	const refuse = (message: string): never => {
		throw new Refusal("FOLDER_NOT_ALLOWED", message, { path: askedPath });
	};
	if (!path.isAbsolute(askedPath) || askedPath.includes("\0")) {
		return refuse(`"${askedPath}" is not a full path. Give the path from the top of the disk.`);
	}
	let realPath: string;
	try {
		realPath = await realpath(askedPath);
		if (!(await stat(realPath)).isDirectory()) {
			return refuse(`"${askedPath}" is a file. Choose the folder it lies in.`);
		}
		await readdir(realPath);
	} catch (error) {
		if (error instanceof Refusal) throw error;
		const code = errorCode(error);
		if (code === "EACCES" || code === "EPERM") {
			return refuse(`"${askedPath}" may not be read. Allow it in the system's settings first.`);
		}
		if (code === "ENOENT" || code === "ENOTDIR") {
			return refuse(
				`There is no folder "${askedPath}". Check the path and whether its drive is connected.`,
			);
		}
		return refuse(`"${askedPath}" cannot be read (${code || "unknown reason"}).`);
	}
	if (relativeBelow(libraryPath, realPath) !== null) {
		return refuse(`"${askedPath}" belongs to Afterimage's own library. Choose a folder of photos.`);
	}
	return realPath;
}

/** The path of `inner` below `outer`, `/` between parts, "" when equal; null when it is not below. */
export function relativeBelow(outer: string, inner: string): string | null {
	const relative = path.relative(outer, inner);
	if (relative === ".." || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative)) {
		return null;
	}
	return relative.split(path.sep).join("/");
}

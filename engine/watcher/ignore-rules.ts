/** @file Which files below a root belong to the library: fixed names, excluded folders, ignore files. */
import { closeSync, constants, existsSync, fstatSync, openSync, readFileSync } from "node:fs";
import path from "node:path";
import ignore, { type Ignore } from "ignore";
import { isSidecarName, photoFileExtensions } from "../photo-file-extensions.ts";
import { folderMarkers, isIgnoredFileName, isIgnoredFolderName } from "./ignored-names.ts";

/** A file of this name says, in gitignore's syntax, what to leave out at and below its folder. */
export const ignoreFileName = ".afterimageignore";

/** Larger ones are none: reading one must not hold up the process. */
const ignoreFileMaxBytes = 1024 * 1024;

export type EntryKind = "file" | "folder";

/**
 * Decides what belongs below one root. Ignore files are read when their folder is first asked about
 * and remembered, so an instance describes the disk as it was then: make a new one for each walk.
 *
 * Everything here is synchronous because the file watcher asks from a synchronous callback. It costs
 * one attempt to open a small file per folder.
 */
export class IgnoreRules {
	readonly #rootPath: string;
	readonly #excluded: ReadonlySet<string>;
	readonly #ignoreFiles = new Map<string, Ignore | null>();
	/** The watcher asks about every file: without this, about every folder above it each time. */
	readonly #folders = new Map<string, boolean>();

	/**
	 * @param rootPath absolute
	 * @param excludedFolders absolute folders left out with all they hold, such as the library itself
	 */
	constructor(rootPath: string, excludedFolders: readonly string[] = []) {
		this.#rootPath = rootPath;
		this.#excluded = new Set(excludedFolders.map((folder) => path.resolve(folder)));
	}

	/** True when the path and every folder above it belong. @param relativePath `/` between parts */
	belongs(relativePath: string, kind: EntryKind): boolean {
		const end = relativePath.lastIndexOf("/");
		const folder = relativePath.slice(0, Math.max(0, end));
		return (
			this.#folderBelongs(folder) && this.entryBelongs(folder, relativePath.slice(end + 1), kind)
		);
	}

	#folderBelongs(folder: string): boolean {
		if (folder === "") return true;
		const known = this.#folders.get(folder);
		if (known !== undefined) return known;
		const belongs = this.belongs(folder, "folder");
		this.#folders.set(folder, belongs);
		return belongs;
	}

	/** The same for one entry of a folder that is already known to belong ("" for the root). */
	entryBelongs(folder: string, name: string, kind: EntryKind): boolean {
		const parentName = folder.slice(folder.lastIndexOf("/") + 1);
		const relativePath = folder === "" ? name : `${folder}/${name}`;
		if (kind === "file") {
			const isPhotoName = photoFileExtensions.has(path.extname(name).toLowerCase());
			if (!isPhotoName && !isSidecarName(name)) return false;
			if (isIgnoredFileName(parentName, name)) return false;
		} else {
			if (isIgnoredFolderName(parentName, name)) return false;
			const absolutePath = path.join(this.#rootPath, relativePath);
			if (this.#excluded.has(absolutePath)) return false;
			const marker = folderMarkers.get(name.toLowerCase());
			if (marker !== undefined && existsSync(path.join(absolutePath, marker))) return false;
		}
		return !this.#ignoredByFiles(folder, relativePath, kind);
	}

	/** As in git, the ignore file nearest to the entry that has an opinion decides. */
	#ignoredByFiles(folder: string, relativePath: string, kind: EntryKind): boolean {
		const suffix = kind === "folder" ? "/" : "";
		for (let at = folder; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/")))) {
			const rules = this.#ignoreFileOf(at);
			if (rules !== null) {
				const below = at === "" ? relativePath : relativePath.slice(at.length + 1);
				const verdict = rules.test(below + suffix);
				if (verdict.ignored) return true;
				if (verdict.unignored) return false;
			}
			if (at === "") return false;
		}
	}

	#ignoreFileOf(folder: string): Ignore | null {
		const known = this.#ignoreFiles.get(folder);
		if (known !== undefined) return known;
		const rules = readIgnoreFile(path.join(this.#rootPath, folder, ignoreFileName));
		this.#ignoreFiles.set(folder, rules);
		return rules;
	}
}

/** Null when there is none or it cannot be read: a broken ignore file must not hide photos. */
function readIgnoreFile(filePath: string): Ignore | null {
	let file: number | null = null;
	try {
		// Without O_NONBLOCK, opening a named pipe that nobody writes to would stop the whole process.
		file = openSync(filePath, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
		const stats = fstatSync(file);
		if (!stats.isFile() || stats.size > ignoreFileMaxBytes) return null;
		return ignore().add(readFileSync(file, "utf8"));
	} catch {
		return null;
	} finally {
		if (file !== null) closeSync(file);
	}
}

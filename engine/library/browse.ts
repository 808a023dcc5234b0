/** @file One level of folders, for choosing one to add where the host has no dialog. Names only. */
import { readdir, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { Refusal } from "../../contract/errors.ts";
import type { FolderListing } from "../../contract/folder.ts";
import { photoFileExtensions } from "../photo-file-extensions.ts";
import { errorCode } from "../watcher/file-facts.ts";
import { isIgnoredFolderName } from "../watcher/ignored-names.ts";

const mostPhotoFiles = 1000;

interface Place {
	name: string;
	path: string;
}

/**
 * The folders in a folder, hidden ones left out; in the person's home when no path is given.
 * @throws Refusal FOLDER_NOT_FOUND, or FOLDER_NOT_ALLOWED where the system does not let us look.
 */
export async function browseFolders(
	askedPath: string = os.homedir(),
	home: string = os.homedir(),
): Promise<FolderListing> {
	if (!path.isAbsolute(askedPath) || askedPath.includes("\0")) {
		throw new Refusal("FOLDER_NOT_FOUND", `"${askedPath}" is not a full path.`, {
			path: askedPath,
		});
	}
	const folderPath = path.resolve(askedPath);
	const entries = await readdir(folderPath, { withFileTypes: true }).catch((error: unknown) => {
		const code = errorCode(error);
		if (code === "EACCES" || code === "EPERM") {
			throw new Refusal("FOLDER_NOT_ALLOWED", `"${folderPath}" may not be read.`, {
				path: folderPath,
			});
		}
		throw new Refusal("FOLDER_NOT_FOUND", `There is no folder "${folderPath}".`, {
			path: folderPath,
		});
	});
	const folders: Place[] = [];
	let photoFiles = 0;
	for (const entry of entries) {
		const entryPath = path.join(folderPath, entry.name);
		if (entry.isFile()) {
			const extension = path.extname(entry.name).toLowerCase();
			if (photoFileExtensions.has(extension) && !entry.name.startsWith(".")) photoFiles++;
		} else if (!isIgnoredFolderName(path.basename(folderPath), entry.name)) {
			// A linked folder can be chosen: it is resolved when it is added.
			const isFolder =
				entry.isDirectory() || (entry.isSymbolicLink() && (await isReadableFolder(entryPath)));
			if (isFolder) folders.push({ name: entry.name, path: entryPath });
		}
	}
	const parent = path.dirname(folderPath);
	return {
		path: folderPath,
		parent: parent === folderPath ? null : parent,
		folders: folders.sort(byNaturalName),
		photoFiles: Math.min(photoFiles, mostPhotoFiles),
		places: await findPlaces(home),
	};
}

/** The usual places that exist here: pictures, desktop, home, and whatever is mounted. */
async function findPlaces(home: string): Promise<Place[]> {
	const usual = ["Pictures", "Photos", "Desktop", "Downloads"].map((name) => ({
		name,
		path: path.join(home, name),
	}));
	const candidates = [...usual, { name: "Home", path: home }, ...(await findDrives())];
	const present = await Promise.all(candidates.map((place) => isReadableFolder(place.path)));
	return candidates.filter((_, index) => present[index]);
}

async function findDrives(): Promise<Place[]> {
	if (process.platform === "win32") {
		return [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"].map((letter) => ({
			name: `${letter}:`,
			path: `${letter}:\\`,
		}));
	}
	const user = path.basename(os.homedir());
	const tops =
		process.platform === "darwin" ? ["/Volumes"] : [`/media/${user}`, `/run/media/${user}`, "/mnt"];
	const drives = await Promise.all(
		tops.map(async (top) => {
			const names = await readdir(top).catch(() => []);
			return names
				.filter((name) => !name.startsWith("."))
				.map((name) => ({ name, path: path.join(top, name) }));
		}),
	);
	return drives.flat().sort(byNaturalName);
}

async function isReadableFolder(folderPath: string): Promise<boolean> {
	return stat(folderPath).then(
		(stats) => stats.isDirectory(),
		() => false,
	);
}

const naturalOrder = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

function byNaturalName(one: Place, other: Place): number {
	return naturalOrder.compare(one.name, other.name);
}

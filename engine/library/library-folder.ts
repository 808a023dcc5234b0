/** @file The library's own folder: its files, its identity, and what may become one. */
import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";
import { Refusal } from "../../contract/errors.ts";
import { createFile, errorCode, unfinishedSuffix } from "./replace-file.ts";

/** The format of the folder that this version makes and reads. */
const libraryFormat = 1;

const identityFileName = "library.json";

const identitySchema = z.object({
	format: z.number().int().positive(),
	id: z.uuid(),
	createdAt: z.iso.datetime(),
});

/** A library folder, ready to be used. All paths are absolute. */
export interface LibraryFolder {
	/** Stays the same when the folder is moved. */
	id: string;
	path: string;
	cataloguePath: string;
	/** One folder an encoder inside. */
	indexesPath: string;
	/** By content hash. */
	thumbnailsPath: string;
	generatedPath: string;
}

/** Files that systems put into any folder by themselves. */
const systemFiles = new Set([".DS_Store", "Thumbs.db", "desktop.ini", ".localized"]);

/**
 * Makes the folder a library, or checks that it is one that this version can use.
 * @throws Refusal LIBRARY_UNUSABLE when it is a file, holds other things, cannot be written, is damaged or
 * has a newer format; DISK_FULL when there is no room for it.
 */
export async function prepareLibraryFolder(path: string): Promise<LibraryFolder> {
	const libraryPath = resolve(path);
	try {
		await mkdir(libraryPath, { recursive: true });
		const id = (await readIdentity(libraryPath)) ?? (await createIdentity(libraryPath));
		const folder: LibraryFolder = {
			id,
			path: libraryPath,
			cataloguePath: join(libraryPath, "catalogue.sqlite"),
			indexesPath: join(libraryPath, "indexes"),
			thumbnailsPath: join(libraryPath, "thumbnails"),
			generatedPath: join(libraryPath, "generated"),
		};
		for (const inside of [folder.indexesPath, folder.thumbnailsPath, folder.generatedPath])
			await mkdir(inside, { recursive: true });
		await tryWriting(libraryPath);
		return folder;
	} catch (error) {
		throw asRefusal(error, libraryPath);
	}
}

/** The library's id; undefined when there is no identity file. */
async function readIdentity(libraryPath: string): Promise<string | undefined> {
	const identityPath = join(libraryPath, identityFileName);
	let text: string;
	try {
		text = await readFile(identityPath, "utf8");
	} catch (error) {
		if (errorCode(error) === "ENOENT") return undefined;
		throw error;
	}
	const contents = parseJson(text);
	// A newer format may look different in everything else, so its number is read first.
	const format = z.object({ format: z.number() }).safeParse(contents);
	if (format.success && format.data.format > libraryFormat)
		throw new Refusal(
			"LIBRARY_UNUSABLE",
			`The library at ${libraryPath} has format ${format.data.format}, made by a newer Afterimage; this one reads formats up to ${libraryFormat}. Update Afterimage to open it.`,
			{ path: identityPath },
		);
	const identity = identitySchema.safeParse(contents);
	if (!identity.success)
		throw new Refusal(
			"LIBRARY_UNUSABLE",
			`${identityPath} is damaged. Put back a copy of it from a backup, or choose another folder for the library.`,
			{ path: identityPath },
		);
	return identity.data.id;
}

async function createIdentity(libraryPath: string): Promise<string> {
	const others = (await readdir(libraryPath)).filter(
		(name) => !systemFiles.has(name) && !isUnfinishedIdentity(name),
	);
	if (others.length > 0) {
		// Another process may have made the library since we looked.
		const made = await readIdentity(libraryPath);
		if (made !== undefined) return made;
		throw new Refusal(
			"LIBRARY_UNUSABLE",
			`${libraryPath} holds other files and is no Afterimage library. Choose an empty or a new folder for the library; your photos stay where they are.`,
			{ path: libraryPath },
		);
	}
	const identity = {
		format: libraryFormat,
		id: randomUUID(),
		createdAt: new Date().toISOString(),
	};
	const text = `${JSON.stringify(identity, null, "\t")}\n`;
	await createFile(join(libraryPath, identityFileName), text);
	// Read back: two processes may have started at once, and the first one's id counts.
	return (await readIdentity(libraryPath)) ?? identity.id;
}

/** What a process that was killed while it made a library left behind. */
function isUnfinishedIdentity(name: string): boolean {
	return name.startsWith(`${identityFileName}.`) && name.endsWith(unfinishedSuffix);
}

/** Permissions say little on network shares and on Windows: only writing tells. */
async function tryWriting(libraryPath: string): Promise<void> {
	const probePath = join(libraryPath, `${identityFileName}.${randomUUID()}${unfinishedSuffix}`);
	await (await open(probePath, "wx")).close();
	await rm(probePath);
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function asRefusal(error: unknown, libraryPath: string): unknown {
	const unusable = (message: string) =>
		new Refusal("LIBRARY_UNUSABLE", message, { path: libraryPath });
	switch (errorCode(error)) {
		case "EEXIST":
		case "ENOTDIR":
			return unusable(
				`${libraryPath} cannot be a library: it, or a part of its path, is a file. Choose a folder.`,
			);
		case "EACCES":
		case "EPERM":
		case "EROFS":
			return unusable(
				`${libraryPath} cannot be written. Check its permissions and that its disk is not read-only, or choose another folder for the library.`,
			);
		case "ENOENT":
		case "ENAMETOOLONG":
		case "EINVAL":
			return unusable(
				`${libraryPath} cannot be made. Check that its drive is connected, or choose another folder for the library.`,
			);
		case "ENOSPC":
		case "EDQUOT":
			return new Refusal(
				"DISK_FULL",
				`The disk that is to hold the library (${libraryPath}) is full. Make room on it, or choose another folder.`,
				{ path: libraryPath },
			);
		default:
			return error;
	}
}

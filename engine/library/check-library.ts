/** @file The doctor: looks at everything a library is made of, and mends what needs no photo touched. */
import { statfs } from "node:fs/promises";
import type { Finding } from "../../contract/library.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { FolderRecord } from "../catalogue/records.ts";
import type { LibraryIndex } from "../index/library-index.ts";
import type { ThumbnailStore } from "./thumbnail-store.ts";

/** Under this much free room the next hundred photos may not fit. */
const leastFreeBytes = 200 * 1024 * 1024;

export interface CheckParts {
	libraryPath: string;
	catalogue: Catalogue;
	thumbnails: ThumbnailStore;
	index: LibraryIndex;
	encoderKey: string;
	/** Rejects with a sentence that names the damaged file. */
	verifyModel(): Promise<void>;
	/** The same of the model that reads text. */
	verifyTextReader(): Promise<void>;
	/** Whether tags can be written into photo files, and whether they are to be. */
	photoFiles(): Promise<{ impossible: string | null; wanted: boolean }>;
	/** Puts the catalogue's vectors into the index anew. */
	rebuildIndex(): Promise<void>;
	/** Photos were put back to waiting. */
	onWaiting(): void;
}

/** Every check in turn. With `repair`, repairable things are repaired and reported as such. */
export async function checkLibrary(parts: CheckParts, repair: boolean): Promise<Finding[]> {
	return [
		await checkDatabase(parts),
		await checkEmbeddings(parts, repair),
		await checkIndex(parts, repair),
		await checkThumbnails(parts, repair),
		await checkModel("model", "The search model is complete.", parts.verifyModel),
		await checkModel("text-reader", "The text reader is complete.", parts.verifyTextReader),
		await checkPhotoFiles(parts),
		await checkFolders(parts),
		await checkDiskSpace(parts),
	];
}

async function checkDatabase({ catalogue }: CheckParts): Promise<Finding> {
	const [problem] = await catalogue.integrityProblems();
	return problem === undefined
		? { check: "database", outcome: "good", message: "The catalogue is sound." }
		: {
				check: "database",
				outcome: "broken",
				message: `The catalogue is damaged (${problem}). Restore the library folder from a backup, or start a new library: your photos are not affected.`,
			};
}

async function checkEmbeddings(parts: CheckParts, repair: boolean): Promise<Finding> {
	const { catalogue, encoderKey, onWaiting } = parts;
	const { missing, orphaned } = await catalogue.embeddings.inconsistencies(encoderKey);
	if (missing.length === 0 && orphaned === 0) {
		return {
			check: "embeddings",
			outcome: "good",
			message: "Every searchable photo has its embedding.",
		};
	}
	const what = `${missing.length} photos without embedding, ${orphaned} embeddings without photo`;
	if (!repair) return { check: "embeddings", outcome: "repairable", message: `${what}.` };
	await catalogue.embeddings.repair(encoderKey);
	onWaiting();
	return {
		check: "embeddings",
		outcome: "repaired",
		message: `${what}: the photos are read again, the rest was removed.`,
	};
}

async function checkIndex(parts: CheckParts, repair: boolean): Promise<Finding> {
	const expected = await parts.catalogue.embeddings.count(parts.encoderKey);
	if (parts.index.size === expected) {
		return { check: "index", outcome: "good", message: `The index holds all ${expected} photos.` };
	}
	const what = `The index holds ${parts.index.size} of ${expected} photos`;
	if (!repair) return { check: "index", outcome: "repairable", message: `${what}.` };
	await parts.rebuildIndex();
	return { check: "index", outcome: "repaired", message: `${what}; it was built again.` };
}

async function checkThumbnails(parts: CheckParts, repair: boolean): Promise<Finding> {
	const wanted = await parts.catalogue.photos.contentHashes();
	const present = await parts.thumbnails.contentHashes();
	const missing = [...wanted].filter((contentHash) => !present.has(contentHash)).length;
	const needless = [...present].filter((contentHash) => !wanted.has(contentHash)).length;
	if (missing === 0 && needless === 0) {
		return { check: "thumbnails", outcome: "good", message: "Every thumbnail is in place." };
	}
	const missingWords = `${missing} thumbnails are missing; each is made again when it is next shown`;
	if (needless === 0) return { check: "thumbnails", outcome: "good", message: `${missingWords}.` };
	if (!repair) {
		return {
			check: "thumbnails",
			outcome: "repairable",
			message: `${needless} thumbnails belong to no photo${missing > 0 ? `; ${missingWords}` : ""}.`,
		};
	}
	const removed = await parts.thumbnails.removeAllBut(wanted);
	return {
		check: "thumbnails",
		outcome: "repaired",
		message: `${removed} thumbnails that belong to no photo were removed${missing > 0 ? `; ${missingWords}` : ""}.`,
	};
}

async function checkModel(
	check: "model" | "text-reader",
	good: string,
	verify: () => Promise<void>,
): Promise<Finding> {
	try {
		await verify();
		return { check, outcome: "good", message: good };
	} catch (error) {
		const message = error instanceof Error ? error.message : String(error);
		return { check, outcome: "broken", message };
	}
}

async function checkPhotoFiles({ photoFiles }: CheckParts): Promise<Finding> {
	const { impossible, wanted } = await photoFiles();
	const good = "Tags can be written into photo files, which is done where it was switched on.";
	// What nobody asked for is not broken.
	const outcome = impossible !== null && wanted ? "broken" : "good";
	return { check: "photo-files", outcome, message: impossible ?? good };
}

async function checkFolders({ catalogue }: CheckParts): Promise<Finding> {
	const offline = (await catalogue.folders.list()).filter((folder) => folder.offline);
	return offline.length === 0
		? { check: "folders", outcome: "good", message: "Every folder is there." }
		: {
				check: "folders",
				outcome: "good",
				message: `Not connected at the moment: ${offline.map(pathOf).join(", ")}. Their photos stay in the library.`,
			};
}

function pathOf(folder: FolderRecord): string {
	return folder.lastPath;
}

async function checkDiskSpace({ libraryPath }: CheckParts): Promise<Finding> {
	const { bavail, bsize } = await statfs(libraryPath);
	const freeBytes = bavail * bsize;
	const free = `${(freeBytes / 1e9).toFixed(1)} GB free`;
	return freeBytes >= leastFreeBytes
		? { check: "disk-space", outcome: "good", message: `${free} where the library is.` }
		: {
				check: "disk-space",
				outcome: "broken",
				message: `Only ${free} where the library is. Make room, then indexing goes on by itself.`,
			};
}

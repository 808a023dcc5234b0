/**
 * @file Files of discarded drawings. They wait in a hidden folder inside the folder of drawings, so that
 * discarding can be taken back and no scan of the folder finds them meanwhile.
 */
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { errorCode } from "../library/replace-file.ts";

const folderName = ".discarded";

/** Out of the folder; a file that is gone already is no trouble. */
export async function setAside(folderPath: string, fileName: string): Promise<void> {
	await mkdir(join(folderPath, folderName), { recursive: true });
	await moved(join(folderPath, fileName), join(folderPath, folderName, fileName));
}

/** Takes `setAside` back. */
export async function bringBack(folderPath: string, fileName: string): Promise<void> {
	await moved(join(folderPath, folderName, fileName), join(folderPath, fileName));
}

/** For good, wherever it is. */
export async function removeDrawn(folderPath: string, fileName: string): Promise<void> {
	await rm(join(folderPath, folderName, fileName), { force: true });
	await rm(join(folderPath, fileName), { force: true });
}

async function moved(from: string, to: string): Promise<void> {
	try {
		await rename(from, to);
	} catch (error) {
		if (errorCode(error) !== "ENOENT") throw error;
	}
}

/**
 * @file What desktops note about a file beside its bytes: tags and stars of KDE, tags of the Finder, access lists.
 * Node neither reads nor writes it, so the system's own copying carries it over.
 */
import { execFile } from "node:child_process";
import { constants, createReadStream } from "node:fs";
import { copyFile, open, rm } from "node:fs/promises";
import { promisify } from "node:util";
import { hashFile } from "../library/content-hash.ts";
import { copyWhole, OriginalDiffers } from "./originals.ts";

const run = promisify(execFile);

/** The desktop's notes on a file would be lost; a sentence. */
export class AttributesLost extends Error {}

/**
 * A file with the bytes of `preparedPath` and all that the system notes about `oldPath`, on the disk when this
 * resolves. On Linux without GNU's `cp` the bytes alone.
 * @throws AttributesLost; OriginalDiffers where the copy has other bytes; the system's error.
 */
export async function copyWithAttributes(
	{ preparedPath, contentHash }: { preparedPath: string; contentHash: string },
	oldPath: string,
	to: string,
	platform: NodeJS.Platform = process.platform,
): Promise<void> {
	if (platform === "darwin" || platform === "win32") {
		await copyOver(preparedPath, oldPath, to);
		if ((await hashFile(to)) !== contentHash) {
			throw new OriginalDiffers("The copy has other bytes than what was to be written.");
		}
		return;
	}
	await copyWhole(preparedPath, to, contentHash);
	if (platform === "linux") await carryAttributes(oldPath, to);
}

/** There a copy of the old file has its notes, and keeps them when its bytes are replaced. */
async function copyOver(preparedPath: string, oldPath: string, to: string): Promise<void> {
	await rm(to, { force: true });
	await copyFile(oldPath, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
	const file = await open(to, "r+");
	try {
		await file.truncate();
		await file.writeFile(createReadStream(preparedPath));
		await file.sync();
	} finally {
		await file.close();
	}
}

async function carryAttributes(from: string, to: string): Promise<void> {
	try {
		await run("cp", ["--attributes-only", "--preserve=mode,xattr", "--", from, to], {
			env: { ...process.env, LC_ALL: "C" },
		});
	} catch (error) {
		const said = error instanceof Error && "stderr" in error ? String(error.stderr) : "";
		// No `cp`, or one that knows nothing of such notes: whether there are any cannot be told.
		if (said === "" || /(unrecognized|invalid|unknown) option/.test(said)) return;
		throw new AttributesLost(
			"It is left alone, because what the desktop notes about the file (such as its tags) would be lost.",
		);
	}
}

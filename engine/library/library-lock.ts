/** @file One writer per library: who holds it, and where to reach the holder. */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { holdExclusive } from "../catalogue/exclusive-lock.ts";
import { replaceFile } from "./replace-file.ts";

const holderFormat = 1;

/** Where a second process reaches the one that has the library open. */
const holderSchema = z.object({
	/** For showing only: whether the holder lives is what the lock says. */
	pid: z.number().int().positive(),
	/** Address of the contract, such as `http://127.0.0.1:41234`. */
	address: z.string().min(1),
	/** Admits a client; the file that carries it is readable by its owner alone. */
	token: z.string().min(1),
	/** The app's version. */
	version: z.string(),
});
export type Holder = z.infer<typeof holderSchema>;

const holderFileSchema = holderSchema.extend({ format: z.literal(holderFormat) });

/** The library is ours until `release`, or until this process ends in whatever way. */
export interface HeldLibrary {
	kind: "held";
	/** Tells other processes where to reach this one; may be called again when that changes. */
	publish(holder: Holder): Promise<void>;
	/** Safe to call twice. */
	release(): Promise<void>;
}

/** Another process has it; `holder` is null while that one has not said yet where it is. */
export interface TakenLibrary {
	kind: "taken";
	holder: Holder | null;
}

/**
 * Takes the library, or says who has it. The folder must exist.
 * @throws Refusal LIBRARY_UNUSABLE when the lock's file cannot be opened.
 */
export async function acquireLibraryLock(libraryPath: string): Promise<HeldLibrary | TakenLibrary> {
	const holderPath = join(libraryPath, "holder.json");
	const lock = holdExclusive(join(libraryPath, "library.lock"));
	if (lock === null) return { kind: "taken", holder: await readHolder(holderPath) };
	let held = true;
	try {
		// Left by a process that was killed; nobody may be sent to its address.
		await rm(holderPath, { force: true });
	} catch (error) {
		lock.release();
		throw error;
	}
	return {
		kind: "held",
		async publish(holder) {
			const { pid, address, token, version } = holder;
			const contents = { format: holderFormat, pid, address, token, version };
			await replaceFile(holderPath, `${JSON.stringify(contents, null, "\t")}\n`, 0o600);
		},
		async release() {
			if (!held) return;
			held = false;
			try {
				await rm(holderPath, { force: true });
			} finally {
				lock.release();
			}
		},
	};
}

/** Null when there is none, or none that can be understood: the next look may find a good one. */
async function readHolder(holderPath: string): Promise<Holder | null> {
	try {
		const { format: _, ...holder } = holderFileSchema.parse(
			JSON.parse(await readFile(holderPath, "utf8")),
		);
		return holder;
	} catch {
		return null;
	}
}

/** @file Files that are named on the command line, read whole. */
import { constants, openSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { Socket } from "node:net";
import { basename } from "node:path";
import { arrayBuffer } from "node:stream/consumers";
import { queryImageMaxBytes } from "../contract/search.ts";
import { CommandError } from "./failure.ts";
import { resolveGiven } from "./library-path.ts";

/** A picture to search by. @throws CommandError that names the file and what is wrong with it. */
export async function readPicture(path: string, signal: AbortSignal): Promise<File> {
	const filePath = resolveGiven(path);
	const bytes = await readGiven(filePath, queryImageMaxBytes, signal);
	return new File([bytes], basename(filePath));
}

/** A pipe is read to its end, as in `--queries <(…)`; a device such as /dev/zero has none. */
export async function readGiven(
	path: string,
	maxBytes: number,
	signal: AbortSignal,
): Promise<Buffer<ArrayBuffer>> {
	try {
		const stats = await stat(path);
		if (stats.isCharacterDevice() || stats.isBlockDevice() || stats.isSocket()) {
			throw new CommandError(`${path} is no ordinary file.`);
		}
		if (stats.size > maxBytes) {
			throw new CommandError(`${path} is larger than ${maxBytes / 1024 ** 2} MB.`);
		}
		if (stats.isFIFO()) return await readPipe(path, signal);
		return await readFile(path);
	} catch (error) {
		const code = error instanceof Error && "code" in error ? error.code : undefined;
		if (code === "ENOENT") throw new CommandError(`There is no file ${path}.`, error);
		if (code === "EISDIR") throw new CommandError(`${path} is a folder, not a file.`, error);
		if (code === "EACCES") throw new CommandError(`${path} may not be read.`, error);
		throw error;
	}
}

/**
 * Opened without waiting for a writer and read as a stream: a read under way on one of Node's file threads
 * would keep the process from ending, even by Ctrl+C.
 */
async function readPipe(path: string, signal: AbortSignal): Promise<Buffer<ArrayBuffer>> {
	const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
	try {
		return Buffer.from(await arrayBuffer(new Socket({ fd: descriptor, signal })));
	} catch (error) {
		signal.throwIfAborted();
		throw error;
	}
}

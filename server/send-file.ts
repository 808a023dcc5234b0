/** @file One file over HTTP: validators, streaming with backpressure, errors before and during it. */
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";

/** What to send and how long it may be kept. */
export interface SentFile {
	contentType: string;
	body: { filePath: string } | { bytes: Uint8Array };
	cacheControl: string;
}

/** How sending went; nothing has been written yet where it is not `sent`. */
export type SendOutcome = "sent" | "not-found" | "not-permitted";

/** Answers a GET or HEAD. A client that goes away is no error; a file that breaks off ends the connection. */
export async function sendFile(
	request: IncomingMessage,
	response: ServerResponse,
	file: SentFile,
): Promise<SendOutcome> {
	if ("bytes" in file.body) {
		const { bytes } = file.body;
		const digest = createHash("sha256").update(bytes).digest("base64url");
		if (begin(request, response, file, digest, bytes.length)) response.end(bytes);
		return "sent";
	}
	let handle: FileHandle;
	try {
		// Without O_NONBLOCK, a named pipe in the file's place would take one of Node's few file threads.
		const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
		handle = await open(file.body.filePath, flags);
	} catch (error) {
		const code = error instanceof Error && "code" in error ? error.code : undefined;
		if (code === "ENOENT" || code === "ENOTDIR" || code === "ENAMETOOLONG") return "not-found";
		if (code === "EACCES" || code === "EPERM") return "not-permitted";
		throw error;
	}
	try {
		const stats = await handle.stat();
		if (!stats.isFile()) return "not-found";
		const { size, mtimeMs, ino } = stats;
		const tag = `${ino.toString(36)}-${size.toString(36)}-${Math.round(mtimeMs).toString(36)}`;
		if (!begin(request, response, file, tag, size)) return "sent";
		if (size === 0) response.end();
		// `end` holds to the announced length even when the file grows meanwhile.
		else await pipeline(handle.createReadStream({ autoClose: false, end: size - 1 }), response);
	} catch {
		// Too late for a status: a connection that breaks off is how the client learns of it.
		response.destroy();
	} finally {
		await handle.close();
	}
	return "sent";
}

/** Writes the head; false when no body is to follow (HEAD, or the client has it already). */
function begin(
	request: IncomingMessage,
	response: ServerResponse,
	file: SentFile,
	tag: string,
	sizeBytes: number,
): boolean {
	const etag = `"${tag}"`;
	response.setHeader("ETag", etag);
	response.setHeader("Cache-Control", file.cacheControl);
	const known = request.headers["if-none-match"]?.split(",").map((entry) => entry.trim());
	if (known?.some((entry) => entry === etag || entry === `W/${etag}`)) {
		response.writeHead(304).end();
		return false;
	}
	response.writeHead(200, { "Content-Type": file.contentType, "Content-Length": sizeBytes });
	if (request.method !== "HEAD") return true;
	response.end();
	return false;
}

/** @file `photo://thumbnail/12?v=3` and `photo://display/12?v=3`: pictures by id, never by path. */
import { open } from "node:fs/promises";
import { Readable } from "node:stream";
import { type PhotoId, photoIdSchema } from "../contract/ids.ts";
import { picturePolicy } from "../server/security-headers.ts";
import type { PictureAnswer, PictureSize } from "./engine-messages.ts";

export const photoScheme = "photo";

const safeHeaders = {
	"Content-Security-Policy": picturePolicy,
	"X-Content-Type-Options": "nosniff",
	"Referrer-Policy": "no-referrer",
} as const;

/** What is asked for, or null for an address that names nothing. Only sizes and ids are understood. */
export function readPhotoUrl(
	address: string,
): { size: PictureSize; id: PhotoId; versioned: boolean } | null {
	const match = /^photo:\/\/(thumbnail|display)\/([1-9][0-9]{0,14})(?:\?v=([0-9]{1,15}))?$/.exec(
		address,
	);
	if (match === null) return null;
	const id = photoIdSchema.safeParse(Number(match[2]));
	if (!id.success) return null;
	const size = match[1] === "thumbnail" ? "thumbnail" : "display";
	return { size, id: id.data, versioned: match[3] !== undefined };
}

/** Answers one request of the page; never rejects. */
export async function answerPhotoRequest(
	request: { url: string; method: string },
	picture: (size: PictureSize, id: PhotoId) => Promise<PictureAnswer>,
): Promise<Response> {
	if (request.method !== "GET") return refuse(405, "Pictures can only be read.");
	const wanted = readPhotoUrl(request.url);
	if (wanted === null) return refuse(404, "There is no such picture.");
	const answer = await picture(wanted.size, wanted.id);
	if (answer.kind === "none") return refuse(answer.status, answer.message);
	const keep = answer.immutable && wanted.versioned;
	const headers: Record<string, string> = {
		...safeHeaders,
		"Content-Type": answer.contentType,
		"Cache-Control": keep ? "private, max-age=31536000, immutable" : "private, no-cache",
	};
	if ("bytes" in answer.body) return new Response(Uint8Array.from(answer.body.bytes), { headers });
	try {
		const handle = await open(answer.body.filePath, "r");
		headers["Content-Length"] = String((await handle.stat()).size);
		const stream = Readable.toWeb(handle.createReadStream());
		return new Response(stream, { headers });
	} catch {
		return refuse(404, "The photo's file is not there any more.");
	}
}

function refuse(status: number, message: string): Response {
	return new Response(message, {
		status,
		headers: { ...safeHeaders, "Content-Type": "text/plain; charset=utf-8" },
	});
}

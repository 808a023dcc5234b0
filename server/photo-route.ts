/** @file `/photos/{id}/thumbnail` and `/photos/{id}/display`: pictures by id, never by path. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { errorMap, Refusal } from "../contract/errors.ts";
import { photoIdSchema } from "../contract/ids.ts";
import type { PictureFiles } from "../engine/open-library.ts";
import { sendRefusal } from "./refusal-page.ts";
import { picturePolicy } from "./security-headers.ts";
import { sendFile } from "./send-file.ts";

const route = /^\/photos\/([1-9][0-9]{0,14})\/(thumbnail|display)$/;

/** Answers a GET or HEAD below `/photos/`. */
export async function answerPhoto(
	pictures: PictureFiles,
	request: IncomingMessage,
	response: ServerResponse,
	url: URL,
): Promise<void> {
	const match = route.exec(url.pathname);
	if (match === null) return sendRefusal(request, response, 404, "There is no such picture.");
	const id = photoIdSchema.parse(Number(match[1]));
	try {
		const picture =
			match[2] === "thumbnail" ? await pictures.thumbnail(id) : await pictures.display(id);
		response.setHeader("Content-Security-Policy", picturePolicy);
		// Without its version the address outlives the picture, so the client has to ask again.
		const keep = picture.immutable && url.searchParams.has("v");
		const outcome = await sendFile(request, response, {
			contentType: picture.contentType,
			body: picture.body,
			cacheControl: keep ? "private, max-age=31536000, immutable" : "private, no-cache",
		});
		if (outcome === "not-found") {
			sendRefusal(request, response, 404, "The photo's file is not there any more.");
		} else if (outcome === "not-permitted") {
			sendRefusal(request, response, 403, "The photo's file may not be read.");
		}
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		sendRefusal(request, response, errorMap[error.code].status, error.message);
	}
}

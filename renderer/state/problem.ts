/** @file What to tell a person when a call fails. */
import { ORPCError } from "@orpc/client";
import { ConnectionLost } from "../client/connection-lost.ts";

/** True when a call was given up on purpose and nobody needs to hear of it. */
export function isAbort(error: unknown): boolean {
	return error instanceof Error && error.name === "AbortError";
}

/** A sentence for a failed call: the engine's own for a refusal, a plain one for anything else. */
export function problemSentence(error: unknown): string {
	if (error instanceof ORPCError && error.defined) return error.message;
	if (error instanceof ConnectionLost || error instanceof PictureGone) return error.message;
	return "Something went wrong in Afterimage itself. Trying again may help.";
}

/** A picture from outside that was searched by is not kept when the page is loaded anew. */
export class PictureGone extends Error {
	constructor() {
		super("The picture you searched by is no longer at hand. Drop it here again.");
		this.name = "PictureGone";
	}
}

/** @file What a reading process is asked and answers; one picture at a time. */
import type { Raster } from "./network-input.ts";
import type { RecognisedLine } from "./recogniser.ts";

export interface ReadingRequest {
	/** Folder of the reader package, the same in every request to a process. */
	packagePath: string;
	picture: Raster;
}

export type ReadingReply =
	| { kind: "read"; lines: RecognisedLine[] }
	/** Something about this picture. */
	| { kind: "failed"; message: string }
	/** The networks cannot be used at all. */
	| { kind: "unusable"; message: string };

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === "object" && value !== null;

/** A process that says anything else is broken and treated as crashed. */
export function isReadingReply(message: unknown): message is ReadingReply {
	if (!isObject(message)) return false;
	if (message.kind === "read") return Array.isArray(message.lines);
	const failed = message.kind === "failed" || message.kind === "unusable";
	return failed && typeof message.message === "string";
}

/** Requests come from our own parent process; anything else on the channel is ignored. */
export function isReadingRequest(message: unknown): message is ReadingRequest {
	return isObject(message) && typeof message.packagePath === "string" && isObject(message.picture);
}

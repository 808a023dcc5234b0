/** @file What a decoding process is asked and answers; one request at a time. */
import type {
	DecodedPhoto,
	DecodeFailure,
	DescribedPhoto,
	PictureRegion,
	PictureSource,
	PixelRule,
	RasterOutcome,
	RenderOutcome,
} from "./decoder.ts";

/** Limits a process enforces on itself; time is kept by the parent. */
export interface PictureLimits {
	maxPixels: number;
	maxFileBytes: number;
	/** Resident memory of the whole process. */
	maxMemoryBytes: number;
}

/** How the result is wanted. */
export type Task =
	| { kind: "decode"; pixels: PixelRule; thumbnail: boolean; region?: PictureRegion }
	| { kind: "render"; longestSide: number }
	| { kind: "raster"; longestSide: number }
	| { kind: "describe" };

export interface ChildRequest {
	source: PictureSource;
	task: Task;
	limits: PictureLimits;
}

export type TaskOutcome =
	| DecodedPhoto
	| DecodeFailure
	| DescribedPhoto
	| RasterOutcome
	| RenderOutcome;

export type ChildReply =
	/** Sent before a large file is decoded, so that the parent waits longer. */
	| { kind: "large-file"; sizeBytes: number }
	/** `retire`: the process is not to be used again. */
	| { kind: "done"; outcome: TaskOutcome; retire: boolean };

/** Files above this size are announced. */
export const largeFileBytes = 32 * 1024 * 1024;

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === "object" && value !== null;

/** A process that says anything else is broken and treated as crashed. */
export function isChildReply(message: unknown): message is ChildReply {
	if (!isObject(message)) return false;
	if (message.kind === "large-file") return typeof message.sizeBytes === "number";
	if (message.kind !== "done" || !isObject(message.outcome)) return false;
	const { outcome } = message;
	switch (outcome.kind) {
		case "decoded":
			return (
				outcome.pixels instanceof Uint8Array &&
				outcome.perceptualHash instanceof Uint8Array &&
				isObject(outcome.fileMetadata) &&
				typeof outcome.drawn === "boolean" &&
				typeof outcome.contentHash === "string"
			);
		case "described":
			return (
				isObject(outcome.fileMetadata) &&
				typeof outcome.drawn === "boolean" &&
				typeof outcome.contentHash === "string"
			);
		case "rendered":
			return outcome.bytes instanceof Uint8Array;
		case "raster":
			return outcome.pixels instanceof Uint8Array && typeof outcome.contentHash === "string";
		case "failed":
			return typeof outcome.reason === "string" && typeof outcome.message === "string";
		default:
			return false;
	}
}

/** Requests come from our own parent process; anything else on the channel is ignored. */
export function isChildRequest(message: unknown): message is ChildRequest {
	return isObject(message) && isObject(message.source) && isObject(message.task);
}

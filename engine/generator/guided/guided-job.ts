/** @file What the drawing process is asked and answers. */
import type { ErrorCode, ErrorDetail } from "../../../contract/errors.ts";
import type {
	GenerationEvent,
	GuidedCanvas,
	GuidedFinish,
	RgbPicture,
	WeightedPrompt,
} from "../picture-generator.ts";

/** One picture to draw; everything in it has been checked. */
export interface GuidedJob {
	prompts: readonly WeightedPrompt[];
	seed: number;
	width: number;
	height: number;
	steps: number;
	/** Of the job's size. */
	start: { picture: RgbPicture; strength: number } | null;
	palette: readonly (readonly [number, number, number])[];
	mask: Uint8Array | null;
	canvas: GuidedCanvas;
	finish: GuidedFinish;
	/** Folders of packages. */
	encoderPath: string;
	autoencoderPath: string | null;
	layoutPath: string | null;
	threads: number;
}

export type GuidedReply =
	| { kind: "event"; event: GenerationEvent }
	| { kind: "refused"; code: ErrorCode; message: string; detail: ErrorDetail };

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === "object" && value !== null;

/** A process that says anything else is broken and treated as dead. */
export function isGuidedReply(message: unknown): message is GuidedReply {
	if (!isObject(message)) return false;
	if (message.kind === "refused") return typeof message.message === "string";
	return message.kind === "event" && isObject(message.event);
}

/** Requests come from our own parent process; anything else on the channel is ignored. */
export function isGuidedJob(message: unknown): message is GuidedJob {
	return (
		isObject(message) && Array.isArray(message.prompts) && typeof message.encoderPath === "string"
	);
}

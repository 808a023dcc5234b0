/** @file What reads the text in pictures, as the stage that uses it sees it. */
import type { FailureReason } from "../../contract/photo.ts";
import type { Raster } from "./network-input.ts";

/** One line of text in a picture. */
export interface RecognisedLine {
	text: string;
	/** Mean probability of its characters, 0 to 1. */
	confidence: number;
	/**
	 * x and y of four corners in shares of the picture's sides, in reading order: start and end of the
	 * top, end and start of the bottom.
	 */
	corners: number[];
}

export type Recognition =
	| { kind: "read"; lines: RecognisedLine[] }
	| { kind: "failed"; reason: FailureReason; message: string };

export interface Recogniser {
	/** What was read is kept under it. */
	readonly key: string;
	/** The longest side a picture should have; more is of no use. */
	readonly longestSide: number;
	/**
	 * One picture at a time. What is wrong with one picture is its failure.
	 * @throws Refusal MODEL_UNAVAILABLE when nothing can be read at all, or it is closed.
	 */
	read(picture: Raster): Promise<Recognition>;
	/** What is being read is given up. Safe to call twice. */
	close(): Promise<void>;
}

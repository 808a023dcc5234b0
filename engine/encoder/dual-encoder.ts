/** @file A CLIP-style dual encoder: pictures and words into one space (arXiv:2103.00020). */
import type { EncoderStatus } from "../../contract/model.ts";
import type { ModelManifest } from "./model-manifest.ts";

/** An embedded text. */
export interface TextEmbedding {
	/** Float32 [dimensions], unit length. */
	vector: Float32Array;
	/** True when the text was longer than the encoder reads and its end was left out. */
	shortened: boolean;
}

/** Sessions are created on first use; calls may overlap and are served in order per tower. */
export interface DualEncoder {
	readonly manifest: ModelManifest;
	/** Encoder id, version and preprocessing hash: the key under which embeddings are stored. */
	readonly key: string;
	/** Pictures at a time that it embeds fastest where it runs now. */
	readonly batchSize: number;
	status(): EncoderStatus;
	/**
	 * @param pictures uint8 RGB, each [looks, height, width, 3] in the manifest's image size; one look unless the
	 * manifest names several.
	 * @returns Float32 [dimensions] per picture, unit length, in the same order.
	 * @throws Refusal MODEL_UNAVAILABLE when the package is damaged (names the file) or cannot run.
	 */
	embedPictures(pictures: readonly Uint8Array[]): Promise<Float32Array[]>;
	/** Texts go to a thread of their own: a search never waits for a batch of pictures. */
	embedTexts(texts: readonly string[]): Promise<TextEmbedding[]>;
	/** Tries the providers again and returns the new status. */
	probe(): Promise<EncoderStatus>;
	/** Goes to the place chosen meanwhile without waiting for the next batch, or tries it again. */
	goToPlace(): Promise<EncoderStatus>;
	close(): Promise<void>;
}

/** @file What the decoder takes and gives: one file in, everything the pipeline needs out of one decode. */
import type { CaptureFacts } from "../../contract/capture-facts.ts";
import type { FileMetadata } from "../../contract/file-metadata.ts";
import type { FailureReason } from "../../contract/photo.ts";

/** How an encoder wants its picture. Mirrors `image` in a model manifest. */
export interface PixelRule {
	width: number;
	height: number;
	/** `stretch`: the whole picture, aspect ignored; `crop`: shortest side fits, centre cropped. */
	resize: "stretch" | "crop";
	interpolation: "bilinear" | "bicubic";
	/** Parts of the picture, each made into pixels by this rule; the whole of it where absent. */
	looks?: readonly PictureRegion[];
}

/** For what is compared without an encoder: all of the picture, whatever part an encoder looks at. */
export const wholePictureRule: PixelRule = {
	width: 256,
	height: 256,
	resize: "stretch",
	interpolation: "bilinear",
};

/** A part of an upright picture, in shares of its sides: 0 to 1 from its left and top edges. */
export interface PictureRegion {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** A file in the library or a picture handed over as bytes (dropped, pasted). */
export type PictureSource = { filePath: string } | { bytes: Uint8Array };

/** What the file says of itself; null where it says nothing. */
export interface PhotoMetadata extends CaptureFacts {
	/** Milliseconds since the epoch; local time read as UTC when the file gives no offset. */
	takenAtMs: number | null;
}

export interface DecodedPhoto {
	kind: "decoded";
	/** SHA-256 of the file's bytes, lower-case hex. */
	contentHash: string;
	sizeBytes: number;
	/** `jpeg`, `png`, `webp`, `gif`, `tiff`, `avif`, `svg`, `bmp`, `heic`. */
	format: string;
	/** Of the upright picture. */
	width: number;
	height: number;
	/**
	 * sRGB, uint8, [looks, height, width, 3] as the pixel rule says. This and the other bytes are views of one
	 * message: short-lived, and not to be transferred.
	 */
	pixels: Uint8Array;
	/** A JPEG of at most `thumbnailLongestSide`, upright, sRGB, on white; null when not asked for. */
	thumbnail: Uint8Array | null;
	metadata: PhotoMetadata;
	/** Title, keywords and the like, as they stand in the file. */
	fileMetadata: FileMetadata;
	/** See [Note: Drawn or photographed]. */
	drawn: boolean;
	/** What the picture looks like from afar; see [Note: Perceptual hash]. */
	perceptualHash: Uint8Array;
}

export interface DecodeFailure {
	kind: "failed";
	reason: FailureReason;
	/** A sentence for the person, naming the cause; never a stack. */
	message: string;
}

export type DecodeOutcome = DecodedPhoto | DecodeFailure;

/** A picture re-encoded for showing (formats browsers cannot show, or too large to send). */
export type RenderOutcome =
	| { kind: "rendered"; bytes: Uint8Array; contentType: string; width: number; height: number }
	| DecodeFailure;

/** The whole upright picture, for those who look closer than the encoder. */
export type RasterOutcome =
	| {
			kind: "raster";
			/** SHA-256 of the file's bytes, lower-case hex. */
			contentHash: string;
			width: number;
			height: number;
			/** sRGB, uint8, [height, width, 3]; short-lived, as those of `DecodedPhoto`. */
			pixels: Uint8Array;
	  }
	| DecodeFailure;

/** What stands in a file beside its picture, read without decoding it. */
export interface DescribedPhoto {
	kind: "described";
	/** SHA-256 of the file's bytes, lower-case hex. */
	contentHash: string;
	fileMetadata: FileMetadata;
	/** See [Note: Drawn or photographed]. */
	drawn: boolean;
}

export const thumbnailLongestSide = 512;

/** A pool of disposable child processes; no file, however broken, harms more than its own result. */
export interface Decoder {
	/** How many pictures are decoded side by side. */
	readonly parallelism: number;
	/** Never rejects for a bad file: that is a `failed` outcome. Rejects only after `close`. */
	decode(
		source: PictureSource,
		/** With a region, the pixels are of that part alone, and there is no thumbnail. */
		options: { pixels: PixelRule; thumbnail: boolean; region?: PictureRegion },
	): Promise<DecodeOutcome>;
	/** An upright sRGB JPEG of at most `longestSide` pixels. */
	render(source: PictureSource, options: { longestSide: number }): Promise<RenderOutcome>;
	/** Titles, keywords and the like of a photo that was decoded before they were read. Comes last in the queue. */
	describe(source: PictureSource): Promise<DescribedPhoto | DecodeFailure>;
	/** The upright picture, of at most `longestSide` pixels a side. Comes last in the queue. */
	raster(source: PictureSource, options: { longestSide: number }): Promise<RasterOutcome>;
	close(): Promise<void>;
}

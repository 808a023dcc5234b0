/** @file Types of `heic-decode`, which ships none. */
declare module "heic-decode" {
	/** Decodes the first picture. Pixels are uint8 RGBA, upright. */
	export default function decode(input: {
		buffer: Uint8Array;
	}): Promise<{ width: number; height: number; data: Uint8ClampedArray<ArrayBuffer> }>;
}

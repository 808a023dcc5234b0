/** @file Pixels as they come from the decoder, into the numbers a picture tower takes. */
import type { ModelManifest } from "./model-manifest.ts";

/** Writes pictures into one reused float32 buffer; not for two batches at a time. */
export interface PictureTensor {
	readonly width: number;
	readonly height: number;
	/**
	 * @param pixels uint8 RGB [count, height, width, 3], packed.
	 * @returns float32 [count, 3, height, width], (v / 255 - mean) / std per channel; valid until the
	 * next call.
	 */
	fill(pixels: Uint8Array, count: number): Float32Array;
}

/** @param batchSize the most pictures a call may bring. */
export function createPictureTensor(
	image: ModelManifest["image"],
	batchSize: number,
): PictureTensor {
	const [width, height] = image.size;
	const plane = width * height;
	const tables = image.mean.map((mean, channel) => normalisation(mean, image.std[channel] ?? 1));
	const buffer = new Float32Array(batchSize * 3 * plane);
	return {
		width,
		height,
		fill(pixels, count) {
			if (count > batchSize || pixels.length !== count * 3 * plane) {
				throw new RangeError(
					`${pixels.length} bytes are not ${count} pictures of ${width}x${height}`,
				);
			}
			for (let picture = 0; picture < count; picture++) {
				for (const [channel, table] of tables.entries()) {
					const target = (picture * 3 + channel) * plane;
					let source = picture * 3 * plane + channel;
					for (let pixel = 0; pixel < plane; pixel++, source += 3) {
						buffer[target + pixel] = table[pixels[source] ?? 0] ?? 0;
					}
				}
			}
			return buffer.subarray(0, count * 3 * plane);
		},
	};
}

/** A byte has 256 values: looking them up saves a division a sample. */
function normalisation(mean: number, std: number): Float32Array {
	return Float32Array.from({ length: 256 }, (_, value) => (value / 255 - mean) / std);
}

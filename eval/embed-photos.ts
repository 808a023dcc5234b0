/** @file Photos to embeddings, through the app's own decoder and encoder. */

import type { Decoder } from "../engine/decoder/decoder.ts";
import type { DualEncoder } from "../engine/encoder/dual-encoder.ts";
import { pictureRule } from "../engine/encoder/picture-rule.ts";

const chunkSize = 32;

/** Float32 [dimensions] per path, in order. Throws when a photo of the set cannot be read. */
export async function embedPhotos(
	paths: readonly string[],
	parts: { decoder: Decoder; encoder: DualEncoder },
): Promise<Float32Array[]> {
	const pixels = pictureRule(parts.encoder.manifest);
	const vectors: Float32Array[] = [];
	for (let first = 0; first < paths.length; first += chunkSize) {
		const chunk = paths.slice(first, first + chunkSize);
		const pictures = await Promise.all(
			chunk.map(async (filePath) => {
				const outcome = await parts.decoder.decode({ filePath }, { pixels, thumbnail: false });
				if (outcome.kind === "failed") throw new Error(`${filePath}: ${outcome.message}`);
				return outcome.pixels;
			}),
		);
		vectors.push(...(await parts.encoder.embedPictures(pictures)));
	}
	return vectors;
}

/** Cosine similarity of two unit vectors. */
export function cosineSimilarity(left: Float32Array, right: Float32Array): number {
	let sum = 0;
	for (let at = 0; at < left.length; at += 1) sum += (left[at] ?? 0) * (right[at] ?? 0);
	return sum;
}

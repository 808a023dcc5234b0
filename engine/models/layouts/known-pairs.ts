/** @file Photos whose subjects are known, as a new encoder sees them and the words for them. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { createDecoder } from "../../decoder/create-decoder.ts";
import type { DualEncoder } from "../../encoder/dual-encoder.ts";
import { pictureRule } from "../../encoder/picture-rule.ts";

const knownPairsSchema = z.object({
	pairs: z.array(z.object({ photo: z.string(), words: z.string() })).min(2),
});

/** What an encoder makes of the known pairs and of phrases that are about none of them in particular. */
export interface SeenPairs {
	/** Float32 [dimensions] per pair, unit length. */
	pictures: Float32Array[];
	/** The words for them, in the same order. */
	words: Float32Array[];
	/** The neutral phrases searches are judged against. */
	neutral: Float32Array[];
	/** Pictures the encoder took in a second, once it was loaded. */
	imagesPerSecond: number;
}

/**
 * The photos and phrases that come with the app.
 * @throws Refusal MODEL_UNAVAILABLE when the encoder cannot run.
 */
export async function seeKnownPairs(
	encoder: DualEncoder,
	resourcesPath: string,
): Promise<SeenPairs> {
	const { pairs } = knownPairsSchema.parse(
		JSON.parse(await readFile(join(resourcesPath, "models", "known-pairs.json"), "utf8")),
	);
	const phrases = await readFile(
		join(resourcesPath, "vocabularies", "neutral-prompts.txt"),
		"utf8",
	);
	const neutral = phrases.split("\n").filter((line) => line.trim() !== "");
	const said = await encoder.embedTexts([...pairs.map(({ words }) => words), ...neutral]);
	const vectors = said.map(({ vector }) => vector);
	const paths = pairs.map(({ photo }) => join(resourcesPath, "demo-photos", photo));
	const decoded = await decodeAll(paths, encoder);
	// The first picture loads the tower, which is no part of its speed.
	await encoder.embedPictures(decoded.slice(0, 1));
	const start = performance.now();
	const pictures = await encoder.embedPictures(decoded);
	const imagesPerSecond = (pictures.length * 1000) / (performance.now() - start);
	return {
		imagesPerSecond,
		pictures,
		words: vectors.slice(0, pairs.length),
		neutral: vectors.slice(pairs.length),
	};
}

async function decodeAll(paths: readonly string[], encoder: DualEncoder): Promise<Uint8Array[]> {
	const pixels = pictureRule(encoder.manifest);
	const decoder = createDecoder({ parallelism: 1 });
	try {
		const decoded: Uint8Array[] = [];
		for (const filePath of paths) {
			const outcome = await decoder.decode({ filePath }, { pixels, thumbnail: false });
			// These photos are ours: one that cannot be read is a defect of the installation.
			if (outcome.kind === "failed") throw new Error(`${filePath}: ${outcome.message}`);
			decoded.push(outcome.pixels.slice());
		}
		return decoded;
	} finally {
		await decoder.close();
	}
}

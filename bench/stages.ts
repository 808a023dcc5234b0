/** @file Each stage of indexing alone, on the same photos and with the threads the pipeline gives it. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCatalogue } from "../engine/catalogue/open-catalogue.ts";
import type { ReadPhoto } from "../engine/catalogue/records.ts";
import { createDecoder } from "../engine/decoder/create-decoder.ts";
import type { DecodedPhoto, PixelRule } from "../engine/decoder/decoder.ts";
import { createDualEncoder } from "../engine/encoder/onnx-dual-encoder.ts";
import { pictureRule } from "../engine/encoder/picture-rule.ts";
import { createPictureTensor } from "../engine/encoder/picture-tensor.ts";
import { randomUnitVector, seededRandom } from "./synthetic-library.ts";

/** Photos a second. */
export interface StageRates {
	decode: number;
	preprocess: number;
	inference: number;
	write: number;
}

export async function measureStages(
	paths: readonly string[],
	packagePath: string,
): Promise<StageRates> {
	const encoder = createDualEncoder({ packagePath });
	const decoder = createDecoder();
	const pixels = pictureRule(encoder.manifest);
	try {
		// Processes and sessions started, files in the system's cache: as in the middle of a long run.
		const warm = await decodeAll(paths.slice(0, 64), pixels);
		await encoder.embedPictures(warm.slice(0, 8).map((photo) => photo.pixels));

		const decodeStarted = performance.now();
		const photos = await decodeAll(paths, pixels);
		const decode = rate(photos.length, decodeStarted);

		const tensor = createPictureTensor(encoder.manifest.image, 1);
		const preprocessStarted = performance.now();
		for (const photo of photos) tensor.fill(photo.pixels, 1);
		const preprocess = rate(photos.length, preprocessStarted);

		const inferenceStarted = performance.now();
		await encoder.embedPictures(photos.map((photo) => photo.pixels));
		const inference = rate(photos.length, inferenceStarted);

		return { decode, preprocess, inference, write: await measureWrite(photos, encoder.key) };
	} finally {
		await Promise.all([encoder.close(), decoder.close()]);
	}

	async function decodeAll(some: readonly string[], rule: PixelRule): Promise<DecodedPhoto[]> {
		const decoded: DecodedPhoto[] = [];
		const waiting = [...some];
		const work = async () => {
			for (let filePath = waiting.pop(); filePath !== undefined; filePath = waiting.pop()) {
				const outcome = await decoder.decode({ filePath }, { pixels: rule, thumbnail: true });
				if (outcome.kind === "decoded") decoded.push(outcome);
			}
		};
		await Promise.all(Array.from({ length: decoder.parallelism * 2 }, work));
		return decoded;
	}
}

async function measureWrite(photos: readonly DecodedPhoto[], encoderKey: string): Promise<number> {
	const folder = await mkdtemp(join(tmpdir(), "afterimage-bench-"));
	const catalogue = await openCatalogue(join(folder, "catalogue.sqlite"));
	try {
		const record = { volumeId: "bench", pathInVolume: "", lastPath: folder };
		const { id: folderId } = await catalogue.folders.add(record);
		const ids = await catalogue.photos.discover(
			folderId,
			photos.map((photo, at) => ({
				relativePath: `${at}.jpg`,
				sizeBytes: photo.sizeBytes,
				modifiedAtMs: at,
				fileIdentity: `bench:${at}`,
			})),
		);
		const embedding = randomUnitVector(384, seededRandom(1));
		const started = performance.now();
		for (const [at, id] of ids.entries()) {
			const photo = photos[at];
			if (photo === undefined) continue;
			const { contentHash, sizeBytes, format, width, height, metadata, perceptualHash } = photo;
			const facts = {
				...{ contentHash, sizeBytes, format, width, height, perceptualHash },
				...metadata,
			};
			const read: ReadPhoto = { id, modifiedAtMs: at, embedding, ...facts };
			await catalogue.photos.storeRead(encoderKey, [read]);
		}
		return rate(ids.length, started);
	} finally {
		await catalogue.close();
		await rm(folder, { recursive: true, force: true });
	}
}

function rate(count: number, startedAtMs: number): number {
	return count / ((performance.now() - startedAtMs) / 1000);
}

/**
 * @file A library of many photos that never existed: real rows, random unit vectors, a handful of
 * shared thumbnails. For measuring search and scrolling at sizes no test folder has.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { unknownCaptureFacts } from "../contract/capture-facts.ts";
import { openCatalogue } from "../engine/catalogue/open-catalogue.ts";
import type { ReadPhoto } from "../engine/catalogue/records.ts";
import { createDecoder } from "../engine/decoder/create-decoder.ts";
import { perceptualHashBytes } from "../engine/decoder/perceptual-hash.ts";
import { prepareLibraryFolder } from "../engine/library/library-folder.ts";
import { ThumbnailStore } from "../engine/library/thumbnail-store.ts";

const batchSize = 1000;
const dayMs = 86_400_000;

/** What a synthetic library is made of. */
export interface SyntheticOptions {
	libraryPath: string;
	/** An existing folder the photos pretend to be in; nothing is written there. */
	photosPath: string;
	/** Small photos whose thumbnails stand in for all. */
	samplesPath: string;
	encoderKey: string;
	dimensions: number;
	count: number;
}

/** Deterministic numbers in [0, 1): mulberry32. */
export function seededRandom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}

/** A random direction: Float32 [dimensions], unit length. */
export function randomUnitVector(dimensions: number, random: () => number): Float32Array {
	const vector = Float32Array.from({ length: dimensions }, () => {
		// Box-Muller: directions are uniform only if the coordinates are normal.
		return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
	});
	const length = Math.hypot(...vector);
	return vector.map((value) => value / length);
}

const randomBytes = (length: number, random: () => number) =>
	Uint8Array.from({ length }, () => Math.floor(random() * 256));

/** Fills a new library folder. The folder's photos count as present: nothing scans it. */
export async function createSyntheticLibrary(options: SyntheticOptions): Promise<void> {
	const folder = await prepareLibraryFolder(options.libraryPath);
	await mkdir(options.photosPath, { recursive: true });
	const samples = await makeThumbnails(options.samplesPath, folder.thumbnailsPath);
	const catalogue = await openCatalogue(folder.cataloguePath);
	const random = seededRandom(7);
	try {
		const { id: folderId } = await catalogue.folders.add({
			volumeId: "synthetic",
			pathInVolume: "",
			lastPath: options.photosPath,
		});
		for (let first = 0; first < options.count; first += batchSize) {
			const files = Array.from({ length: Math.min(batchSize, options.count - first) }, (_, at) => ({
				relativePath: `${Math.floor((first + at) / 500)}/photo-${first + at}.jpg`,
				sizeBytes: 1000 + first + at,
				modifiedAtMs: 1_400_000_000_000 + Math.floor((first + at) * 0.04 * dayMs),
				fileIdentity: `synthetic:${first + at}`,
			}));
			const ids = await catalogue.photos.discover(folderId, files);
			const rows = await catalogue.photos.getMany(ids);
			const read = rows.map((row): ReadPhoto => {
				const sample = samples[row.id % samples.length];
				if (sample === undefined) throw new Error("There are no sample photos.");
				return {
					id: row.id,
					sizeBytes: row.sizeBytes,
					modifiedAtMs: row.modifiedAtMs,
					...sample,
					takenAtMs: row.modifiedAtMs,
					...unknownCaptureFacts,
					perceptualHash: randomBytes(perceptualHashBytes, random),
					embedding: randomUnitVector(options.dimensions, random),
				};
			});
			await catalogue.photos.storeRead(options.encoderKey, read);
			// An open app does this in passing; else the first searches would.
			await catalogue.words.indexPending(batchSize, () => []);
		}
	} finally {
		await catalogue.close();
	}
}

async function makeThumbnails(samplesPath: string, thumbnailsPath: string) {
	const decoder = createDecoder();
	const store = new ThumbnailStore(thumbnailsPath);
	try {
		const names = readdirSync(samplesPath).filter((name) => /\.jpe?g$/i.test(name));
		return await Promise.all(
			names.map(async (name) => {
				const bytes = readFileSync(join(samplesPath, name));
				const outcome = await decoder.render({ bytes }, { longestSide: 512 });
				if (outcome.kind === "failed") throw new Error(`${name}: ${outcome.message}`);
				const contentHash = createHash("sha256").update(bytes).digest("hex");
				await store.write(contentHash, outcome.bytes);
				return { contentHash, format: "jpeg", width: outcome.width, height: outcome.height };
			}),
		);
	} finally {
		await decoder.close();
	}
}

/** @file Look-alikes: whether copies made of a folder's photos are found, and nothing else is. */

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { photoIdSchema } from "../contract/ids.ts";
import type { DecodedPhoto, Decoder } from "../engine/decoder/decoder.ts";
import type { DualEncoder } from "../engine/encoder/dual-encoder.ts";
import { pictureRule } from "../engine/encoder/picture-rule.ts";
import { ThumbnailStore } from "../engine/library/thumbnail-store.ts";
import { CopyFinder } from "../engine/lookalikes/copy-finder.ts";
import { burstMaker, copyMakers } from "./photo-copies.ts";

/** Photos copied, spread over the set. */
const copiedPhotos = 200;
const chunkSize = 16;

export interface LookAlikeFigures {
	photos: number;
	/** Pairs of different files of the set called copies, by name: read them, sets hold true copies too. */
	pairsInSet: string[];
	/** Percent of the copies of each kind found to be copies of their own original. */
	recall: Record<string, number>;
	/** Copies called copies of another photo's original or copy. */
	wrongPairs: string[];
	/** Percent of burst-like pictures (a part of the scene has moved) called copies. */
	burstsCalledCopies: number;
	seconds: number;
}

interface Item {
	name: string;
	/** The original's place in the set. */
	original: number;
	kind: string;
	bytes: Buffer;
}

/** @param half look at every second photo only: 0 for tuning, 1 for reporting; all without it */
export async function measureLookAlikes(
	paths: readonly string[],
	parts: { decoder: Decoder; encoder: DualEncoder },
	half?: 0 | 1,
): Promise<LookAlikeFigures> {
	const folder = await mkdtemp(join(tmpdir(), "afterimage-look-alikes-"));
	try {
		const chosen = paths.filter((_, at) => half === undefined || at % 2 === half);
		return await measure(chosen, parts, new ThumbnailStore(folder));
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

async function measure(
	paths: readonly string[],
	parts: { decoder: Decoder; encoder: DualEncoder },
	thumbnails: ThumbnailStore,
): Promise<LookAlikeFigures> {
	const { decoder, encoder } = parts;
	const pixels = pictureRule(encoder.manifest);
	const read: { item: Omit<Item, "bytes">; photo: DecodedPhoto; vector: Float32Array }[] = [];
	const every = Math.max(1, Math.floor(paths.length / copiedPhotos));
	for (let first = 0; first < paths.length; first += chunkSize) {
		const items: Item[] = [];
		for (const [offset, path] of paths.slice(first, first + chunkSize).entries()) {
			const original = first + offset;
			const bytes = await readFile(path);
			const copied = original % every === 0 && original / every < copiedPhotos;
			items.push(
				...(await withCopies({ name: basename(path), original, kind: "original", bytes }, copied)),
			);
		}
		const decoded = await Promise.all(
			items.map(async ({ bytes, ...item }) => {
				const photo = await decoder.decode({ bytes }, { pixels, thumbnail: true });
				if (photo.kind === "failed") throw new Error(`${item.name}: ${photo.message}`);
				if (photo.thumbnail !== null) await thumbnails.write(photo.contentHash, photo.thumbnail);
				return { item, photo };
			}),
		);
		const vectors = await encoder.embedPictures(decoded.map(({ photo }) => photo.pixels));
		for (const [at, entry] of decoded.entries()) {
			const vector = vectors[at];
			if (vector !== undefined) {
				const photo = { ...entry.photo, pixels: new Uint8Array(), thumbnail: null };
				read.push({ item: entry.item, photo, vector });
			}
		}
	}
	const finder = new CopyFinder({
		photos: {
			contents: async () =>
				read.map(({ photo }, at) => ({
					id: photoIdSchema.parse(at + 1),
					contentHash: photo.contentHash,
					perceptualHash: photo.perceptualHash,
					width: photo.width,
					height: photo.height,
				})),
			storePerceptualHash: async () => undefined,
		},
		decoder,
		thumbnails,
		makeThumbnail: async () => undefined,
		vectorOf: (id) => read[id - 1]?.vector ?? null,
	});
	const started = performance.now();
	const pairs = await finder.findPairs(new AbortController().signal);
	const seconds = (performance.now() - started) / 1000;
	const items = new Map(read.map(({ item, photo }) => [photo.contentHash, item]));
	return { ...judge(items, pairs), photos: paths.length, seconds };
}

async function withCopies(item: Item, copied: boolean): Promise<Item[]> {
	if (!copied) return [item];
	const { default: sharp } = await import("sharp");
	const { width, height } = await sharp(item.bytes).metadata();
	const source = { bytes: item.bytes, width, height };
	const made = await Promise.all(
		Object.entries({ ...copyMakers, burst: burstMaker }).map(async ([kind, make]) => ({
			...item,
			kind,
			bytes: await make(source, item.original),
		})),
	);
	return [item, ...made];
}

function judge(
	items: ReadonlyMap<string, Omit<Item, "bytes">>,
	pairs: readonly (readonly [string, string])[],
): Omit<LookAlikeFigures, "photos" | "seconds"> {
	const pairsInSet: string[] = [];
	const wrongPairs: string[] = [];
	const found: Record<string, Set<number>> = {};
	for (const pair of pairs) {
		const [a, b] = pair.map((hash) => items.get(hash));
		if (a === undefined || b === undefined) continue;
		const names = `${a.name} (${a.kind}) = ${b.name} (${b.kind})`;
		if (a.original !== b.original) {
			(a.kind === "original" && b.kind === "original" ? pairsInSet : wrongPairs).push(names);
		} else {
			const copy = a.kind === "original" ? b : b.kind === "original" ? a : null;
			if (copy === null) continue;
			const originals = found[copy.kind] ?? new Set();
			found[copy.kind] = originals.add(copy.original);
		}
	}
	const made = new Map<string, number>();
	for (const { kind } of items.values()) made.set(kind, (made.get(kind) ?? 0) + 1);
	const percent = (kind: string) => ((found[kind]?.size ?? 0) / (made.get(kind) ?? 1)) * 100;
	const recall = Object.fromEntries(Object.keys(copyMakers).map((kind) => [kind, percent(kind)]));
	return { pairsInSet, wrongPairs, recall, burstsCalledCopies: percent("burst") };
}

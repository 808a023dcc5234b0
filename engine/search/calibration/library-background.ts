/** @file How similar things that have nothing to do with one another are in this library. */
import type { LibraryIndex } from "../../index/library-index.ts";
import { innerProduct } from "../../index/similarity-scores.ts";
import { type Backdrop, centred, meanOf } from "../examples/compose-query.ts";
import { type Background, backgroundOf } from "./confidence.ts";

/** Enough for the spread to two figures; all of it takes some 20 ms once. */
const sampledPhotos = 192;

/** The backgrounds of one library, for words and for pictures. */
export interface LibraryBackground {
	/** The library's size when it was taken. */
	size: number;
	/** Neutral phrases against the library's photos. */
	words: Background;
	/** The library's photos against one another. */
	pictures: Background;
	/** The same for queries that are made of several things; computed when one is asked. */
	backdrop(): Backdrop;
}

/** From a sample spread evenly over the library; any sample of a library at rest is the same. */
export async function measureBackground(
	index: LibraryIndex,
	prompts: readonly Float32Array[],
): Promise<LibraryBackground> {
	const photos = await samplePhotos(index);
	let backdrop: Backdrop | null = null;
	return {
		size: index.size,
		backdrop() {
			backdrop ??= backdropOf(photos, prompts, index.space.dimensions);
			return backdrop;
		},
		words: backgroundOf(similaritiesBetween(photos, prompts)),
		pictures: backgroundOf(similaritiesWithin(photos)),
	};
}

function backdropOf(
	photos: readonly Float32Array[],
	prompts: readonly Float32Array[],
	dimensions: number,
): Backdrop {
	const meanPhrase = meanOf(prompts) ?? new Float32Array(dimensions);
	const meanPhoto = meanOf(photos) ?? new Float32Array(dimensions);
	const phrases = prompts.map((prompt) => centred(prompt, meanPhrase));
	const directions = photos.map((photo) => centred(photo, meanPhoto));
	return {
		words: { mean: meanPhrase, spread: backgroundOf(similaritiesBetween(photos, phrases)).spread },
		pictures: {
			mean: meanPhoto,
			spread: backgroundOf(similaritiesToOthers(photos, directions)).spread,
		},
	};
}

async function samplePhotos(index: LibraryIndex): Promise<Float32Array[]> {
	// Every similarity to a vector of zeros is 0: it is the labels that are wanted.
	const { labels } = await index.similarities(new Float32Array(index.space.dimensions));
	const sorted = labels.toSorted();
	const step = Math.max(1, sorted.length / sampledPhotos);
	const photos: Float32Array[] = [];
	for (let at = 0; at < sorted.length; at += step) {
		const label = sorted[Math.floor(at)];
		const vector = label === undefined ? null : index.vectorOf(label);
		if (vector !== null) photos.push(vector);
	}
	return photos;
}

function* similaritiesBetween(
	photos: readonly Float32Array[],
	prompts: readonly Float32Array[],
): Generator<number> {
	for (const photo of photos) for (const prompt of prompts) yield innerProduct(photo, 0, prompt);
}

/** Of every photo to the directions of all others. */
function* similaritiesToOthers(
	photos: readonly Float32Array[],
	directions: readonly Float32Array[],
): Generator<number> {
	for (const [at, photo] of photos.entries()) {
		for (const [from, direction] of directions.entries()) {
			if (from !== at) yield innerProduct(photo, 0, direction);
		}
	}
}

function* similaritiesWithin(photos: readonly Float32Array[]): Generator<number> {
	for (const [at, photo] of photos.entries()) {
		for (const other of photos.slice(0, at)) yield innerProduct(photo, 0, other);
	}
}

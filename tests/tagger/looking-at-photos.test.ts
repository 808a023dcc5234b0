/** @file When photos are looked at: after indexing, after a kill, and by another encoder. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { photoIdSchema } from "../../contract/ids.ts";
import type { DualEncoder } from "../../engine/encoder/dual-encoder.ts";
import { LibraryIndex } from "../../engine/index/library-index.ts";
import { openTagging } from "../../engine/tagger/open-tagging.ts";
import { addFolder, found, read, unit } from "../catalogue/catalogue-contents.ts";
import { newCatalogue, temporaryFolder } from "../catalogue/catalogue-on-disk.ts";
import { createFakeEncoder } from "../fixtures/fake-encoder.ts";

const photoCount = 40;

/** An encoder to which "kind A" and "kind B" are two directions, and every other text is a third. */
function encoderOf(key: string, dimensions: number): DualEncoder {
	const encoder = createFakeEncoder(key);
	return {
		...encoder,
		key,
		manifest: { ...encoder.manifest, dimensions },
		embedTexts: async (texts) =>
			texts.map((text, at) => ({ vector: direction(text, dimensions, at), shortened: false })),
	};
}

function direction(text: string, dimensions: number, at: number): Float32Array {
	const vector = new Float32Array(dimensions);
	if (text.includes("kind A")) vector[0] = 1;
	else if (text.includes("kind B")) vector[1] = 1;
	else vector[2 + (at % (dimensions - 2))] = 1;
	return vector;
}

/** Even photos show kind A, odd ones kind B, each a little its own. */
function photoVector(at: number, dimensions: number): Float32Array {
	const values = Array.from({ length: dimensions }, (_, place) => 0.1 * Math.sin(at + place));
	values[at % 2] = 1;
	return unit(...values);
}

/** Forty photos of two kinds, and a vocabulary that knows one of them. */
async function photosOfTwoKinds() {
	const { catalogue } = await newCatalogue();
	const { id: folderId } = await addFolder(catalogue);
	const files = Array.from({ length: photoCount }, (_, at) => found(`${at}.jpg`));
	const photos = await catalogue.photos.discover(folderId, files);
	const root = temporaryFolder();
	mkdirSync(join(root, "vocabularies", "labels"), { recursive: true });
	writeFileSync(join(root, "vocabularies", "labels", "kinds.txt"), "kind/a = kind A\n");

	/** Opened with all photos read by this encoder. */
	const opened = async (key: string, dimensions: number, othersBusy = () => false) => {
		const vectors = photos.map((_, at) => photoVector(at, dimensions));
		await catalogue.photos.storeRead(
			key,
			photos.map((id, at) =>
				read(id, files[at] ?? found(""), {
					embedding: vectors[at] ?? new Float32Array(dimensions),
				}),
			),
		);
		const index = new LibraryIndex({
			space: { encoderKey: key, dimensions },
			folderPath: join(root, key),
		});
		onTestFinished(() => index.close());
		for (const [at, id] of photos.entries()) {
			index.set(id, vectors[at] ?? new Float32Array(dimensions));
		}
		const encoder = encoderOf(key, dimensions);
		const phrases = Array.from({ length: 12 }, (_, at) => `something ${at}`);
		const tagging = await openTagging({
			catalogue,
			encoder,
			index,
			neutralVectors: async () => (await encoder.embedTexts(phrases)).map(({ vector }) => vector),
			resourcesPath: root,
			libraryPath: root,
			othersBusy,
			onChanged: () => undefined,
		});
		onTestFinished(() => tagging.tagger.close());
		return tagging;
	};
	const photo = (at: number) => photoIdSchema.parse(photos[at]);
	const stateOf = async (at: number, path: string) =>
		(await catalogue.tags.ofPhoto(photo(at))).find((tag) => tag.path === path);
	return { catalogue, photos, opened, photo, stateOf };
}

test("new photos wait while others are indexed; killed before their turn, the next start makes up", async () => {
	const { photos, opened, stateOf } = await photosOfTwoKinds();
	const first = await opened("encoder-1", 16);
	for await (const _ of first.tagger.run(null, null));
	await first.tagger.close();

	let busy = true;
	const second = await opened("encoder-1", 16, () => busy);
	await second.labels.save({ id: null, path: "mine/b", wordings: ["kind B"], answers: [] });
	// As if nobody had looked at them yet.
	await second.tagger.withdraw((await second.labels.list()).labels.map(({ id }) => id));
	second.tagger.noteStored(photos);
	await delay(2000);
	expect(await stateOf(0, "kind/a")).toBeUndefined();
	// No close: the process is gone.

	busy = false;
	const third = await opened("encoder-1", 16);
	third.tagger.wake();
	await expect.poll(() => stateOf(0, "kind/a")).toBeDefined();
	await expect.poll(() => stateOf(1, "mine/b")).toBeDefined();
});

test("labels, their answers and decisions outlive a change of encoder; suggestions are made anew", async () => {
	const { catalogue, opened, photo, stateOf } = await photosOfTwoKinds();
	const tagged = async (key: string, dimensions: number) => {
		const tagging = await opened(key, dimensions);
		for await (const _ of tagging.tagger.run(null, null));
		return tagging;
	};

	const first = await tagged("encoder-1", 16);
	expect(await stateOf(0, "kind/a")).toMatchObject({ state: "suggested" });
	expect(await stateOf(1, "kind/a")).toBeUndefined();
	const { label } = await first.labels.save({
		id: null,
		path: "mine/b",
		wordings: ["kind B"],
		threshold: 0.3,
		answers: [
			{ id: photo(1), answer: "yes" },
			{ id: photo(0), answer: "no" },
		],
	});
	const tag = await catalogue.tags.withPath("kind/a");
	if (tag === undefined) throw new Error("The tag is missing.");
	const pairs = (at: number) => [{ id: photo(at), tagId: tag.id }];
	await catalogue.tags.decide("accept", { type: "chosen", pairs: pairs(0) }, false);
	await catalogue.tags.decide("reject", { type: "chosen", pairs: pairs(2) }, false);

	const second = await tagged("encoder-2", 24);
	expect(await second.labels.get(label.id)).toMatchObject({
		wordings: ["kind B"],
		threshold: 0.3,
		yes: 1,
		no: 1,
		answers: expect.arrayContaining([{ id: photo(1), answer: "yes" }]),
	});
	const preview = await second.previews.preview({ id: label.id, answers: [] }, 50, photoCount);
	expect(preview).toMatchObject({ yes: 1, no: 1, unused: 0, photos: photoCount });
	expect(preview.nearest.slice(0, photoCount / 2).map(({ id }) => id)).toContain(photo(1));
	expect(await stateOf(0, "kind/a")).toMatchObject({ state: "accepted" });
	expect(await stateOf(2, "kind/a")).toMatchObject({ state: "rejected" });
	expect(await stateOf(4, "kind/a")).toMatchObject({
		state: "suggested",
		scoredBy: { encoder: "encoder-2" },
	});
});

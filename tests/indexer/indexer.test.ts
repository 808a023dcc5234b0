import { existsSync } from "node:fs";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { Refusal } from "../../contract/errors.ts";
import type { DualEncoder } from "../../engine/encoder/dual-encoder.ts";
import { createFakeEncoder } from "../fixtures/fake-encoder.ts";
import { decodedPicture, FakeDecoder } from "./fake-decoder.ts";
import { newIndexing } from "./indexing.ts";

const names = (count: number) => Array.from({ length: count }, (_, at) => `photo-${at}.jpg`);

/** Counts pictures; everything else is the fake encoder's. */
function countingEncoder(): { encoder: DualEncoder; embedded: () => number } {
	const encoder = createFakeEncoder();
	const embedPictures = encoder.embedPictures.bind(encoder);
	let embedded = 0;
	encoder.embedPictures = (pictures) => {
		embedded += pictures.length;
		return embedPictures(pictures);
	};
	return { encoder, embedded: () => embedded };
}

describe("the indexer", () => {
	test("makes every waiting photo searchable, with embedding and thumbnail", async () => {
		const { indexer, catalogue, discover, settled, stored, encoder } = await newIndexing();
		const ids = await discover(names(50));
		indexer.wake();
		await settled();
		expect(await catalogue.photos.counts()).toEqual({
			photos: 50,
			searchable: 50,
			failed: 0,
			waiting: 0,
		});
		expect(await catalogue.embeddings.count(encoder.key)).toBe(50);
		expect([...stored].sort()).toEqual([...ids].sort());
	});

	test("reads the newest photos first, and those being looked at before them", async () => {
		const { indexer, decoder, discover, settled } = await newIndexing({ paused: true });
		const ids = await discover(names(40));
		const oldest = ids[0];
		if (oldest === undefined) throw new Error("No photo was discovered.");
		await indexer.prioritise([oldest]);
		indexer.resume();
		await settled();
		expect(decoder.decodedPaths.slice(0, 3)).toEqual([
			"/photos/photo-0.jpg",
			"/photos/photo-39.jpg",
			"/photos/photo-38.jpg",
		]);
	});

	test("embeds bytes it has seen before only once", async () => {
		const { encoder, embedded } = countingEncoder();
		const decoder = new FakeDecoder(() => decodedPicture("the same bytes"));
		const { indexer, catalogue, discover, settled } = await newIndexing({ encoder, decoder });
		await discover(names(30));
		indexer.wake();
		await settled();
		expect((await catalogue.photos.counts()).searchable).toBe(30);
		expect(embedded()).toBe(1);
	});

	test("turns a photo that cannot be read into a row with a reason and goes on", async () => {
		const decoder = new FakeDecoder((path) =>
			path.endsWith("3.jpg")
				? { kind: "failed", reason: "corrupt", message: "The picture is damaged." }
				: decodedPicture(path),
		);
		const { indexer, catalogue, discover, settled, failed } = await newIndexing({ decoder });
		await discover(names(10));
		indexer.wake();
		await settled();
		expect(await catalogue.photos.counts()).toMatchObject({ searchable: 9, failed: 1, waiting: 0 });
		const [failure] = await catalogue.photos.failures();
		expect(failure).toMatchObject({
			relativePath: "photo-3.jpg",
			failureReason: "corrupt",
			failureMessage: "The picture is damaged.",
		});
		expect(failed).toEqual([failure?.id]);
	});

	test("lets a defect on one photo fail that photo alone", async () => {
		const decoder = new FakeDecoder((path) => {
			if (path.endsWith("2.jpg")) throw new Error("a defect");
			return decodedPicture(path);
		});
		const { indexer, catalogue, discover, settled } = await newIndexing({ decoder });
		await discover(names(5));
		indexer.wake();
		await settled();
		expect(await catalogue.photos.counts()).toMatchObject({ searchable: 4, failed: 1 });
	});

	test("keeps every photo waiting and says why when the model cannot run", async () => {
		const encoder = createFakeEncoder();
		encoder.embedPictures = async () => {
			throw new Refusal("MODEL_UNAVAILABLE", "The model file vision.onnx is damaged.");
		};
		const { indexer, catalogue, discover, settled } = await newIndexing({ encoder });
		await discover(names(20));
		indexer.wake();
		await settled();
		expect(indexer.state().trouble).toBe("The model file vision.onnx is damaged.");
		expect(await catalogue.photos.counts()).toMatchObject({ waiting: 20, failed: 0 });
	});

	test("stays paused when it is tried again after trouble, for whoever paused it meanwhile", async () => {
		const timers = vi.spyOn(globalThis, "setTimeout");
		onTestFinished(() => timers.mockRestore());
		const encoder = createFakeEncoder();
		encoder.embedPictures = async () => {
			throw new Refusal("DISK_FULL");
		};
		const { indexer, catalogue, discover, settled } = await newIndexing({ encoder });
		await discover(names(3));
		indexer.wake();
		await settled();
		expect(indexer.state().trouble).not.toBeNull();
		indexer.pause();
		for (const [again, delayMs] of timers.mock.calls) if (delayMs === 15_000) again();
		expect(indexer.state()).toMatchObject({ paused: true, trouble: null });
		await settled();
		expect(await catalogue.photos.counts()).toMatchObject({ waiting: 3 });
	});

	test("does not blame photos of a folder that went away", async () => {
		const decoder = new FakeDecoder(() => ({
			kind: "failed",
			reason: "vanished",
			message: "The file is no longer there.",
		}));
		let offline = false;
		const { indexer, catalogue, discover, settled, folderId } = await newIndexing({
			decoder,
			parts: {
				confirmFolder: async () => {
					if (!offline) {
						offline = true;
						await catalogueOf().folders.update(folderIdOf(), { offline: true });
					}
					return false;
				},
			},
		});
		const catalogueOf = () => catalogue;
		const folderIdOf = () => folderId;
		await discover(names(4));
		indexer.wake();
		await settled();
		expect(await catalogue.photos.counts()).toMatchObject({ waiting: 4, failed: 0 });
	});

	test("reads nothing while paused and everything after", async () => {
		const { indexer, catalogue, discover, settled } = await newIndexing();
		await discover(names(30));
		indexer.pause();
		indexer.wake();
		await settled();
		expect((await catalogue.photos.counts()).searchable).toBe(0);
		indexer.resume();
		await settled();
		expect((await catalogue.photos.counts()).searchable).toBe(30);
	});

	test("never holds more pictures than its window, whatever waits", async () => {
		const { indexer, decoder, discover, settled } = await newIndexing();
		await discover(names(300));
		indexer.wake();
		await settled();
		expect(decoder.most).toBeGreaterThan(1);
		expect(decoder.most).toBeLessThanOrEqual(16);
	});

	test("writes the thumbnail before the photo counts as searchable", async () => {
		const seen: boolean[] = [];
		const indexing = await newIndexing({
			parts: { onStored: () => seen.push(existsSync(indexingPath())) },
		});
		const indexingPath = () => indexing.thumbnailsPath;
		await indexing.discover(names(3));
		indexing.indexer.wake();
		await indexing.settled();
		expect(seen).toEqual([true, true, true]);
	});
});

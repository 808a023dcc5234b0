/** @file Several looks at a picture make one embedding. */
import { afterAll, expect, test } from "vitest";
import { withCloserLook } from "../../engine/encoder/closer-look.ts";
import { encoderKey } from "../../engine/encoder/encoder-key.ts";
import { loadModelPackage } from "../../engine/encoder/model-package.ts";
import { createDualEncoder } from "../../engine/encoder/onnx-dual-encoder.ts";
import { cosine, starterPath, syntheticPicture } from "./starter-package.ts";

const starter = loadModelPackage(starterPath);
const closer = withCloserLook(starter);
const once = createDualEncoder({ packagePath: starterPath });
const thrice = createDualEncoder({ packagePath: closer.path, manifest: closer.manifest });
afterAll(() => Promise.all([once.close(), thrice.close()]));

const pictures = [0, 1, 2].map(syntheticPicture);
const block = (order: readonly number[]) =>
	Buffer.concat(order.map((at) => pictures[at] ?? new Uint8Array()));

test("the embedding is the mean of the looks, of unit length, in the order of the pictures", async () => {
	const single = await once.embedPictures(pictures);
	const orders = Array.from({ length: 7 }, (_, at) => [at % 3, at % 2, 0]);
	const embedded = await thrice.embedPictures(orders.map(block));
	expect(embedded).toHaveLength(orders.length);
	for (const [at, order] of orders.entries()) {
		const sum = Array.from({ length: 384 }, (_, axis) =>
			order.reduce((total, look) => total + (single[look]?.[axis] ?? 0), 0),
		);
		const vector = embedded[at] ?? new Float32Array();
		expect(cosine(vector, vector)).toBeCloseTo(1, 5);
		expect(cosine(vector, sum) / Math.hypot(...sum)).toBeGreaterThan(0.9999);
	}
});

test("texts are embedded as before", async () => {
	const [before] = await once.embedTexts(["a dog on a beach"]);
	const [now] = await thrice.embedTexts(["a dog on a beach"]);
	expect(now?.vector).toEqual(before?.vector);
});

test("a picture with another number of looks is refused", async () => {
	await expect(thrice.embedPictures(pictures)).rejects.toThrow("3 x RGB");
	await expect(once.embedPictures([block([0, 1, 2])])).rejects.toThrow("1 x RGB");
});

test("its embeddings are stored under a key of their own", () => {
	expect(encoderKey(closer.manifest)).not.toBe(encoderKey(starter.manifest));
	const { looks: _, ...image } = closer.manifest.image;
	const { id } = starter.manifest;
	expect(encoderKey({ ...closer.manifest, id, image })).toBe(encoderKey(starter.manifest));
	expect(encoderKey({ ...closer.manifest, id })).not.toBe(encoderKey(starter.manifest));
});

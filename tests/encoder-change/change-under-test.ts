/** @file A library of small photos and a second encoder; what must hold of every search meanwhile. */
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "vitest";
import type { EngineClient } from "../../contract/contract.ts";
import type { EncoderUse } from "../../contract/encoder-change.ts";
import type { PhotoId } from "../../contract/ids.ts";
import { type ModelId, modelIdSchema } from "../../contract/model-package.ts";
import type { SearchResult } from "../../contract/search.ts";
import { openTestLibrary, temporaryRoot, untilSearchable } from "../engine/open-test-library.ts";
import { writeRotatedStarter } from "../fixtures/encoder/rotated-starter.ts";
import { makePhotoFolder } from "../fixtures/make-photos.ts";

export const rotatedModel: ModelId = modelIdSchema.parse("rotated-starter");
export const starterModel: ModelId = modelIdSchema.parse("starter");
export const closerModel: ModelId = modelIdSchema.parse("starter-closer");

export const queries = ["a red circle", "a blue square on green", "something yellow"];

/** An indexed library with the rotated encoder installed and not used yet. */
export async function libraryWithTwoEncoders(count: number) {
	const root = temporaryRoot();
	const packagePath = join(root, "rotated");
	writeRotatedStarter(packagePath);
	const opened = await openTestLibrary({ root });
	// Labels that look at every photo, after this and after a change, would only take time here.
	await opened.client.tagging.change({ automatic: false });
	const photoPaths = await makePhotoFolder(opened.photosPath, count);
	await opened.client.folder.add({ path: opened.photosPath });
	await untilSearchable(opened.client, count);
	const { id } = await opened.client.model.installFolder({ path: packagePath });
	expect(id).toBe(rotatedModel);
	return { ...opened, root, photoPaths, packagePath };
}

/** What a search found, without what may differ from one asking to the next. */
export interface FoundPhotos {
	encoder: string;
	ids: PhotoId[];
	similarities: number[];
}

function foundOf({ encoder, hits }: SearchResult): FoundPhotos {
	return {
		encoder,
		ids: hits.map(({ id }) => id),
		similarities: hits.map(({ similarity }) => similarity),
	};
}

/** Everything that is asked while the encoder changes: words, and a photo's likes. */
export async function askAll(client: EngineClient, id: PhotoId): Promise<FoundPhotos[]> {
	const found: FoundPhotos[] = [];
	for (const query of queries) {
		found.push(foundOf(await client.search.text({ query, limit: 10, strictness: 0 })));
	}
	found.push(foundOf(await client.search.similar({ id, limit: 10, strictness: 0 })));
	return found;
}

/** Both encoders rank alike: whatever answers, the same photos come in the same order. */
export function expectSame(found: readonly FoundPhotos[], expected: readonly FoundPhotos[]): void {
	expect(found.map(({ ids }) => ids)).toEqual(expected.map(({ ids }) => ids));
	for (const [at, { similarities }] of found.entries()) {
		for (const [place, similarity] of similarities.entries()) {
			expect(similarity).toBeCloseTo(expected[at]?.similarities[place] ?? Number.NaN, 3);
		}
	}
}

/** Asks for as long as `until` has not come to its end. Returns the encoders that answered, in order. */
export async function askMeanwhile(
	client: EngineClient,
	id: PhotoId,
	expected: readonly FoundPhotos[],
	until: Promise<unknown>,
): Promise<string[]> {
	const answered: string[] = [];
	let done = false;
	const end = until.finally(() => {
		done = true;
	});
	while (!done) {
		const found = await askAll(client, id);
		expectSame(found, expected);
		answered.push(...found.map(({ encoder }) => encoder));
		await delay(5);
	}
	await end;
	return answered;
}

/** Resolves when this encoder searches; rejects where the change stops, or with its state after two minutes. */
export async function untilSearchesWith(client: EngineClient, model: ModelId): Promise<EncoderUse> {
	const giveUpAtMs = performance.now() + 120_000;
	for (;;) {
		const use = await client.encoderChange.status();
		if (use.model === model && use.change === null) return use;
		const stopped = use.change?.phase === "stopped";
		if (stopped || performance.now() > giveUpAtMs) throw new Error(JSON.stringify(use));
		await delay(25);
	}
}

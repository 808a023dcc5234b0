import { existsSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { openTestLibrary, untilSearchable } from "../engine/open-test-library.ts";
import { rotatedTitle } from "../fixtures/encoder/rotated-starter.ts";
import { makePhoto } from "../fixtures/make-photos.ts";
import {
	askAll,
	askMeanwhile,
	expectSame,
	libraryWithTwoEncoders,
	rotatedModel,
	starterModel,
	untilSearchesWith,
} from "./change-under-test.ts";

const photoCount = 24;

async function anyPhoto(client: Awaited<ReturnType<typeof libraryWithTwoEncoders>>["client"]) {
	const { ids } = await client.photo.columns({});
	const [first] = ids;
	if (first === undefined) throw new Error("The library is empty.");
	return first;
}

test("while the encoder changes every search is answered, by one encoder or the other and never by both", async () => {
	const { client, photosPath } = await libraryWithTwoEncoders(photoCount);
	const id = await anyPhoto(client);
	const before = await askAll(client, id);

	await client.encoderChange.start({ model: rotatedModel });
	const answered = await askMeanwhile(client, id, before, untilSearchesWith(client, rotatedModel));
	const after = await askAll(client, id);
	expectSame(after, before);
	const [former, present] = [before[0]?.encoder, after[0]?.encoder];
	expect(present).not.toBe(former);
	// First only the one, then only the other.
	const step = answered.indexOf(present ?? "");
	expect(answered.slice(0, step === -1 ? undefined : step)).toEqual(
		Array(step === -1 ? answered.length : step).fill(former),
	);
	if (step !== -1) expect(new Set(answered.slice(step))).toEqual(new Set([present]));
	expect(answered).toContain(former);

	const use = await client.encoderChange.status();
	expect(use).toMatchObject({ title: rotatedTitle, problem: null, missing: 0, change: null });
	expect(use.kept).toMatchObject([{ model: starterModel, photos: photoCount }]);
	const outcomes = (await client.library.check({})).map(({ outcome }) => outcome);
	expect(new Set(outcomes)).toEqual(new Set(["good"]));

	// New photos are read by the new one.
	writeFileSync(join(photosPath, "new.jpg"), await makePhoto(301));
	await untilSearchable(client, photoCount + 1);
	expect((await client.encoderChange.status()).missing).toBe(0);
	expect((await client.library.status()).index.vectors).toBe(photoCount + 1);

	// Back again: only the photo that came since is still to be read.
	await client.encoderChange.start({ model: starterModel });
	await untilSearchesWith(client, starterModel);
	expect((await askAll(client, id))[0]?.encoder).toBe(former);
	expect((await client.library.status()).index.vectors).toBe(photoCount + 1);
});

test("photos that come, change and go while the encoder changes are found as they are afterwards", async () => {
	const { client, photosPath, photoPaths } = await libraryWithTwoEncoders(16);
	const [changed = "", removed = ""] = photoPaths;
	await client.encoderChange.start({ model: rotatedModel });
	writeFileSync(join(photosPath, "new.jpg"), await makePhoto(302));
	writeFileSync(changed, await makePhoto(303));
	rmSync(removed);
	const namesNow = async () => {
		const { ids } = await client.photo.columns({});
		const summaries = await client.photo.summaries({ ids });
		return summaries.map(({ fileName }) => fileName);
	};
	await expect.poll(namesNow).toContain("new.jpg");
	await expect.poll(namesNow).not.toContain(basename(removed));
	await untilSearchable(client, 16);
	const use = await untilSearchesWith(client, rotatedModel);
	await expect.poll(async () => (await client.encoderChange.status()).missing).toBe(0);
	expect(use.problem).toBeNull();
	const image = new File([Uint8Array.from(await makePhoto(303))], "query.jpg", {
		type: "image/jpeg",
	});
	const nearest = async () => {
		const { hits } = await client.search.image({ image, limit: 1 });
		return { path: hits[0]?.path, isSame: (hits[0]?.similarity ?? 0) > 0.999 };
	};
	await expect.poll(nearest).toEqual({ path: changed, isSame: true });
	expect((await client.library.status()).index.vectors).toBe(16);
});

test("a change can be held, goes on at the next start, ended and taken up again without work being lost", async () => {
	const { client, root, library } = await libraryWithTwoEncoders(16);
	await client.encoderChange.start({ model: rotatedModel });
	await expect
		.poll(async () => (await client.encoderChange.status()).change?.done ?? 16, {
			interval: 5,
		})
		.toBeGreaterThan(0);
	const held = await client.encoderChange.pause();
	expect(held.change?.phase).toBe("paused");
	const done = held.change?.done ?? 0;
	expect((await client.activity.progress()).encoder).toMatchObject({ done, running: false });
	await library.close();

	const second = await openTestLibrary({ root });
	const still = (await second.client.encoderChange.status()).change;
	expect(still).toMatchObject({ phase: "paused", model: rotatedModel, done });
	const ended = await second.client.encoderChange.cancel();
	expect(ended.change).toBeNull();
	expect(ended.kept).toMatchObject([{ title: rotatedTitle, photos: done }]);

	const again = await second.client.encoderChange.start({ model: rotatedModel });
	expect(again.change?.done).toBe(done);
	await untilSearchesWith(second.client, rotatedModel);
	expect((await second.client.library.status()).index.vectors).toBe(16);
});

test("what a former encoder has read is kept until it is discarded, and one in use cannot be", async () => {
	const { client, libraryPath } = await libraryWithTwoEncoders(6);
	await client.encoderChange.start({ model: rotatedModel });
	const { kept } = await untilSearchesWith(client, rotatedModel);
	const [old] = kept;
	if (old === undefined) throw new Error("Nothing was kept.");
	await expect(client.encoderChange.discard({ key: "nobody" })).rejects.toMatchObject({
		code: "MODEL_NOT_FOUND",
	});
	await expect(client.model.remove({ id: rotatedModel })).rejects.toMatchObject({
		code: "MODEL_BUSY",
	});
	const after = await client.encoderChange.discard({ key: old.key });
	expect(after.kept).toEqual([]);
	expect(existsSync(join(libraryPath, "indexes", old.key))).toBe(false);
	expect((await client.search.text({ query: "a red circle" })).searched).toBe(6);
});

test("a library whose encoder is gone is searched with the bundled one, says so, and returns to it when it is back", async () => {
	const { client, root, library, packagePath } = await libraryWithTwoEncoders(6);
	await client.encoderChange.start({ model: rotatedModel });
	await untilSearchesWith(client, rotatedModel);
	await library.close();
	rmSync(join(root, "models", rotatedModel), { recursive: true });

	const without = await openTestLibrary({ root });
	const use = await without.client.encoderChange.status();
	expect(use.model).toBe(starterModel);
	expect(use.problem).toContain(rotatedTitle);
	expect(use.problem).toContain("not installed");
	expect((await without.client.search.text({ query: "a red circle", limit: 3 })).hits).toHaveLength(
		3,
	);
	expect(use.kept).toMatchObject([{ model: rotatedModel, photos: 6 }]);
	await without.client.model.installFolder({ path: packagePath });
	await without.library.close();

	const back = await openTestLibrary({ root });
	expect(await back.client.encoderChange.status()).toMatchObject({
		model: rotatedModel,
		problem: null,
		missing: 0,
	});
	expect((await back.client.search.text({ query: "a red circle" })).searched).toBe(6);
});

/** @file The bundled encoder's closer look, taken like any other search model, with nothing to download. */
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
	openTestLibrary,
	resourcesPath,
	temporaryRoot,
	untilSearchable,
} from "../engine/open-test-library.ts";
import { closerModel, starterModel, untilSearchesWith } from "./change-under-test.ts";

const names = ["chelsea-the-cat.jpg", "forest-stream.jpg", "dahlia.jpg", "gravel.jpg"];

test("a library changes to the closer look and back, and new photos are read the same way", async () => {
	const { client, photosPath } = await openTestLibrary({ root: temporaryRoot() });
	await client.tagging.change({ automatic: false });
	mkdirSync(photosPath);
	const add = (name: string) =>
		cpSync(join(resourcesPath, "demo-photos", name), join(photosPath, name));
	for (const name of names) add(name);
	await client.folder.add({ path: photosPath });
	await untilSearchable(client, names.length);

	const offered = (await client.model.list()).models.find(({ id }) => id === closerModel);
	expect(offered).toMatchObject({ kind: "encoder", state: { kind: "bundled" }, notUsable: null });
	const before = await client.search.text({ query: "a cat", limit: 1 });

	const offer = async () => (await client.encoderChange.status()).closer;
	expect(await offer()).toBe(closerModel);
	await client.encoderChange.start({ model: closerModel });
	expect(await offer()).toBeNull();
	await untilSearchesWith(client, closerModel);
	const after = await client.search.text({ query: "a cat", limit: 1 });
	expect(await offer()).toBeNull();
	expect(after.encoder).toBe(`${before.encoder}-closer`);
	expect(after.hits[0]?.id).toBe(before.hits[0]?.id);
	expect(after.hits[0]?.similarity).not.toBe(before.hits[0]?.similarity);

	add("moose.webp");
	await untilSearchable(client, names.length + 1);
	const [found] = (await client.search.text({ query: "a moose", limit: 1 })).hits;
	if (found === undefined) throw new Error("Nothing was found.");
	expect((await client.photo.detail({ id: found.id })).fileName).toBe("moose.webp");

	await client.encoderChange.start({ model: starterModel });
	await untilSearchesWith(client, starterModel);
	const again = await client.search.text({ query: "a cat", limit: 1 });
	expect(again.encoder).toBe(before.encoder);
	expect(await offer()).toBe(closerModel);
	await expect(client.model.remove({ id: closerModel })).rejects.toThrow("came with the app");
});

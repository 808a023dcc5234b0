/** @file Drawings as pictures of the library, and drawing from what is in it, with everything real. */
import { copyFileSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import type { EngineClient } from "../../contract/contract.ts";
import { type DrawingSettings, drawingSettingsSchema } from "../../contract/generation.ts";
import type { PhotoId } from "../../contract/ids.ts";
import {
	openTestLibrary,
	resourcesPath,
	temporaryRoot,
	untilSearchable,
} from "./open-test-library.ts";

const settings = drawingSettingsSchema.parse({
	family: "diffusion",
	prompts: [{ text: "a red rose", weight: 1 }],
	seed: 4,
	width: 64,
	height: 64,
	steps: 1,
	palette: [],
	canvas: null,
	finish: null,
	strength: null,
	masked: false,
});

/** Drawing yields to whatever else the machine does. */
const patience = { timeout: 120_000, interval: 50 };

async function drawn(client: EngineClient, own: DrawingSettings = settings) {
	const { ids } = await client.generation.draw({ settings: own });
	await vi.waitUntil(async () => {
		const { drawings } = await client.generation.list();
		const mine = drawings.find(({ id }) => id === ids[0]);
		if (mine?.problem) throw new Error(mine.problem);
		return mine?.state === "done";
	}, patience);
	return ids;
}

/** The drawn pictures of the library, as soon as there are so many. */
async function untilListed(client: EngineClient, count: number): Promise<PhotoId[]> {
	const find = async () => (await client.search.text({ query: "is:generated" })).hits;
	await vi.waitUntil(async () => (await find()).length === count, patience);
	return (await find()).map(({ id }) => id);
}

test("a drawing is found, says how it was made, is drawn the same again, and goes when discarded", async () => {
	const root = temporaryRoot();
	const { client, library, libraryPath } = await openTestLibrary({ root });
	expect(await client.folder.list()).toEqual([]);
	const ids = await drawn(client);
	const [listed] = await untilListed(client, 1);
	if (listed === undefined) throw new Error("It is not listed.");
	expect(await client.folder.list()).toMatchObject([{ name: "Drawings", drawings: true }]);
	expect((await client.photo.columns({})).hiddenDrawn).toBe(1);
	const told = await client.generation.ofPhoto({ id: listed });
	expect(told).toMatchObject({ settings, start: null });
	expect(told.packages.length).toBeGreaterThan(0);

	await drawn(client, told.settings);
	const paths = (
		await Promise.all((await untilListed(client, 2)).map((id) => client.photo.detail({ id })))
	).map(({ path }) => path);
	const [one, other] = paths.map((path) => readFileSync(path));
	expect(one?.equals(other ?? Buffer.alloc(0))).toBe(true);

	await client.generation.discard({ ids });
	await untilListed(client, 1);
	await client.generation.restore({ ids });
	await untilListed(client, 2);

	// Taken out of the library, the files stay; and it stays out until somebody wants it back.
	await client.generation.includeInLibrary({ included: false });
	expect(await client.folder.list()).toEqual([]);
	expect(paths.map((path) => readFileSync(path).length > 0)).toEqual([true, true]);
	expect(await client.generation.inLibrary()).toEqual({ included: false });
	await client.folder.add({ path: join(libraryPath, "generated") });
	await untilListed(client, 2);
	await library.close();

	// The library was moved, and its drawings with it.
	const moved = join(root, "moved");
	mkdirSync(moved);
	renameSync(libraryPath, join(moved, "library"));
	const again = await openTestLibrary({ root: moved });
	await untilListed(again.client, 2);
	expect(await again.client.folder.list()).toMatchObject([
		{ name: "Drawings", state: "online", path: join(moved, "library", "generated"), photos: 2 },
	]);
});

test("a drawn file that is dropped into an empty library tells its prompt and settings", async () => {
	const first = await openTestLibrary();
	await drawn(first.client);
	const [id] = await untilListed(first.client, 1);
	if (id === undefined) throw new Error("It is not listed.");
	const { path, fileName } = await first.client.photo.detail({ id });
	const { client, photosPath, libraryPath } = await openTestLibrary();
	mkdirSync(photosPath, { recursive: true });
	copyFileSync(path, join(photosPath, fileName));
	await client.folder.add({ path: photosPath });
	await untilSearchable(client, 1);
	const [own] = await untilListed(client, 1);
	if (own === undefined) throw new Error("It is not listed.");
	const told = await client.generation.ofPhoto({ id: own });
	expect(told.settings).toEqual(settings);
	const { ids } = await client.generation.draw({ settings: told.settings });
	await untilListed(client, 2);
	const { drawings } = await client.generation.list();
	const again = drawings.find((drawing) => drawing.id === ids[0])?.fileName ?? "";
	expect(readFileSync(join(libraryPath, "generated", again)).equals(readFileSync(path))).toBe(true);
});

test("photos lend their colours and are no drawn pictures", async () => {
	const { client, photosPath } = await openTestLibrary();
	mkdirSync(photosPath, { recursive: true });
	for (const name of ["dandelions.jpg", "louvre.webp"]) {
		copyFileSync(join(resourcesPath, "demo-photos", name), join(photosPath, name));
	}
	await client.folder.add({ path: photosPath });
	await untilSearchable(client, 2);
	const { hits } = await client.search.text({ query: "name:dandelions" });
	const [meadow] = hits;
	if (meadow === undefined) throw new Error("There is no meadow.");
	const { palette } = await client.generation.colours({ ids: [meadow.id] });
	expect(palette.length).toBeGreaterThan(1);
	expect(palette.some(([red, green, blue]) => green > Math.max(red, blue))).toBe(true);
	await expect(client.generation.ofPhoto({ id: meadow.id })).rejects.toMatchObject({
		code: "IMAGE_UNREADABLE",
	});
});

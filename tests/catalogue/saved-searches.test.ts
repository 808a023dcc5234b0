/** @file Saved searches on a real database. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { photoIdSchema, type SavedSearchId, savedSearchIdSchema } from "../../contract/ids.ts";
import type { Catalogue } from "../../engine/catalogue/catalogue.ts";
import { openCatalogue } from "../../engine/catalogue/open-catalogue.ts";
import { newCatalogue } from "./catalogue-on-disk.ts";

const question = { query: "beach -people", strictness: 0.3 };

function contents(name: string) {
	return { name, questionVersion: 1, question, folderPath: null, seenIds: [] };
}

async function add(catalogue: Catalogue, name: string): Promise<SavedSearchId> {
	const record = await catalogue.savedSearches.add(contents(name));
	if (record === null) throw new Error(`${name} is taken.`);
	return record.id;
}

const namesOf = async (catalogue: Catalogue) =>
	(await catalogue.savedSearches.list()).map(({ name }) => name);

test("a saved search is there after the library was closed, with what was seen of it", async () => {
	const { catalogue, filePath } = await newCatalogue();
	const seenIds = [3, 1, 2].map((id) => photoIdSchema.parse(id));
	await catalogue.savedSearches.add({ ...contents("Beaches"), folderPath: "/photos", seenIds });
	await catalogue.close();
	const again = await openCatalogue(filePath);
	expect(await again.savedSearches.list()).toEqual([
		{
			id: 1,
			name: "Beaches",
			questionVersion: 1,
			question,
			folderPath: "/photos",
			seenIds: new Set(seenIds),
		},
	]);
	await again.close();
});

test("a name is taken whatever its case and however its accents are written", async () => {
	const { catalogue } = await newCatalogue();
	const id = await add(catalogue, "Café");
	const other = await add(catalogue, "Bars");
	expect(await catalogue.savedSearches.add(contents("cafe\u0301"))).toBeNull();
	expect(await catalogue.savedSearches.update(other, { name: "CAFÉ" })).toBe("name-taken");
	expect(await catalogue.savedSearches.update(id, { name: "CAFÉ" })).toBe("updated");
	expect(await namesOf(catalogue)).toEqual(["CAFÉ", "Bars"]);
});

test("a removed search comes back in its place, unless its name was given away", async () => {
	const { catalogue } = await newCatalogue();
	await add(catalogue, "one");
	const id = await add(catalogue, "two");
	await add(catalogue, "three");
	expect(await catalogue.savedSearches.remove(id)).toBe(true);
	expect(await catalogue.savedSearches.remove(id)).toBe(false);
	expect(await catalogue.savedSearches.get(id)).toBeUndefined();
	expect(await catalogue.savedSearches.restore(id)).toBe("restored");
	expect(await namesOf(catalogue)).toEqual(["one", "two", "three"]);
	await catalogue.savedSearches.remove(id);
	await add(catalogue, "Two");
	expect(await catalogue.savedSearches.restore(id)).toBe("name-taken");
	expect(await catalogue.savedSearches.restore(savedSearchIdSchema.parse(99))).toBe("missing");
	expect(await catalogue.savedSearches.update(id, { name: "x" })).toBe("missing");
});

test("putting in order keeps every search once, the named ones first and the others as they were", async () => {
	const { catalogue } = await newCatalogue();
	const ids: SavedSearchId[] = [];
	for (const name of ["a", "b", "c", "d", "e"]) ids.push(await add(catalogue, name));
	const unknown = savedSearchIdSchema.parse(77);
	let before = ids;
	await fc.assert(
		fc.asyncProperty(fc.array(fc.constantFrom(...ids, unknown)), async (wanted) => {
			await catalogue.savedSearches.reorder(wanted);
			const after = (await catalogue.savedSearches.list()).map(({ id }) => id);
			const named = [...new Set(wanted)].filter((id) => id !== unknown);
			expect(after).toEqual([...named, ...before.filter((id) => !named.includes(id))]);
			before = after;
		}),
	);
});

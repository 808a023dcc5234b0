/** @file Made-up answers of a search: the same words find the same photos, roughly as the engine would. */
import type { Grouping } from "../../../contract/grouping.ts";
import { encoderIdSchema, type PhotoId, photoIdSchema } from "../../../contract/ids.ts";
import type { Band, HitOrder, SearchHit, SearchResult } from "../../../contract/search.ts";
import { madeUpGroups } from "./made-up-groups.ts";
import type { MadeUpTags } from "./made-up-tags.ts";
import type { PhotoSource } from "./photo-source.ts";

export const encoderId = encoderIdSchema.parse("fake-1");

export interface SearchScope {
	limit: number;
	strictness: number;
}

/** In which order, and in groups of what. */
export interface Arranged {
	order: HitOrder;
	group: Grouping;
}

export interface MadeUpLibrary {
	source: PhotoSource;
	/** How many of the photos, from the first on, can be found. */
	searchable: number;
	/** What is told of a photo without its file. */
	columnsOf: (id: PhotoId) => { aspectPermille: number; version: number };
	tags: MadeUpTags;
}

export class MadeUpSearch {
	readonly #library: MadeUpLibrary;

	constructor(library: MadeUpLibrary) {
		this.#library = library;
	}

	/** Best first; the seed decides which photos, and words such as "nothing" that none fits. */
	ranked(seed: string, { limit, strictness }: SearchScope): SearchResult {
		const { source, searchable } = this.#library;
		const best = /nothing|penguin/.test(seed) ? 0.2 : 0.98;
		const start = [...seed].reduce(
			(sum, letter) => (sum * 31 + letter.charCodeAt(0)) % source.count,
			7,
		);
		const hits = Array.from({ length: Math.min(limit, searchable) }, (_, rank): SearchHit => {
			const id = photoIdSchema.parse(((start + rank * 37) % source.count) + 1);
			const confidence = best / (1 + rank / 60);
			return {
				...this.#told(id),
				similarity: 0.4 - rank / 1000,
				confidence,
				band: bandOf(confidence, strictness),
			};
		});
		const unique = new Map(hits.map((hit) => [hit.id, hit]));
		return {
			encoder: encoderId,
			tookMs: 8.3,
			searched: searchable,
			shortened: false,
			verdict: best < strictness ? "nothing" : "match",
			confidence: best,
			parsed: null,
			order: "relevance",
			ranked: true,
			groups: null,
			hiddenDrawn: 0,
			hits: [...unique.values()],
		};
	}

	/** In another order and in groups; `tag:` finds what has the tag. */
	arranged(seed: string, input: SearchScope & Arranged): SearchResult {
		const result = seed.startsWith("tag:") ? this.#tagged(seed) : this.ranked(seed, input);
		const { order, group } = input;
		const takenAt = (id: PhotoId) => this.#library.source.photo(id - 1).takenAtMs;
		const hits = result.hits.toSorted((one, other) =>
			order === "relevance"
				? 0
				: (takenAt(other.id) - takenAt(one.id)) * (order === "date" ? 1 : -1),
		);
		if (group === "none") return { ...result, order, hits };
		const times = hits.map(({ id }) => [id, takenAt(id)] as const);
		return { ...result, order, hits, groups: madeUpGroups(times, group) };
	}

	/** The photos with a tag, as a search for nothing else finds them. */
	#tagged(query: string): SearchResult {
		const { tags, source } = this.#library;
		const path = query.slice("tag:".length).replaceAll('"', "").toLowerCase();
		const own = tags.list().filter((tag) => `${tag.path}/`.startsWith(`${path}/`));
		const ids = new Set(
			own.flatMap(({ id }) => tags.photos(id, "accepted", source.count)?.ids ?? []),
		);
		return {
			...this.ranked(query, { limit: 1, strictness: 0.3 }),
			confidence: 1,
			order: "date",
			ranked: false,
			hits: [...ids].map((id) => ({
				...this.#told(id),
				similarity: 0,
				confidence: 1,
				band: "strong",
			})),
		};
	}

	#told(id: PhotoId) {
		const { source, columnsOf } = this.#library;
		return {
			id,
			...columnsOf(id),
			path: `/home/person/Pictures/${source.photo(id - 1).fileName}`,
			offline: false,
			generated: false,
			why: [],
		};
	}
}

/** As in the engine: strong from half of the way between the strictness and certainty. */
function bandOf(confidence: number, strictness: number): Band {
	if (confidence < strictness) return "rest";
	return confidence >= (1 + strictness) / 2 ? "strong" : "maybe";
}

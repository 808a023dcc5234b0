/** @file From a question (words, a picture, a photo) to the nearest photos. */
import type { DrawnPictures } from "../../contract/drawn-pictures.ts";
import { Refusal } from "../../contract/errors.ts";
import type { FolderId, PhotoId } from "../../contract/ids.ts";
import type { ParsedQuery, Span } from "../../contract/query.ts";
import type { HitOrder, SearchResult } from "../../contract/search.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Decoder } from "../decoder/decoder.ts";
import type { DualEncoder } from "../encoder/dual-encoder.ts";
import { pictureRule } from "../encoder/picture-rule.ts";
import type { LibraryIndex } from "../index/library-index.ts";
import type { AllowedLabels } from "../index/vector-index.ts";
import { verdictOf } from "./calibration/bands.ts";
import type { Calibrator, Found } from "./calibration/calibrator.ts";
import { type ConfidenceCurve, confidenceAt } from "./calibration/confidence.ts";
import { EmbeddedQueries } from "./embedded-queries.ts";
import {
	type ComposedQuestion,
	hasPictures,
	type Pictures,
	type QueryComposer,
} from "./examples/query-composer.ts";
import { wordsInPart } from "./examples/words-in-part.ts";
import { JudgedPhotos, labelsShowing } from "./excluding-search.ts";
import type { Unwanted } from "./exclusion.ts";
import { FoundPhotos, type Whereabouts } from "./found-photos.ts";
import type { PhotoFilters } from "./photo-filters.ts";
import type { QueryReader } from "./text-query.ts";
import { fuse } from "./words/fuse.ts";
import type { WordSearch } from "./words/word-search.ts";
import { wordedNeighbours } from "./words/worded-neighbours.ts";

/** What a search looks through and how much it returns. */
export interface SearchScope {
	limit: number;
	folderId?: FolderId | undefined;
	/** `shown` where nobody says otherwise. */
	drawn?: DrawnPictures | undefined;
	/** Least confidence that counts as a match, 0 to 1. */
	strictness: number;
	/** Best first when left out. */
	order?: HitOrder | undefined;
}

/** What the searcher needs from the rest of the engine. */
export interface SearcherParts {
	catalogue: Catalogue;
	index: LibraryIndex;
	encoder: DualEncoder;
	decoder: Decoder;
	calibrator: Calibrator;
	composer: QueryComposer;
	reader: QueryReader;
	filters: PhotoFilters;
	words: WordSearch;
	whereabouts: Whereabouts;
}

/** How a text search is read. */
export interface TextScope extends SearchScope {
	/** Stretches of the query that are text, whatever they look like. */
	plain?: readonly Span[] | undefined;
	/** What is asked in pictures beside the words. */
	pictures?: Pictures | undefined;
}

/** A question as it goes to the index. */
interface Question {
	startedAt: number;
	kind: "text" | "picture";
	shortened: boolean;
	/** To be looked for in what is written about photos. */
	text?: string;
	leaveOut?: ReadonlySet<number>;
	/** Where words and pictures were asked for together; `words` of them is the embedded text. */
	composed?: { question: ComposedQuestion; words: Float32Array | null };
	parsed?: ParsedQuery;
	allowed?: AllowedLabels | undefined;
	/** What should not be shown. */
	unwanted?: readonly Unwanted[];
}

/** Of a question that is no words. */
const noFilters = { parts: [] };

/** Answers searches over the library's index. */
export class Searcher {
	readonly #parts: SearcherParts;
	readonly #found: FoundPhotos;
	readonly #queries: EmbeddedQueries;

	constructor(parts: SearcherParts) {
		this.#parts = parts;
		this.#found = new FoundPhotos(parts.catalogue, parts.whereabouts);
		this.#queries = new EmbeddedQueries(parts.encoder);
	}

	/**
	 * @throws Refusal INVALID_QUERY when there is nothing to look for, far too much, or a filter that
	 * cannot be used.
	 */
	async byText(query: string, scope: TextScope): Promise<SearchResult> {
		const startedAt = performance.now();
		const { reader, filters } = this.#parts;
		const { pictures } = scope;
		const withPictures = pictures !== undefined && hasPictures(pictures) ? pictures : null;
		const { parsed, text, excluded } = reader.read(query, scope.plain, withPictures !== null);
		const allowed = await filters.allowed(parsed, scope);
		const unwanted = await Promise.all(excluded.map((thing) => this.#queries.unwanted(thing)));
		if (withPictures !== null) {
			const base = { startedAt, parsed, allowed, unwanted };
			return this.#byPictures(text, withPictures, scope, base);
		}
		if (text === "") {
			const passing = (await filters.passing(parsed, scope)) ?? (await filters.all());
			return this.#list(passing, unwanted, scope, { startedAt, parsed });
		}
		const { vector, shortened } = await this.#queries.wanted(text);
		const said = { kind: "text", text, shortened, parsed } as const;
		return this.#nearest(vector, scope, { startedAt, ...said, allowed, unwanted });
	}

	async #byPictures(
		text: string,
		pictures: Pictures,
		scope: SearchScope,
		base: Pick<Question, "startedAt" | "parsed" | "allowed" | "unwanted">,
	): Promise<SearchResult> {
		const words = text === "" ? null : await this.#queries.wanted(text);
		const question = await this.#parts.composer.compose(
			words && { text, vector: words.vector },
			pictures,
			base.allowed,
		);
		return this.#nearest(question.vector, scope, {
			...base,
			kind: "picture",
			...(words === null ? {} : { text }),
			shortened: words?.shortened ?? false,
			leaveOut: question.leaveOut,
			composed: { question, words: words?.vector ?? null },
		});
	}

	/** @throws Refusal IMAGE_UNREADABLE when the bytes are no picture that can be decoded. */
	async byPicture(bytes: Uint8Array, scope: SearchScope): Promise<SearchResult> {
		const startedAt = performance.now();
		const outcome = await this.#parts.decoder.decode(
			{ bytes },
			{ pixels: pictureRule(this.#parts.encoder.manifest), thumbnail: false },
		);
		if (outcome.kind === "failed") {
			throw new Refusal("IMAGE_UNREADABLE", outcome.message, { field: "image" });
		}
		const [vector] = await this.#parts.encoder.embedPictures([outcome.pixels]);
		if (vector === undefined) throw new Error("The encoder left a picture out.");
		const allowed = await this.#parts.filters.allowed(noFilters, scope);
		return this.#nearest(vector, scope, { startedAt, kind: "picture", shortened: false, allowed });
	}

	/** The photo itself is left out. @throws Refusal PHOTO_NOT_FOUND, NOT_SEARCHABLE_YET. */
	async similarTo(id: PhotoId, scope: SearchScope): Promise<SearchResult> {
		const startedAt = performance.now();
		const vector = this.#parts.index.vectorOf(id);
		if (vector === null) {
			const photo = await this.#parts.catalogue.photos.get(id);
			if (photo === undefined) throw new Refusal("PHOTO_NOT_FOUND");
			throw new Refusal("NOT_SEARCHABLE_YET");
		}
		const query = {
			startedAt,
			kind: "picture",
			shortened: false,
			leaveOut: new Set([id]),
			allowed: await this.#parts.filters.allowed(noFilters, scope),
		} as const;
		return this.#nearest(vector, scope, query);
	}

	async #nearest(vector: Float32Array, scope: SearchScope, query: Question): Promise<SearchResult> {
		const { index, encoder, filters, words } = this.#parts;
		const { text, allowed, composed, leaveOut = new Set<number>() } = query;
		const unwanted = [...(query.unwanted ?? []), ...(composed?.question.unwanted ?? [])];
		const matches = text === undefined ? null : await words.match(text, index.size, allowed);
		const judged = unwanted.length === 0 ? null : await JudgedPhotos.of(index, vector, unwanted);
		const wanted = scope.limit + leaveOut.size;
		const found = judged?.nearest(wanted, allowed) ?? (await index.search(vector, wanted, allowed));
		const neighbours = found.filter(({ label }) => !leaveOut.has(label)).slice(0, scope.limit);
		const searched = allowed === undefined ? index.size : allowed.size;
		const curve = await this.#curveFor(query, { vector, neighbours, searched });
		const asked = { vector, neighbours, judged, count: scope.limit };
		const worded = matches === null ? null : await wordedNeighbours(index, matches, asked);
		const all = worded?.filter(({ label }) => !leaveOut.has(label)) ?? neighbours;
		const evidence = (label: number) => {
			const written = matches?.evidence(label);
			return composed === undefined ? written : wordsInPart(written, composed.question.wordsShare);
		};
		const ranked = curve === null ? [] : fuse(all, curve, evidence, scope.limit);
		const ofPictures = curve === null ? null : confidenceAt(curve, curve.best);
		const confidence = ranked[0]?.confidence ?? ofPictures;
		const result: SearchResult = {
			encoder: encoder.manifest.id,
			verdict: verdictOf(confidence, scope.strictness),
			confidence: confidence ?? 0,
			parsed: query.parsed ?? null,
			order: "relevance",
			ranked: true,
			groups: null,
			...(composed === undefined ? {} : { composition: composed.question.composition }),
			hits: await this.#found.ranked(
				ranked,
				{ parsed: query.parsed, matches, strictness: scope.strictness },
				judged?.cosines(new Set(ranked.map(({ label }) => label))),
			),
			searched,
			hiddenDrawn: await filters.hiddenDrawn(query.parsed ?? noFilters, scope),
			shortened: query.shortened,
			tookMs: elapsedMs(query.startedAt),
		};
		const { order = "relevance" } = scope;
		if (order === "relevance") return result;
		return { ...result, order, hits: await this.#found.byDate(result.hits, order) };
	}

	/** How sure each similarity makes a match of this question. */
	#curveFor({ kind, composed }: Question, found: Found): Promise<ConfidenceCurve | null> {
		const { calibrator } = this.#parts;
		if (composed !== undefined) {
			return calibrator.forComposed(composed.question, composed.words, found);
		}
		return kind === "text" ? calibrator.forText(found) : calibrator.forPicture(found);
	}

	/** Photos that pass filters alone, by date: nothing was ranked, and every one of them is a match. */
	async #list(
		passing: readonly PhotoId[],
		unwanted: readonly Unwanted[],
		scope: SearchScope,
		query: { startedAt: number; parsed: ParsedQuery },
	): Promise<SearchResult> {
		const { index, encoder, filters } = this.#parts;
		const { limit, order } = scope;
		const showing = await labelsShowing(index, unwanted);
		const shown = passing.filter((id) => !showing.has(id));
		const ids = order === "oldest" ? shown.slice(-limit).reverse() : shown.slice(0, limit);
		const hits = await this.#found.listed(ids, query.parsed);
		return {
			encoder: encoder.manifest.id,
			verdict: hits.length === 0 ? "nothing" : "match",
			confidence: hits.length === 0 ? 0 : 1,
			parsed: query.parsed,
			order: order === "oldest" ? "oldest" : "date",
			ranked: false,
			groups: null,
			hits,
			searched: passing.length,
			hiddenDrawn: await filters.hiddenDrawn(query.parsed, scope),
			shortened: false,
			tookMs: elapsedMs(query.startedAt),
		};
	}
}

/** Milliseconds since `startedAt` of `performance.now()`, to a tenth. */
function elapsedMs(startedAt: number): number {
	return Math.round((performance.now() - startedAt) * 10) / 10;
}

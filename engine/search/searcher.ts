/** @file From a question (words, a picture, a photo) to the nearest photos. */

import type { DrawnPictures } from "../../contract/drawn-pictures.ts";
import { Refusal } from "../../contract/errors.ts";
import type { FolderId, PhotoId } from "../../contract/ids.ts";
import type { ParsedQuery, Span } from "../../contract/query.ts";
import type { HitOrder, SearchHit, SearchResult } from "../../contract/search.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { PhotoRecord } from "../catalogue/records.ts";
import type { Decoder } from "../decoder/decoder.ts";
import type { DualEncoder, TextEmbedding } from "../encoder/dual-encoder.ts";
import { pictureRule } from "../encoder/picture-rule.ts";
import type { LibraryIndex } from "../index/library-index.ts";
import type { AllowedLabels } from "../index/vector-index.ts";
import { bandOf, verdictOf } from "./calibration/bands.ts";
import type { Calibrator } from "./calibration/calibrator.ts";
import { confidenceAt } from "./calibration/confidence.ts";
import {
	type ComposedQuestion,
	hasPictures,
	type Pictures,
	type QueryComposer,
} from "./examples/query-composer.ts";
import { wordsInPart } from "./examples/words-in-part.ts";
import { JudgedPhotos, labelsShowing } from "./excluding-search.ts";
import { costOfWords, embedExcluded, type Unwanted } from "./exclusion.ts";
import type { PhotoFilters } from "./photo-filters.ts";
import type { QueryReader } from "./text-query.ts";
import { fuse, type RankedHit } from "./words/fuse.ts";
import { Reasons } from "./words/reasons.ts";
import type { WordMatches, WordSearch } from "./words/word-search.ts";
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
	/** Last known absolute path of a photo, and whether its folder is offline. */
	whereabouts(photo: PhotoRecord): { path: string; offline: boolean };
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

/** Embedded queries kept, so that stepping back through a session's searches costs nothing. */
const rememberedQueries = 200;

/** Answers searches over the library's index. */
export class Searcher {
	readonly #parts: SearcherParts;
	readonly #reasons: Reasons;
	readonly #remembered = new Map<string, Promise<TextEmbedding>>();

	constructor(parts: SearcherParts) {
		this.#parts = parts;
		this.#reasons = new Reasons(parts.catalogue.words);
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
		const unwanted = await Promise.all(excluded.map((thing) => this.#embedUnwanted(thing)));
		if (withPictures !== null) {
			const base = { startedAt, parsed, allowed, unwanted };
			return this.#byPictures(text, withPictures, scope, base);
		}
		if (text === "") {
			const passing = (await filters.passing(parsed, scope)) ?? (await filters.all());
			return this.#list(passing, unwanted, scope, { startedAt, parsed });
		}
		const { vector, shortened } = await this.#embedText(text);
		const said = { kind: "text", text, shortened, parsed } as const;
		return this.#nearest(vector, scope, { startedAt, ...said, allowed, unwanted });
	}

	async #byPictures(
		text: string,
		pictures: Pictures,
		scope: SearchScope,
		base: Pick<Question, "startedAt" | "parsed" | "allowed" | "unwanted">,
	): Promise<SearchResult> {
		const words = text === "" ? null : await this.#embedText(text);
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

	#embedText(text: string): Promise<TextEmbedding> {
		return this.#remember(text, async () => {
			const [first] = await this.#parts.encoder.embedTexts([text]);
			if (first === undefined) throw new Error("The encoder left a text out.");
			return first;
		});
	}

	async #embedUnwanted(thing: string): Promise<Unwanted> {
		// A text has no tabs: the two kinds never share an entry.
		const { vector } = await this.#remember(`not\t${thing}`, async () => ({
			vector: await embedExcluded(thing, this.#parts.encoder),
			shortened: false,
		}));
		return { vector, cost: costOfWords };
	}

	#remember(text: string, embed: () => Promise<TextEmbedding>): Promise<TextEmbedding> {
		const known = this.#remembered.get(text);
		if (known !== undefined) {
			this.#remembered.delete(text);
			this.#remembered.set(text, known);
			return known;
		}
		const embedding = embed();
		this.#remembered.set(text, embedding);
		embedding.catch(() => this.#remembered.delete(text));
		for (const oldest of this.#remembered.keys()) {
			if (this.#remembered.size <= rememberedQueries) break;
			this.#remembered.delete(oldest);
		}
		return embedding;
	}

	async #nearest(vector: Float32Array, scope: SearchScope, query: Question): Promise<SearchResult> {
		const { index, encoder, calibrator, filters } = this.#parts;
		const { allowed } = query;
		const { leaveOut = new Set<number>(), composed } = query;
		const wanted = scope.limit + leaveOut.size;
		const unwanted = [...(query.unwanted ?? []), ...(composed?.question.unwanted ?? [])];
		const { text } = query;
		const matches =
			text === undefined ? null : await this.#parts.words.match(text, index.size, allowed);
		const judged = unwanted.length === 0 ? null : await JudgedPhotos.of(index, vector, unwanted);
		const found = judged?.nearest(wanted, allowed) ?? (await index.search(vector, wanted, allowed));
		const neighbours = found.filter(({ label }) => !leaveOut.has(label)).slice(0, scope.limit);
		const searched = allowed === undefined ? index.size : allowed.size;
		const curve =
			composed !== undefined
				? await calibrator.forComposed(composed.question, composed.words, { neighbours, searched })
				: query.kind === "text"
					? await calibrator.forText({ vector, neighbours, searched })
					: await calibrator.forPicture({ neighbours, searched });
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
			hits: await this.#describe(ranked, scope.strictness, {
				cosines: judged?.cosines(new Set(ranked.map(({ label }) => label))),
				parsed: query.parsed,
				matches,
			}),
			searched,
			hiddenDrawn: await filters.hiddenDrawn(query.parsed ?? noFilters, scope),
			shortened: query.shortened,
			tookMs: elapsedMs(query.startedAt),
		};
		const { order = "relevance" } = scope;
		return order === "relevance" ? result : this.#byDate(result, order);
	}

	/** Photos that pass filters alone, by date: nothing was ranked, and every one of them is a match. */
	async #list(
		passing: readonly PhotoId[],
		unwanted: readonly Unwanted[],
		scope: SearchScope,
		query: { startedAt: number; parsed: ParsedQuery },
	): Promise<SearchResult> {
		const { index, catalogue, encoder, filters } = this.#parts;
		const { limit, order } = scope;
		const showing = await labelsShowing(index, unwanted);
		const shown = passing.filter((id) => !showing.has(id));
		const ids = order === "oldest" ? shown.slice(-limit).reverse() : shown.slice(0, limit);
		const photos = await catalogue.photos.getMany(ids);
		const why = await this.#reasons.ofFilters(ids, query.parsed);
		return {
			encoder: encoder.manifest.id,
			verdict: photos.length === 0 ? "nothing" : "match",
			confidence: photos.length === 0 ? 0 : 1,
			parsed: query.parsed,
			order: order === "oldest" ? "oldest" : "date",
			ranked: false,
			groups: null,
			hits: photos.map((photo) => ({
				id: photo.id,
				similarity: 0,
				confidence: 1,
				band: "strong",
				aspectPermille: aspectPermille(photo),
				version: photo.version,
				generated: photo.drawn,
				why: why.get(photo.id) ?? [],
				...this.#parts.whereabouts(photo),
			})),
			searched: passing.length,
			hiddenDrawn: await filters.hiddenDrawn(query.parsed, scope),
			shortened: false,
			tookMs: elapsedMs(query.startedAt),
		};
	}

	async #byDate(
		result: SearchResult,
		order: Exclude<HitOrder, "relevance">,
	): Promise<SearchResult> {
		const photos = await this.#parts.catalogue.photos.getMany(result.hits.map(({ id }) => id));
		const taken = new Map(photos.map(({ id, takenAtMs }) => [id, takenAtMs]));
		const newestFirst = result.hits.toSorted(
			(a, b) => (taken.get(b.id) ?? 0) - (taken.get(a.id) ?? 0) || b.id - a.id,
		);
		return { ...result, order, hits: order === "date" ? newestFirst : newestFirst.reverse() };
	}

	async #describe(
		ranked: readonly RankedHit[],
		strictness: number,
		asked: {
			cosines: ReadonlyMap<number, number> | undefined;
			parsed: ParsedQuery | undefined;
			matches: WordMatches | null;
		},
	): Promise<SearchHit[]> {
		const hits = new Map(ranked.map((hit) => [hit.label, hit]));
		// Labels are photo ids: the index holds nothing else.
		const photos = await this.#parts.catalogue.photos.getMany(
			ranked.map(({ label }) => label as PhotoId),
		);
		const why = await this.#reasons.of(ranked, { ...asked, strictness });
		return photos.flatMap((photo) => {
			const hit = hits.get(photo.id);
			if (hit === undefined) return [];
			const { similarity, confidence } = hit;
			return {
				id: photo.id,
				similarity: asked.cosines?.get(photo.id) ?? similarity,
				confidence,
				band: bandOf(confidence, strictness),
				aspectPermille: aspectPermille(photo),
				version: photo.version,
				generated: photo.drawn,
				why: why.get(photo.id) ?? [],
				...this.#parts.whereabouts(photo),
			};
		});
	}
}

/** Milliseconds since `startedAt` of `performance.now()`, to a tenth. */
function elapsedMs(startedAt: number): number {
	return Math.round((performance.now() - startedAt) * 10) / 10;
}

/** Width over height times 1000; 1000 while the size is unknown. */
export function aspectPermille(photo: { width: number; height: number }): number {
	if (photo.width <= 0 || photo.height <= 0) return 1000;
	return Math.max(1, Math.round((photo.width / photo.height) * 1000));
}

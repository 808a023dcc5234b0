/** @file From a question (words, a picture, a photo) to the nearest photos. */
import { Refusal } from "../../contract/errors.ts";
import type { FolderId, PhotoId } from "../../contract/ids.ts";
import { queryMaxCharacters, type SearchHit, type SearchResult } from "../../contract/search.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { PhotoRecord } from "../catalogue/records.ts";
import type { Decoder } from "../decoder/decoder.ts";
import type { DualEncoder, TextEmbedding } from "../encoder/dual-encoder.ts";
import type { LibraryIndex } from "../index/library-index.ts";
import type { Neighbour } from "../index/vector-index.ts";
import { bandOf, verdictOf } from "./calibration/bands.ts";
import type { Calibrator } from "./calibration/calibrator.ts";
import { type ConfidenceCurve, confidenceAt } from "./calibration/confidence.ts";

/** What a search looks through and how much it returns. */
export interface SearchScope {
	limit: number;
	folderId?: FolderId | undefined;
	/** Least confidence that counts as a match, 0 to 1. */
	strictness: number;
}

/** What the searcher needs from the rest of the engine. */
export interface SearcherParts {
	catalogue: Catalogue;
	index: LibraryIndex;
	encoder: DualEncoder;
	decoder: Decoder;
	calibrator: Calibrator;
	/** Last known absolute path of a photo, and whether its folder is offline. */
	whereabouts(photo: PhotoRecord): { path: string; offline: boolean };
}

/** Embedded queries kept, so that stepping back through a session's searches costs nothing. */
const rememberedQueries = 200;

/** Answers searches over the library's index. */
export class Searcher {
	readonly #parts: SearcherParts;
	readonly #remembered = new Map<string, Promise<TextEmbedding>>();

	constructor(parts: SearcherParts) {
		this.#parts = parts;
	}

	/** @throws Refusal INVALID_QUERY when there is nothing to look for, or far too much. */
	async byText(query: string, scope: SearchScope): Promise<SearchResult> {
		const startedAt = performance.now();
		const { vector, shortened } = await this.#embedText(readQuery(query));
		return this.#nearest(vector, scope, { startedAt, kind: "text", shortened });
	}

	/** @throws Refusal IMAGE_UNREADABLE when the bytes are no picture that can be decoded. */
	async byPicture(bytes: Uint8Array, scope: SearchScope): Promise<SearchResult> {
		const startedAt = performance.now();
		const { size, resize, interpolation } = this.#parts.encoder.manifest.image;
		const outcome = await this.#parts.decoder.decode(
			{ bytes },
			{ pixels: { width: size[0], height: size[1], resize, interpolation }, thumbnail: false },
		);
		if (outcome.kind === "failed") {
			throw new Refusal("IMAGE_UNREADABLE", outcome.message, { field: "image" });
		}
		const [vector] = await this.#parts.encoder.embedPictures([outcome.pixels]);
		if (vector === undefined) throw new Error("The encoder left a picture out.");
		return this.#nearest(vector, scope, { startedAt, kind: "picture", shortened: false });
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
		const query = { startedAt, kind: "picture", shortened: false, leaveOut: id } as const;
		return this.#nearest(vector, scope, query);
	}

	#embedText(text: string): Promise<TextEmbedding> {
		const known = this.#remembered.get(text);
		if (known !== undefined) {
			this.#remembered.delete(text);
			this.#remembered.set(text, known);
			return known;
		}
		const embedding = this.#parts.encoder.embedTexts([text]).then(([first]) => {
			if (first === undefined) throw new Error("The encoder left a text out.");
			return first;
		});
		this.#remembered.set(text, embedding);
		embedding.catch(() => this.#remembered.delete(text));
		for (const oldest of this.#remembered.keys()) {
			if (this.#remembered.size <= rememberedQueries) break;
			this.#remembered.delete(oldest);
		}
		return embedding;
	}

	async #nearest(
		vector: Float32Array,
		scope: SearchScope,
		query: {
			startedAt: number;
			kind: "text" | "picture";
			shortened: boolean;
			leaveOut?: PhotoId;
		},
	): Promise<SearchResult> {
		const { index, catalogue, encoder, calibrator } = this.#parts;
		const allowed =
			scope.folderId === undefined
				? undefined
				: new Set(await catalogue.photos.ids(scope.folderId));
		const wanted = scope.limit + (query.leaveOut === undefined ? 0 : 1);
		const found = await index.search(vector, wanted, allowed);
		const neighbours = found
			.filter((neighbour) => neighbour.label !== query.leaveOut)
			.slice(0, scope.limit);
		const searched = allowed === undefined ? index.size : allowed.size;
		const curve =
			query.kind === "text"
				? await calibrator.forText({ vector, neighbours, searched })
				: await calibrator.forPicture({ neighbours, searched });
		const confidence = curve === null ? null : confidenceAt(curve, curve.best);
		return {
			encoder: encoder.manifest.id,
			verdict: verdictOf(confidence, scope.strictness),
			confidence: confidence ?? 0,
			hits: curve === null ? [] : await this.#describe(neighbours, curve, scope.strictness),
			searched,
			shortened: query.shortened,
			tookMs: Math.round((performance.now() - query.startedAt) * 10) / 10,
		};
	}

	async #describe(
		neighbours: readonly Neighbour[],
		curve: ConfidenceCurve,
		strictness: number,
	): Promise<SearchHit[]> {
		const similarities = new Map(neighbours.map(({ label, similarity }) => [label, similarity]));
		// Labels are photo ids: the index holds nothing else.
		const photos = await this.#parts.catalogue.photos.getMany(
			neighbours.map(({ label }) => label as PhotoId),
		);
		return photos.map((photo) => {
			const similarity = similarities.get(photo.id) ?? 0;
			const confidence = confidenceAt(curve, similarity);
			return {
				id: photo.id,
				similarity,
				confidence,
				band: bandOf(confidence, strictness),
				aspectPermille: aspectPermille(photo),
				version: photo.version,
				...this.#parts.whereabouts(photo),
			};
		});
	}
}

function readQuery(query: string): string {
	if (query.length > queryMaxCharacters) {
		throw new Refusal(
			"INVALID_QUERY",
			`That search has ${query.length} characters; ${queryMaxCharacters} is the most that can be read.`,
			{ field: "query" },
		);
	}
	const text = query.normalize("NFC").replace(/\s+/gu, " ").trim();
	if (text === "") {
		throw new Refusal("INVALID_QUERY", "Type what the picture shows.", { field: "query" });
	}
	return text;
}

/** Width over height times 1000; 1000 while the size is unknown. */
export function aspectPermille(photo: { width: number; height: number }): number {
	if (photo.width <= 0 || photo.height <= 0) return 1000;
	return Math.max(1, Math.round((photo.width / photo.height) * 1000));
}

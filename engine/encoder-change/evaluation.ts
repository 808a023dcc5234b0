/**
 * @file How good is search on these photos? Recall of encoders on what the person wrote, by looks alone: what is
 * written is the question here and must not be the answer too.
 */
import type {
	EvaluatedEncoder,
	EvaluationEvent,
	WrittenKind,
	WrittenRecall,
} from "../../contract/encoder-change.ts";
import { Refusal } from "../../contract/errors.ts";
import type { PhotoId } from "../../contract/ids.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { SourceText } from "../catalogue/word-table.ts";
import type { DualEncoder } from "../encoder/dual-encoder.ts";
import type { EmbeddingFillerParts } from "./embedding-filler.ts";
import { embedSample, PackedSample, spread } from "./sample.ts";
import type { ChosenEncoder } from "./search-side.ts";
import { shareRange } from "./share-range.ts";
import { type WrittenQuery, writtenQueries } from "./written-queries.ts";

export interface EvaluationParts extends EmbeddingFillerParts {
	/** Lends the encoder of a package for as long as `work` takes. */
	withEncoder<Event>(
		chosen: ChosenEncoder,
		work: (encoder: DualEncoder) => AsyncGenerator<Event>,
	): AsyncGenerator<Event>;
	/** True for the one that searches now. */
	isInUse(chosen: ChosenEncoder): boolean;
}

/** Of each kind, spread over all there are. */
const queriesAtMost = 300;
/** So much of the photos that can be found are photos something was written about, where there are others. */
const describedShare = 0.7;
const textsAtOnce = 16;
/** Photos whose words are looked up at once. */
const photosAtOnce = 2000;
const kinds: readonly WrittenKind[] = ["captions", "keywords", "names"];

/** @throws the signal's reason; Refusal DISK_FULL. What is wrong with one encoder is said beside it. */
export async function* evaluateEncoders(
	parts: EvaluationParts,
	candidates: readonly ChosenEncoder[],
	photos: number,
	signal: AbortSignal,
): AsyncGenerator<EvaluationEvent> {
	const { catalogue } = parts;
	const { pool, queries, searchable } = await choosePhotos(catalogue, photos);
	const encoders: EvaluatedEncoder[] = [];
	for (const chosen of candidates) {
		const { title } = chosen.package.manifest;
		const about = { model: chosen.model, title, inUse: parts.isInUse(chosen) };
		const measured: { recalls: WrittenRecall[] } = { recalls: [] };
		try {
			yield* parts.withEncoder(chosen, async function* (encoder): AsyncGenerator<EvaluationEvent> {
				for await (const progress of embedSample(parts, encoder, pool, signal)) {
					const { done, photos: total, secondsLeft } = progress;
					yield { phase: "embedding", title, done, photos: total, secondsLeft };
				}
				yield { phase: "asking", title };
				measured.recalls = await measure(catalogue, encoder, pool, queries, signal);
			});
			encoders.push({ ...about, ...measured, problem: null });
		} catch (error) {
			signal.throwIfAborted();
			if (!(error instanceof Refusal) || error.code === "DISK_FULL") throw error;
			encoders.push({ ...about, recalls: [], problem: error.message });
		}
	}
	yield { phase: "done", photos: pool.length, searchable, encoders };
}

/** Photos of which something is written first, others among them; and the questions about them. */
async function choosePhotos(catalogue: Catalogue, count: number) {
	// The prompt of a drawn picture is its caption: what drew it would be asked to find it.
	const { ids, versions } = await catalogue.photos.columns(undefined, "hidden");
	const shown = ids.filter((_, at) => (versions[at] ?? 0) > 0);
	const texts = new Map<PhotoId, SourceText[]>();
	const hashes = new Map<PhotoId, string>();
	for (let first = 0; first < shown.length; first += photosAtOnce) {
		const some = shown.slice(first, first + photosAtOnce);
		const found = await catalogue.words.textsOf(some);
		for (const { id, contentHash, state } of await catalogue.photos.getMany(some)) {
			if (contentHash === null || state !== "searchable") continue;
			hashes.set(id, contentHash);
			texts.set(id, found.get(id) ?? []);
		}
	}
	const described = new Set(
		writtenQueries(texts, (id) => [id]).flatMap(({ photos }) => [...photos]),
	);
	const all = [...texts.keys()];
	const [with_, without] = [
		all.filter((id) => described.has(id)),
		all.filter((id) => !described.has(id)),
	];
	const few = Math.min(
		with_.length,
		Math.max(Math.round(count * describedShare), count - without.length),
	);
	const pool = [...spread(with_, few), ...spread(without, count - few)];
	const byHash = Map.groupBy(pool, (id) => hashes.get(id) ?? "");
	const inPool = new Map(pool.map((id) => [id, texts.get(id) ?? []]));
	const queries = writtenQueries(inPool, (id) => byHash.get(hashes.get(id) ?? "") ?? [id]);
	return { pool, queries, searchable: all.length };
}

async function measure(
	catalogue: Catalogue,
	encoder: DualEncoder,
	pool: readonly PhotoId[],
	queries: readonly WrittenQuery[],
	signal: AbortSignal,
): Promise<WrittenRecall[]> {
	const photos = await catalogue.embeddings.getMany(encoder.key, pool);
	const sample = new PackedSample(photos, encoder.manifest.dimensions);
	const here = new Set(sample.ids);
	const recalls: WrittenRecall[] = [];
	for (const kind of kinds) {
		const asked = spread(
			queries.filter((query) => query.kind === kind && !query.photos.isDisjointFrom(here)),
			queriesAtMost,
		);
		if (asked.length === 0) continue;
		const hits = { at1: 0, at5: 0, at10: 0 };
		const chance = { at1: 0, at5: 0, at10: 0 };
		for (let first = 0; first < asked.length; first += textsAtOnce) {
			signal.throwIfAborted();
			const some = asked.slice(first, first + textsAtOnce);
			const said = await encoder.embedTexts(some.map(({ text }) => text));
			for (const [at, { photos: right }] of some.entries()) {
				const vector = said[at]?.vector;
				if (vector === undefined) continue;
				const place = sample.nearest(vector, 10).findIndex((id) => right.has(id));
				if (place === 0) hits.at1 += 1;
				if (place >= 0 && place < 5) hits.at5 += 1;
				if (place >= 0) hits.at10 += 1;
				const rights = right.intersection(here).size;
				chance.at1 += chanceOfOne(here.size, rights, 1);
				chance.at5 += chanceOfOne(here.size, rights, 5);
				chance.at10 += chanceOfOne(here.size, rights, 10);
			}
		}
		const share = (count: number) => count / asked.length;
		recalls.push({
			kind,
			queries: asked.length,
			recallAt1: share(hits.at1),
			recallAt5: share(hits.at5),
			recallAt10: share(hits.at10),
			rangeAt1: shareRange(hits.at1, asked.length),
			rangeAt5: shareRange(hits.at5, asked.length),
			rangeAt10: shareRange(hits.at10, asked.length),
			chanceAt1: share(chance.at1),
			chanceAt5: share(chance.at5),
			chanceAt10: share(chance.at10),
		});
	}
	return recalls;
}

/** How probably at least one of `right` photos is among `drawn` of `all`, drawn without looking. */
export function chanceOfOne(all: number, right: number, drawn: number): number {
	let none = 1;
	for (let at = 0; at < Math.min(drawn, all); at++)
		none *= Math.max(0, all - right - at) / (all - at);
	return 1 - none;
}

/** @file Try before you switch: the same words asked of two encoders over the same photos. */
import type { ComparedQuery, ShownPhoto, TrialEvent } from "../../contract/encoder-change.ts";
import type { PhotoId } from "../../contract/ids.ts";
import { aspectPermille } from "../catalogue/aspect.ts";
import type { DualEncoder } from "../encoder/dual-encoder.ts";
import type { QueryReader } from "../search/text-query.ts";
import type { CurrentSide } from "./current-side.ts";
import type { EmbeddingFillerParts } from "./embedding-filler.ts";
import { embedSample, PackedSample, spread } from "./sample.ts";
import type { SearchSide } from "./search-side.ts";

export interface EncoderTrialParts extends EmbeddingFillerParts {
	sides: CurrentSide<SearchSide>;
	reader: QueryReader;
}

/** Photos shown for each query and encoder. */
const shownPhotos = 12;

/**
 * @param candidate not closed here.
 * @throws Refusal INVALID_QUERY naming a query without words, MODEL_UNAVAILABLE.
 */
export async function* tryEncoder(
	parts: EncoderTrialParts,
	candidate: DualEncoder,
	{ queries, photos }: { queries: readonly string[]; photos: number },
	signal: AbortSignal,
): AsyncGenerator<TrialEvent> {
	const { catalogue, sides, reader } = parts;
	const words = queries.map((query) => reader.read(query).text);
	const { ids: newestFirst } = await catalogue.photos.columns();
	const present = sides.now.encoder.key;
	const both = new Set(
		(await catalogue.embeddings.getMany(present, newestFirst)).map(({ id }) => id),
	);
	// Over all the years, not only of the last holiday.
	const searchable = newestFirst.filter((id) => both.has(id));
	const sample = spread(searchable, photos);
	let photosPerSecond: number | null = null;
	for await (const progress of embedSample(parts, candidate, sample, signal)) {
		photosPerSecond = progress.photosPerSecond ?? photosPerSecond;
		const { done, photos: total, secondsLeft } = progress;
		yield { phase: "embedding", done, photos: total, secondsLeft };
	}
	const seen = await packed(parts, candidate, sample);
	// Photos that could not be read now are left out for both.
	const compared = await sides.use(async ({ encoder }) => {
		const before = await packed(parts, encoder, seen.ids);
		const [asked, askedOfCandidate] = await Promise.all([
			encoder.embedTexts(words),
			candidate.embedTexts(words),
		]);
		return queries.map((query, at) => {
			const [one, other] = [asked[at], askedOfCandidate[at]];
			const nothing: PhotoId[] = [];
			return {
				query,
				present: one === undefined ? nothing : before.nearest(one.vector, shownPhotos),
				candidate: other === undefined ? nothing : seen.nearest(other.vector, shownPhotos),
			};
		});
	});
	const shown = await shownPhotosOf(parts, compared);
	const show = (ids: readonly PhotoId[]) => ids.flatMap((id) => shown.get(id) ?? []);
	yield {
		phase: "done",
		photos: seen.ids.length,
		searchable: searchable.length,
		photosPerSecond,
		queries: compared.map(
			(one): ComparedQuery => ({
				query: one.query,
				present: show(one.present),
				candidate: show(one.candidate),
			}),
		),
	};
}

async function packed(
	{ catalogue }: Pick<EncoderTrialParts, "catalogue">,
	encoder: DualEncoder,
	ids: readonly PhotoId[],
): Promise<PackedSample> {
	const photos = await catalogue.embeddings.getMany(encoder.key, ids);
	return new PackedSample(photos, encoder.manifest.dimensions);
}

async function shownPhotosOf(
	{ catalogue }: Pick<EncoderTrialParts, "catalogue">,
	compared: readonly { present: PhotoId[]; candidate: PhotoId[] }[],
): Promise<Map<PhotoId, ShownPhoto>> {
	const ids = new Set(compared.flatMap(({ present, candidate }) => [...present, ...candidate]));
	const photos = await catalogue.photos.getMany([...ids]);
	return new Map(
		photos.map((photo) => [
			photo.id,
			{ id: photo.id, version: photo.version, aspectPermille: aspectPermille(photo) },
		]),
	);
}

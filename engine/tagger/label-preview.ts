/** @file What a label, saved or not, would suggest in this library: scores, histogram, samples, questions. */

import { Refusal } from "../../contract/errors.ts";
import type { LabelGroupId, PhotoId } from "../../contract/ids.ts";
import type { Answer, LabelDraft, LabelPreview, ScoredPhoto } from "../../contract/label.ts";
import { aspectPermille } from "../catalogue/aspect.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { LabelRecord } from "../catalogue/label-table.ts";
import type { LibraryIndex } from "../index/library-index.ts";
import { promptsOf } from "./label-prompts.ts";
import type { LibraryLabels, PreparedLabel } from "./library-labels.ts";
import { type LabelColumns, scoreLibrary, spreadSample } from "./score-library.ts";
import { type Tagger, thresholdSample } from "./tagger.ts";
import { automaticThreshold } from "./threshold.ts";

/** Log odds at the histogram's ends: 0.03 % and 99.97 %. */
const farthest = 8;

export interface LabelPreviewParts {
	catalogue: Catalogue;
	index: LibraryIndex;
	labels: LibraryLabels;
	tagger: Tagger;
}

/** A draft with what is saved filled in. */
export interface ResolvedDraft {
	saved: LabelRecord | null;
	path: string;
	groupId: LabelGroupId | null;
	wordings: string[];
	threshold: number | null;
	answers: { contentHash: string; answer: Answer }[];
}

/** Every photo's score for one draft, lowest first. */
interface Scores {
	key: string;
	prepared: PreparedLabel;
	ids: PhotoId[];
	/** Ascending. */
	confidences: Float64Array;
	automatic: number;
	gained: number;
	lost: number;
}

export class LabelPreviews {
	readonly #parts: LabelPreviewParts;
	#last: Scores | null = null;

	constructor(parts: LabelPreviewParts) {
		this.#parts = parts;
	}

	/** @throws Refusal LABEL_NOT_FOUND, INVALID_QUERY where there is nothing to look for. */
	async resolve(draft: LabelDraft): Promise<ResolvedDraft> {
		const { labels } = this.#parts.catalogue;
		const saved = draft.id === null ? null : ((await labels.get(draft.id)) ?? null);
		if (draft.id !== null && saved === null) throw new Refusal("LABEL_NOT_FOUND");
		const path = draft.path ?? saved?.path ?? "";
		const name = path.split("/").at(-1)?.trim() ?? "";
		const given = draft.wordings ?? saved?.wordings ?? [];
		const wordings = given.length > 0 ? given : name === "" ? [] : [name];
		if (wordings.length === 0) {
			throw new Refusal("INVALID_QUERY", "Give the label a name or a wording.", { field: "path" });
		}
		const known = saved === null ? [] : await labels.answers(saved.id);
		const answers = new Map(known.map(({ contentHash, answer }) => [contentHash, answer]));
		const hashes = await labels.contentHashes(draft.answers.map(({ id }) => id));
		for (const { id, answer } of draft.answers) {
			const contentHash = hashes.get(id);
			if (contentHash === undefined) continue;
			if (answer === null) answers.delete(contentHash);
			else answers.set(contentHash, answer);
		}
		return {
			saved,
			path,
			groupId: draft.groupId === undefined ? (saved?.groupId ?? null) : draft.groupId,
			wordings,
			threshold: draft.threshold === undefined ? (saved?.threshold ?? null) : draft.threshold,
			answers: [...answers].map(([contentHash, answer]) => ({ contentHash, answer })),
		};
	}

	/** @throws as `resolve`, and Refusal MODEL_UNAVAILABLE. */
	async preview(draft: LabelDraft, bins: number, samples: number): Promise<LabelPreview> {
		const startedAt = performance.now();
		const resolved = await this.resolve(draft);
		const scores = await this.#scores(resolved);
		const { ids, confidences, prepared } = scores;
		const threshold = resolved.threshold ?? scores.automatic;
		const first = firstAtLeast(confidences, threshold);
		const describe = (places: readonly number[]) => this.#describe(places, scores, resolved);
		const below = Math.max(0, first - samples);
		const questions = this.#questions(scores, threshold, samples);
		const answers = [...prepared.answered.values()];
		return {
			photos: ids.length,
			histogram: histogram(confidences, bins),
			threshold,
			automaticThreshold: scores.automatic,
			count: ids.length - first,
			nearest: await describe(range(ids.length - 1, Math.max(-1, ids.length - 1 - samples))),
			above: await describe(range(first, Math.min(ids.length, first + samples))),
			below: await describe(range(first - 1, below - 1)),
			questions: await describe(questions),
			yes: answers.filter((answer) => answer === "yes").length,
			no: answers.filter((answer) => answer === "no").length,
			unused: prepared.unused,
			gained: scores.gained,
			lost: scores.lost,
			shortened: prepared.shortened,
			tookMs: Math.round(performance.now() - startedAt),
		};
	}

	/** Kept for the last draft, so that another threshold only counts again. */
	async #scores(draft: ResolvedDraft): Promise<Scores> {
		const { index, labels } = this.#parts;
		const { wordings, answers, groupId, saved } = draft;
		const key = JSON.stringify([saved?.id, draft.path, wordings, answers, groupId, index.size]);
		if (this.#last?.key === key) return this.#last;
		const [prepared] = await labels.prepare([
			{ wordings: promptsOf(wordings, draft.path), answers },
		]);
		if (prepared === undefined) throw new Error("A label was left out.");
		const rivals = await this.#rivals(draft);
		const columns: LabelColumns = {
			labels: [prepared.learned, prepared.worded, ...rivals],
			exclusive: rivals.length === 0 ? [] : [[0, ...rivals.map((_, at) => at + 2)]],
		};
		const scored: { id: PhotoId; learned: number; worded: number }[] = [];
		const width = columns.labels.length;
		const neutral = await labels.neutral();
		for await (const piece of scoreLibrary(index, [...index.labels()], columns, neutral)) {
			for (const [row, id] of piece.ids.entries()) {
				const learned = piece.confidences[row * width] ?? 0;
				scored.push({ id, learned, worded: piece.confidences[row * width + 1] ?? 0 });
			}
		}
		// As a run takes it: from an even sample, in the order of the ids.
		const sample = spreadSample(Float64Array.from(scored.keys()), thresholdSample);
		const automatic = automaticThreshold(sample.map((at) => scored[at]?.learned ?? 0));
		const wordedThreshold = automaticThreshold(sample.map((at) => scored[at]?.worded ?? 0));
		const changed = (joined: boolean) =>
			answers.length === 0
				? 0
				: scored.filter(
						({ learned, worded }) =>
							learned >= automatic === joined && worded >= wordedThreshold !== joined,
					).length;
		const [gained, lost] = [changed(true), changed(false)];
		scored.sort((a, b) => a.learned - b.learned || b.id - a.id);
		const scores: Scores = {
			key,
			prepared,
			ids: scored.map(({ id }) => id),
			confidences: Float64Array.from(scored, ({ learned }) => learned),
			automatic,
			gained,
			lost,
		};
		this.#last = scores;
		return scores;
	}

	/** The other labels of a group of which one fits at most. */
	async #rivals({ groupId, saved }: ResolvedDraft) {
		const { catalogue, tagger } = this.#parts;
		const group = (await catalogue.labels.groups()).find(({ id }) => id === groupId);
		if (group?.choose !== "one-of") return [];
		const others = (await catalogue.labels.list()).filter(
			(label) => label.groupId === groupId && label.enabled && label.id !== saved?.id,
		);
		return (await tagger.columns(others)).labels;
	}

	/** Places of photos that are least certain, nearest to the threshold from both sides. */
	#questions({ ids, confidences, prepared }: Scores, threshold: number, count: number): number[] {
		const places: number[] = [];
		let above = firstAtLeast(confidences, threshold);
		let below = above - 1;
		while (places.length < count && (below >= 0 || above < ids.length)) {
			const takesAbove = below < 0 || (above < ids.length && places.length % 2 === 0);
			const place = takesAbove ? above++ : below--;
			const id = ids[place];
			if (id !== undefined && !prepared.answered.has(id)) places.push(place);
		}
		return places;
	}

	async #describe(
		places: readonly number[],
		{ ids, confidences, prepared }: Scores,
		{ saved }: ResolvedDraft,
	): Promise<ScoredPhoto[]> {
		const { photos, tags } = this.#parts.catalogue;
		const wanted = places.flatMap((place) => ids[place] ?? []);
		const confidenceOf = new Map(places.map((place) => [ids[place], confidences[place] ?? 0]));
		const found = await photos.getMany(wanted);
		return Promise.all(
			found.map(async (photo) => {
				const { id, version } = photo;
				const known = saved === null ? [] : await tags.ofPhoto(id);
				return {
					id,
					version,
					aspectPermille: aspectPermille(photo),
					confidence: confidenceOf.get(id) ?? 0,
					answer: prepared.answered.get(id) ?? null,
					state: known.find(({ tagId }) => tagId === saved?.tagId)?.state ?? null,
				};
			}),
		);
	}
}

/** Bins of equal width in log odds; what lies beyond the ends counts to the outermost. */
function histogram(confidences: Float64Array, bins: number): LabelPreview["histogram"] {
	const edges = Array.from({ length: bins + 1 }, (_, at) => {
		const logOdds = -farthest + (2 * farthest * at) / bins;
		return at === 0 ? 0 : at === bins ? 1 : 1 / (1 + Math.exp(-logOdds));
	});
	const counts = new Array<number>(bins).fill(0);
	let bin = 0;
	for (const confidence of confidences) {
		while (bin < bins - 1 && confidence >= (edges[bin + 1] ?? 1)) bin++;
		counts[bin] = (counts[bin] ?? 0) + 1;
	}
	return { edges, counts };
}

/** The first place of an ascending list whose value is at least this; its length when none is. */
function firstAtLeast(values: Float64Array, least: number): number {
	let low = 0;
	let high = values.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((values[middle] ?? 0) < least) low = middle + 1;
		else high = middle;
	}
	return low;
}

/** Whole numbers from `first` towards `end`, without it. */
function range(first: number, end: number): number[] {
	const step = end < first ? -1 : 1;
	return Array.from({ length: Math.abs(end - first) }, (_, at) => first + step * at);
}

/** @file Labels in memory, with scores that are made up from the label's name and the photo's number. */
import {
	type LabelId,
	labelGroupIdSchema,
	labelIdSchema,
	type PhotoId,
	tagIdSchema,
} from "../../../contract/ids.ts";
import type {
	Answer,
	Label,
	LabelDraft,
	LabelGroup,
	LabelPreview,
	ScoredPhoto,
} from "../../../contract/label.ts";

const automaticThreshold = 0.62;

type DraftInput = Partial<LabelDraft> & Pick<LabelDraft, "id" | "answers">;

export class MadeUpLabels {
	readonly #labels = new Map<LabelId, Label>();
	readonly #ids: readonly PhotoId[];
	readonly #columnsOf: (id: PhotoId) => { aspectPermille: number; version: number };
	#lastId = 1000;

	constructor(
		ids: readonly PhotoId[],
		columnsOf: (id: PhotoId) => { aspectPermille: number; version: number },
	) {
		this.#ids = ids;
		this.#columnsOf = columnsOf;
	}

	readonly groups: LabelGroup[] = [
		["animal", "any-of", 62],
		["food", "any-of", 48],
		["scene", "one-of", 54],
		["weather and light", "any-of", 21],
		["activity", "any-of", 57],
		["indoor or outdoor", "one-of", 2],
	].map(([name, choose, labels], at) => ({
		id: labelGroupIdSchema.parse(at + 1),
		name: String(name),
		choose: choose === "one-of" ? "one-of" : "any-of",
		origin: "vocabulary",
		enabled: true,
		labels: Number(labels),
	}));

	all(): Label[] {
		return [...this.#labels.values()];
	}

	find(id: LabelId): Label | undefined {
		return this.#labels.get(id);
	}

	/** Keeps the draft, one version further. */
	save(draft: DraftInput): Label {
		const known = draft.id === null ? undefined : this.#labels.get(draft.id);
		this.#lastId += known === undefined ? 1 : 0;
		const id = known?.id ?? labelIdSchema.parse(this.#lastId);
		const count = (answer: Answer) => draft.answers.filter((one) => one.answer === answer).length;
		const label: Label = {
			id,
			tagId: tagIdSchema.parse(id),
			path: draft.path ?? known?.path ?? "",
			origin: "own",
			groupId: draft.groupId ?? null,
			wordings: draft.wordings ?? known?.wordings ?? [],
			synonyms: draft.synonyms ?? known?.synonyms ?? [],
			threshold: draft.threshold ?? null,
			enabled: true,
			version: (known?.version ?? 0) + 1,
			yes: (known?.yes ?? 0) + count("yes"),
			no: (known?.no ?? 0) + count("no"),
		};
		this.#labels.set(id, label);
		return label;
	}

	remove(id: LabelId): void {
		this.#labels.delete(id);
	}

	preview(draft: DraftInput, bins: number, samples: number): LabelPreview {
		const known = draft.id === null ? undefined : this.#labels.get(draft.id);
		const path = draft.path ?? known?.path ?? "";
		const answers = new Map(draft.answers.map(({ id, answer }) => [id, answer]));
		const shift = answers.size * 0.04;
		const scored = this.#ids
			.map((id): ScoredPhoto => {
				const answer = answers.get(id) ?? null;
				const plain = scoreOf(path, id) - shift * ((id % 3) - 1);
				const taught = answer === "yes" ? 3 : answer === "no" ? -4 : 0;
				return {
					id,
					...this.#columnsOf(id),
					confidence: 1 / (1 + Math.exp(-(plain + taught))),
					answer,
					state: null,
				};
			})
			.toSorted((one, other) => other.confidence - one.confidence);
		const threshold = draft.threshold ?? automaticThreshold;
		const count = scored.filter(({ confidence }) => confidence >= threshold).length;
		const edges = Array.from(
			{ length: bins + 1 },
			(_, at) => 1 / (1 + Math.exp(-(-9 + (at / bins) * 15))),
		);
		const counts = new Array<number>(bins).fill(0);
		for (const { confidence } of scored) {
			const logOdds = Math.log(confidence / (1 - confidence));
			const bin = Math.min(bins - 1, Math.max(0, Math.floor(((logOdds + 9) / 15) * bins)));
			counts[bin] = (counts[bin] ?? 0) + 1;
		}
		const yes = draft.answers.filter(({ answer }) => answer === "yes").length + (known?.yes ?? 0);
		const no = draft.answers.filter(({ answer }) => answer === "no").length + (known?.no ?? 0);
		return {
			photos: scored.length,
			histogram: { edges, counts },
			threshold,
			automaticThreshold,
			count,
			nearest: scored.slice(0, samples),
			above: scored.slice(Math.max(0, count - samples), count).toReversed(),
			below: scored.slice(count, count + samples),
			questions: scored
				.slice(Math.max(0, count - 20), count + 20)
				.filter(({ answer }) => answer === null)
				.filter((_, at) => at % 4 === 1),
			yes,
			no,
			unused: 0,
			gained: (yes + no) * 2,
			lost: no,
			shortened: false,
			tookMs: 3,
		};
	}
}

/** Log odds: mostly low, with a tail of a few that fit. */
function scoreOf(path: string, id: number): number {
	let hash = id * 2_654_435_761;
	for (const letter of path) hash = (hash * 31 + letter.charCodeAt(0)) >>> 0;
	hash = (hash ^ (hash >>> 15)) >>> 0;
	const first = ((hash * 2_246_822_519) >>> 0) / 2 ** 32;
	const second = ((hash * 3_266_489_917) >>> 0) / 2 ** 32;
	const bulk = -4.5 + (first + second - 1) * 4;
	return first > 0.985 ? 1.5 + second * 3.5 : bulk;
}

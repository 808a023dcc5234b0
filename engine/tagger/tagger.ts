/**
 * @file Looks at photos with the labels that are switched on and suggests their tags: when asked, as
 * photos are indexed, and again when a label or the encoder has changed. Decisions are never touched.
 */
import type { LabelId, PhotoId } from "../../contract/ids.ts";
import type { TaggingProgress } from "../../contract/tag.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { LabelRecord } from "../catalogue/label-table.ts";
import type { LibraryIndex } from "../index/library-index.ts";
import { promptsOf } from "./label-prompts.ts";
import type { LibraryLabels } from "./library-labels.ts";
import { type LabelColumns, scoreLibrary, spreadSample } from "./score-library.ts";
import { automaticThreshold, leastConfidence } from "./threshold.ts";

/** Photos from which automatic thresholds are taken. */
export const thresholdSample = 3000;
/** A threshold is taken anew when the library has grown or shrunk by this share. */
const thresholdDrift = 0.2;
/** Labels stored in one go. */
const labelsAtOnce = 64;
/** New photos wait for company. */
const gatherMs = 1500;
/** Part of what says whether a label has seen the library; raise it when scores change. */
const scoringVersion = 2;

const automaticSetting = "tagging-automatic";
const seenSetting = "tagging-seen";

export interface TaggerParts {
	catalogue: Catalogue;
	index: LibraryIndex;
	labels: LibraryLabels;
	encoderKey: string;
	/** Photos are being indexed: new ones wait, whoever made them busy wakes the tagger when done. */
	othersBusy(): boolean;
	/** Suggestions have changed. */
	onChanged(): void;
	/** Work in the background failed; the next occasion tries again. */
	onTrouble(error: unknown): void;
}

/** Which label versions have seen the whole library. */
interface Seen {
	encoderKey: string;
	scoring: number;
	/** False while new photos wait to be looked at. */
	complete: boolean;
	versions: Record<string, number>;
}

export class Tagger {
	readonly #parts: TaggerParts;
	readonly #thresholds = new Map<LabelId, { version: number; size: number; threshold: number }>();
	readonly #waiting = new Set<PhotoId>();
	readonly #closing = new AbortController();
	#timer: NodeJS.Timeout | null = null;
	#working: Promise<void> | null = null;
	/** Whether all photos but those waiting were looked at; null until it was looked up. */
	#isComplete: boolean | null = null;

	constructor(parts: TaggerParts) {
		this.#parts = parts;
	}

	async isAutomatic(): Promise<boolean> {
		return (await this.#parts.catalogue.settings.get(automaticSetting)) !== false;
	}

	async setAutomatic(automatic: boolean): Promise<void> {
		await this.#parts.catalogue.settings.set(automaticSetting, automatic);
		if (automatic) this.wake();
	}

	/** Photos became searchable. */
	noteStored(ids: Iterable<PhotoId>): void {
		for (const id of ids) this.#waiting.add(id);
		this.wake();
	}

	/** There may be new photos, or labels that have not seen all. Cheap; work begins a little later. */
	wake(): void {
		if (this.#closing.signal.aborted || this.#timer !== null) return;
		this.#timer = setTimeout(() => {
			this.#timer = null;
			this.#working ??= this.#catchUp()
				.catch((error: unknown) => {
					this.#isComplete = false;
					if (!this.#closing.signal.aborted) this.#parts.onTrouble(error);
				})
				.finally(() => {
					this.#working = null;
					if (this.#waiting.size > 0 && !this.#parts.othersBusy()) this.wake();
				});
		}, gatherMs);
		this.#timer.unref();
	}

	/** Embeds and learns what the labels that are on need, so that the first look need not wait for it. */
	async prepare(): Promise<void> {
		if (!(await this.isAutomatic())) return;
		const records = await this.#chosen(null);
		await this.thresholds(records, await this.columns(records));
	}

	/**
	 * @param ids null for the whole library. @param labelIds null for all that are switched on.
	 * @throws Refusal MODEL_UNAVAILABLE; the signal's reason when it is aborted: nothing was stored then.
	 */
	async *run(
		ids: readonly PhotoId[] | null,
		labelIds: readonly LabelId[] | null,
		signal?: AbortSignal,
	): AsyncGenerator<TaggingProgress> {
		const startedAt = performance.now();
		const { index, labels: library, catalogue, encoderKey } = this.#parts;
		const records = await this.#chosen(labelIds);
		const photos = ids ?? [...index.labels()];
		const progress = (done: number, suggested = 0, withdrawn = 0): TaggingProgress => ({
			done,
			total: photos.length,
			suggested,
			withdrawn,
			tookMs: Math.round(performance.now() - startedAt),
		});
		const columns = await this.columns(records);
		const thresholds = await this.thresholds(records, columns);
		const found = records.map((): { id: PhotoId; confidence: number }[] => []);
		const neutral = await library.neutral();
		for await (const piece of scoreLibrary(index, photos, columns, neutral, signal)) {
			for (const [row, id] of piece.ids.entries()) {
				for (let at = 0; at < records.length; at++) {
					const confidence = piece.confidences[row * records.length + at] ?? 0;
					if (confidence >= (thresholds[at] ?? 1)) found[at]?.push({ id, confidence });
				}
			}
			if (piece.done < photos.length) yield progress(piece.done);
		}
		signal?.throwIfAborted();
		let suggested = 0;
		let withdrawn = 0;
		for (let first = 0; first < records.length; first += labelsAtOnce) {
			const some = records.slice(first, first + labelsAtOnce);
			const suggestions = some.flatMap(({ id: labelId, tagId, version: labelVersion }, at) =>
				(found[first + at] ?? []).map(({ id: photoId, confidence }) => ({
					labelId,
					tagId,
					labelVersion,
					photoId,
					confidence,
				})),
			);
			const labelIds = some.map(({ id }) => id);
			const change = await catalogue.tags.replaceSuggestions(
				encoderKey,
				labelIds,
				ids,
				suggestions,
			);
			suggested += change.suggested;
			withdrawn += change.withdrawn;
		}
		if (ids === null) await this.#remember(records);
		if (suggested + withdrawn > 0) this.#parts.onChanged();
		yield progress(photos.length, suggested, withdrawn);
	}

	/** Labels that are off lose what they suggested. */
	async withdraw(labelIds: readonly LabelId[]): Promise<void> {
		const { catalogue, encoderKey } = this.#parts;
		const seen = await this.#seen();
		for (const id of labelIds) delete seen.versions[id];
		await this.#store(seen);
		const change = await catalogue.tags.replaceSuggestions(encoderKey, labelIds, null, []);
		if (change.withdrawn > 0) this.#parts.onChanged();
	}

	/** The whole library for some labels, to its end. */
	async lookAnew(labelIds: readonly LabelId[]): Promise<{ suggested: number; withdrawn: number }> {
		let last = { suggested: 0, withdrawn: 0 };
		for await (const { suggested, withdrawn } of this.run(null, labelIds)) {
			last = { suggested, withdrawn };
		}
		return last;
	}

	/** Labels as columns to be scored together. @throws Refusal MODEL_UNAVAILABLE. */
	async columns(records: readonly LabelRecord[]): Promise<LabelColumns> {
		const { catalogue, labels } = this.#parts;
		const materials = await Promise.all(
			records.map(async ({ id, path, wordings, yes, no }) => ({
				wordings: promptsOf(wordings, path),
				answers: yes + no === 0 ? [] : await catalogue.labels.answers(id),
			})),
		);
		const prepared = await labels.prepare(materials);
		const exclusiveGroups = new Set(
			(await catalogue.labels.groups())
				.filter(({ choose }) => choose === "one-of")
				.map(({ id }) => id),
		);
		const byGroup = Map.groupBy(records.keys(), (at) => records[at]?.groupId ?? null);
		const exclusive = [...byGroup].flatMap(([groupId, columns]) =>
			groupId !== null && exclusiveGroups.has(groupId) ? [columns] : [],
		);
		return { labels: prepared.map(({ learned }) => learned), exclusive };
	}

	/** The person's, or the automatic one from an even sample of the library. */
	async thresholds(records: readonly LabelRecord[], columns: LabelColumns): Promise<number[]> {
		const { index, labels } = this.#parts;
		const { size } = index;
		const isKnown = ({ id, version }: LabelRecord) => {
			const known = this.#thresholds.get(id);
			return (
				known !== undefined &&
				known.version === version &&
				Math.abs(known.size - size) <= size * thresholdDrift
			);
		};
		if (records.some((label) => label.threshold === null && !isKnown(label))) {
			const sample = spreadSample(index.labels(), thresholdSample);
			const confidences = records.map((): number[] => []);
			for await (const piece of scoreLibrary(index, sample, columns, await labels.neutral())) {
				for (let row = 0; row < piece.ids.length; row++) {
					for (let at = 0; at < records.length; at++) {
						const confidence = piece.confidences[row * records.length + at] ?? 0;
						if (confidence >= leastConfidence) confidences[at]?.push(confidence);
					}
				}
			}
			for (const [at, { id, version }] of records.entries()) {
				const threshold = automaticThreshold(confidences[at] ?? []);
				this.#thresholds.set(id, { version, size, threshold });
			}
		}
		return records.map(
			({ id, threshold }) => threshold ?? this.#thresholds.get(id)?.threshold ?? 1,
		);
	}

	async close(): Promise<void> {
		this.#closing.abort();
		if (this.#timer !== null) clearTimeout(this.#timer);
		await this.#working;
	}

	/** Those named, with all of their groups where only one of a group fits; or all that are on. */
	async #chosen(labelIds: readonly LabelId[] | null): Promise<LabelRecord[]> {
		const { labels } = this.#parts.catalogue;
		const [all, groups] = [await labels.list(), await labels.groups()];
		const isOn = (label: LabelRecord) =>
			label.enabled && (groups.find(({ id }) => id === label.groupId)?.enabled ?? true);
		if (labelIds === null) return all.filter(isOn);
		const named = new Set(labelIds);
		const exclusive = new Set(
			all
				.filter(({ id }) => named.has(id))
				.flatMap(({ groupId }) => {
					const group = groups.find(({ id }) => id === groupId);
					return group?.choose === "one-of" ? [group.id] : [];
				}),
		);
		return all.filter(
			(label) =>
				named.has(label.id) ||
				(label.groupId !== null && exclusive.has(label.groupId) && isOn(label)),
		);
	}

	async #catchUp(): Promise<void> {
		if (!(await this.isAutomatic())) {
			if (this.#waiting.size > 0) {
				this.#isComplete = false;
				await this.#markIncomplete();
			}
			this.#waiting.clear();
			return;
		}
		const { signal } = this.#closing;
		const seen = await this.#seen();
		this.#isComplete ??= seen.complete;
		if (this.#parts.othersBusy()) {
			// Killed before their turn, they are made up for at the next start.
			if (this.#waiting.size > 0) await this.#markIncomplete();
			return;
		}
		const on = await this.#chosen(null);
		const unseen = this.#isComplete
			? on.filter(({ id, version }) => seen.versions[id] !== version)
			: on;
		const isAll = unseen.length > 0;
		if (!isAll && this.#waiting.size === 0) return;
		await this.#markIncomplete();
		const ids = [...this.#waiting];
		this.#waiting.clear();
		if (isAll) {
			const labelIds = unseen.map(({ id }) => id);
			for await (const _ of this.run(null, labelIds, signal));
		}
		// Labels that have seen all the others have not seen these.
		if (ids.length > 0 && unseen.length < on.length) {
			for await (const _ of this.run(ids, null, signal));
		}
		this.#isComplete = true;
		if (this.#waiting.size === 0) await this.#store({ ...(await this.#seen()), complete: true });
	}

	async #markIncomplete(): Promise<void> {
		const seen = await this.#seen();
		if (seen.complete) await this.#store({ ...seen, complete: false });
	}

	async #remember(records: readonly LabelRecord[]): Promise<void> {
		const seen = await this.#seen();
		for (const { id, version } of records) seen.versions[id] = version;
		await this.#store(seen);
	}

	async #seen(): Promise<Seen> {
		const { encoderKey, catalogue } = this.#parts;
		const stored = (await catalogue.settings.get(seenSetting)) as Seen | undefined;
		const usable = stored?.encoderKey === encoderKey && stored.scoring === scoringVersion;
		return usable ? stored : { encoderKey, scoring: scoringVersion, complete: true, versions: {} };
	}

	#store(seen: Seen): Promise<void> {
		return this.#parts.catalogue.settings.set(seenSetting, seen);
	}
}

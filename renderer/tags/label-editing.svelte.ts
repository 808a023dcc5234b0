/** @file A label while it is edited: what is typed, answered and dragged, and what that would suggest. */
import type { EngineClient } from "../../contract/contract.ts";
import type { LabelGroupId, LabelId, PhotoId } from "../../contract/ids.ts";
import type { Answer, Label, LabelDraft, LabelPreview, ScoredPhoto } from "../../contract/label.ts";
import { LatestOnly, superseded } from "../state/latest-only.ts";
import { problemSentence } from "../state/problem.ts";
import type { GivenAnswer, UnsavedLabel } from "../state/tag-dialogs.svelte.ts";
import { countsAbove } from "./score-histogram.ts";

const typingPauseMs = 180;
const histogramBins = 400;
const samplePhotos = 12;

export class LabelEditing {
	path = $state("");
	wordings = $state.raw<readonly string[]>([]);
	synonyms = $state.raw<readonly string[]>([]);
	groupId = $state<LabelGroupId | null>(null);
	/** Null: where the engine would put it. */
	threshold = $state<number | null>(null);

	#id: LabelId | null;
	#saved = $state.raw<Label | null>(null);
	#preview = $state.raw<LabelPreview | null>(null);
	#status = $state<"idle" | "loading" | "looking" | "ready" | "failed" | "gone">("idle");
	#problem = $state("");
	#given = $state.raw<readonly GivenAnswer[]>([]);
	/** Set while dragging, before the engine has answered. */
	#edge = $state<number | null>(null);
	#changed = $state(false);
	/** What is to go on once the label is here. */
	#unsaved: UnsavedLabel | null;
	#following = false;
	#lineMoved = false;
	readonly #above = $derived(
		this.#preview === null ? new Uint32Array() : countsAbove(this.#preview.histogram),
	);
	readonly #client: EngineClient;
	readonly #questions = new LatestOnly();

	/**
	 * @param name of a new label; ignored for one that is saved
	 * @param unsaved what was left of it before
	 */
	constructor(
		client: EngineClient,
		id: LabelId | null,
		name = "",
		unsaved: UnsavedLabel | null = null,
	) {
		this.#client = client;
		this.#id = id;
		this.path = name;
		this.#unsaved = unsaved;
		if (id !== null) void this.#load(id);
		else if (unsaved !== null) this.#goOn(unsaved);
		else if (name !== "") this.#look(0);
	}

	get id(): LabelId | null {
		return this.#id;
	}

	/** The label as it is saved; null for a new one. */
	get saved(): Label | null {
		return this.#saved;
	}

	get preview(): LabelPreview | null {
		return this.#preview;
	}

	get status(): "idle" | "loading" | "looking" | "ready" | "failed" | "gone" {
		return this.#status;
	}

	get problem(): string {
		return this.#problem;
	}

	/** True where something would be lost without saving. */
	get changed(): boolean {
		return this.#changed;
	}

	/** What would be lost; null where nothing would. */
	get unsaved(): UnsavedLabel | null {
		if (!this.#changed) return this.#unsaved;
		const { path, wordings, synonyms, groupId, threshold } = this;
		return { path, wordings, synonyms, groupId, threshold, given: this.#given };
	}

	/** Nothing of it is to be kept. */
	discard(): void {
		this.#changed = false;
		this.#unsaved = null;
	}

	/** The last part of the path: what the photo is asked about. */
	get name(): string {
		return this.path.split("/").at(-1)?.trim() ?? "";
	}

	/** The threshold in use. */
	get line(): number {
		return this.threshold ?? this.#preview?.automaticThreshold ?? 1;
	}

	/** Photos at or above the line: at once while dragging, from the counts that are at hand. */
	get count(): number {
		if (this.#edge !== null) return this.#above[this.#edge] ?? 0;
		return this.#preview?.count ?? 0;
	}

	/** Answers given in this session; skipped questions do not count. */
	get answered(): number {
		return this.#given.filter(({ answer }) => answer !== "skip").length;
	}

	/** The photo to ask about next; null where there is none. */
	get question(): ScoredPhoto | null {
		const seen = new Set(this.#given.map(({ photo }) => photo.id));
		return this.#preview?.questions.find(({ id }) => !seen.has(id)) ?? null;
	}

	/** The answer taken back by `takeBackAnswer`, if there is one. */
	get lastGiven(): GivenAnswer | null {
		return this.#given.at(-1) ?? null;
	}

	setPath(path: string): void {
		this.path = path;
		this.#changed = true;
		this.#look(typingPauseMs);
	}

	setWordings(wordings: readonly string[]): void {
		this.wordings = wordings;
		this.#changed = true;
		this.#look(0);
	}

	setSynonyms(synonyms: readonly string[]): void {
		this.synonyms = synonyms;
		this.#changed = true;
	}

	setGroup(groupId: LabelGroupId | null): void {
		this.groupId = groupId;
		this.#changed = true;
		this.#look(0);
	}

	/** @param edge index among the histogram's edges where it lies on one */
	setThreshold(threshold: number | null, edge: number | null): void {
		this.threshold = threshold;
		this.#edge = edge;
		this.#changed = true;
		void this.#followLine();
	}

	answer(photo: ScoredPhoto, answer: Answer | "skip"): void {
		const others = this.#given.filter((given) => given.photo.id !== photo.id);
		this.#given = [...others, { photo, answer }];
		if (answer === "skip") return;
		this.#changed = true;
		this.#look(0);
	}

	/** What was answered about a photo in this session or before it. */
	answerOf(photo: ScoredPhoto): Answer | null {
		const given = this.#given.find(({ photo: { id } }) => id === photo.id)?.answer;
		return given === undefined || given === "skip" ? photo.answer : given;
	}

	takeBackAnswer(): void {
		const last = this.#given.at(-1);
		if (last === undefined) return;
		this.#given = this.#given.slice(0, -1);
		if (last.answer !== "skip") this.#look(0);
	}

	/** Throws the engine's refusal. */
	async save(): Promise<Awaited<ReturnType<EngineClient["label"]["save"]>>> {
		const result = await this.#client.label.save({ draft: this.#draft() });
		this.#id = result.label.id;
		this.#take(result.label);
		return result;
	}

	dispose(): void {
		this.#questions.cancel();
	}

	#take(label: Label): void {
		this.#saved = label;
		this.path = label.path;
		this.wordings = label.wordings;
		this.synonyms = label.synonyms;
		this.groupId = label.groupId;
		this.threshold = label.threshold;
		this.#given = [];
		this.#changed = false;
	}

	#goOn({ path, wordings, synonyms, groupId, threshold, given }: UnsavedLabel): void {
		this.path = path;
		this.wordings = wordings;
		this.synonyms = synonyms;
		this.groupId = groupId;
		this.threshold = threshold;
		this.#given = given;
		this.#changed = true;
		this.#unsaved = null;
		this.#look(0);
	}

	async #load(id: LabelId): Promise<void> {
		this.#status = "loading";
		try {
			this.#take(await this.#client.label.get({ id }));
			if (this.#unsaved === null) this.#look(0);
			else this.#goOn(this.#unsaved);
		} catch (error) {
			this.#problem = problemSentence(error);
			this.#status = "gone";
		}
	}

	#draft(): LabelDraft {
		const answers = this.#given
			.filter((given): given is GivenAnswer & { answer: Answer } => given.answer !== "skip")
			.map(({ photo, answer }): { id: PhotoId; answer: Answer } => ({ id: photo.id, answer }));
		return {
			id: this.#id,
			path: this.path.trim(),
			groupId: this.groupId,
			wordings: [...this.wordings],
			synonyms: [...this.synonyms],
			threshold: this.threshold,
			answers,
		};
	}

	/**
	 * While the line is dragged, the samples change as fast as the engine answers: a pause after every
	 * step would leave them standing until the hand rests.
	 */
	async #followLine(): Promise<void> {
		this.#lineMoved = true;
		if (this.#following || this.name === "") return;
		this.#following = true;
		while (this.#lineMoved) {
			this.#lineMoved = false;
			await this.#ask(0, () => this.#lineMoved);
		}
		this.#following = false;
	}

	#look(delayMs: number): void {
		if (this.name === "") {
			this.#questions.cancel();
			this.#preview = null;
			this.#status = "idle";
			return;
		}
		this.#status = "looking";
		void this.#ask(delayMs);
	}

	/** @param movedOn whether the line has moved since the question was asked */
	async #ask(delayMs: number, movedOn = () => false): Promise<void> {
		try {
			const preview = await this.#questions.ask(
				(signal) =>
					this.#client.label.preview(
						{ draft: this.#draft(), bins: histogramBins, samples: samplePhotos },
						{ signal },
					),
				delayMs,
			);
			if (preview === superseded) return;
			this.#preview = preview;
			if (!movedOn()) this.#edge = null;
			this.#status = "ready";
		} catch (error) {
			this.#problem = problemSentence(error);
			this.#status = "failed";
		}
	}
}

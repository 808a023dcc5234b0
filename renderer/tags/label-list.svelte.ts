/** @file All labels by group, with their switches; for looking them through. */
import type { EngineClient } from "../../contract/contract.ts";
import type { LabelGroupId, LabelId } from "../../contract/ids.ts";
import type { Label, LabelGroup, VocabularyProblem } from "../../contract/label.ts";
import { problemSentence } from "../state/problem.ts";

/** A group with its labels; `group` is null for labels on their own. */
export interface LabelSet {
	readonly key: string;
	readonly name: string;
	readonly group: LabelGroup | null;
	readonly labels: readonly Label[];
	/** How many of them suggest. */
	readonly on: number;
}

export class LabelList {
	#groups = $state.raw<readonly LabelGroup[]>([]);
	#labels = $state.raw<readonly Label[]>([]);
	#problems = $state.raw<readonly VocabularyProblem[]>([]);
	#vocabularyFolder = $state("");
	#status = $state<"loading" | "ready" | "failed">("loading");
	#problem = $state("");
	readonly #client: EngineClient;
	#latest = 0;

	constructor(client: EngineClient) {
		this.#client = client;
	}

	get status(): "loading" | "ready" | "failed" {
		return this.#status;
	}

	/** Why there is no list, when `status` is `failed`. */
	get problem(): string {
		return this.#problem;
	}

	get labels(): readonly Label[] {
		return this.#labels;
	}

	/** Lines of vocabulary files that were passed over. */
	get problems(): readonly VocabularyProblem[] {
		return this.#problems;
	}

	get vocabularyFolder(): string {
		return this.#vocabularyFolder;
	}

	/** Own labels first, then the groups in their order; with something typed only labels that have it. */
	sets(typed: string): LabelSet[] {
		const wanted = typed.trim().toLocaleLowerCase();
		const shown = this.#labels.filter(
			({ path, synonyms }) =>
				wanted === "" ||
				[path, ...synonyms].some((name) => name.toLocaleLowerCase().includes(wanted)),
		);
		const of = (groupId: LabelGroupId | null) => shown.filter((label) => label.groupId === groupId);
		const ungrouped = of(null);
		const own = setOf(
			null,
			ungrouped.filter(({ origin }) => origin === "own"),
		);
		const alone = setOf(
			null,
			ungrouped.filter(({ origin }) => origin === "vocabulary"),
		);
		return [
			{ ...own, key: "own", name: "My labels" },
			...this.#groups.map((group) => setOf(group, of(group.id))),
			{ ...alone, key: "alone", name: "Other labels" },
		].filter(({ labels }) => labels.length > 0);
	}

	async refresh(): Promise<void> {
		this.#latest += 1;
		const asked = this.#latest;
		try {
			const list = await this.#client.label.list();
			if (asked !== this.#latest) return;
			this.#groups = list.groups;
			this.#labels = list.labels;
			this.#problems = list.problems;
			this.#vocabularyFolder = list.vocabularyFolder;
			this.#status = "ready";
		} catch (error) {
			if (asked !== this.#latest) return;
			this.#problem = problemSentence(error);
			if (this.#status === "loading") this.#status = "failed";
		}
	}

	/** Switches labels and groups; the answer names the change for undo. Throws the engine's refusal. */
	async enable(which: { labelIds?: LabelId[]; groupIds?: LabelGroupId[] }, enabled: boolean) {
		// Shown at once; the list that follows is the engine's.
		const labelIds = new Set(which.labelIds);
		const groupIds = new Set(which.groupIds);
		this.#labels = this.#labels.map((label) =>
			labelIds.has(label.id) ? { ...label, enabled } : label,
		);
		this.#groups = this.#groups.map((group) =>
			groupIds.has(group.id) ? { ...group, enabled } : group,
		);
		try {
			return await this.#client.label.enable({ ...which, enabled });
		} finally {
			await this.refresh();
		}
	}
}

function setOf(group: LabelGroup | null, labels: readonly Label[]): LabelSet {
	const on = group?.enabled === false ? 0 : labels.filter(({ enabled }) => enabled).length;
	return { key: String(group?.id ?? ""), name: group?.name ?? "", group, labels, on };
}

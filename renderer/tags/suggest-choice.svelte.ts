/** @file Which labels are to look at photos: groups, own labels, and ones written on the spot. */
import type { EngineClient } from "../../contract/contract.ts";
import type { ChangeId, LabelGroupId, LabelId } from "../../contract/ids.ts";
import type { GroupChoice, Label, LabelGroup } from "../../contract/label.ts";
import { problemSentence } from "../state/problem.ts";

export class SuggestChoice {
	/** Written here, one a line, as in a vocabulary file. */
	lines = $state("");
	/** How those go together. */
	choose = $state<GroupChoice>("any-of");
	groupName = $state("");
	/** Labels of the person's own that are in no group. */
	usesOwn = $state(true);
	#groups = $state.raw<readonly LabelGroup[] | null>(null);
	#labels = $state.raw<readonly Label[]>([]);
	#chosen = $state.raw<ReadonlySet<LabelGroupId>>(new Set());
	#problem = $state<string | null>(null);
	readonly #client: EngineClient;

	readonly own = $derived(
		this.#labels.filter(({ groupId, origin }) => groupId === null && origin === "own"),
	);
	/** How many labels are written here. */
	readonly written = $derived(
		this.lines.split("\n").filter((line) => /^\s*[^\s#[]/u.test(line)).length,
	);
	readonly isEmpty = $derived(
		this.#chosen.size === 0 && this.written === 0 && !(this.usesOwn && this.own.length > 0),
	);

	constructor(client: EngineClient) {
		this.#client = client;
		client.label.list().then(
			({ groups, labels }) => {
				this.#groups = groups;
				this.#labels = labels;
				this.#chosen = new Set(groups.filter(({ enabled }) => enabled).map(({ id }) => id));
			},
			(error: unknown) => {
				this.#problem = problemSentence(error);
			},
		);
	}

	/** Null until they are known. */
	get groups(): readonly LabelGroup[] | null {
		return this.#groups;
	}

	/** Why there are no groups to choose from. */
	get problem(): string | null {
		return this.#problem;
	}

	has(id: LabelGroupId): boolean {
		return this.#chosen.has(id);
	}

	toggle(id: LabelGroupId, on: boolean): void {
		const next = new Set(this.#chosen);
		if (on) next.add(id);
		else next.delete(id);
		this.#chosen = next;
	}

	/** All groups, or none. */
	toggleAll(on: boolean): void {
		this.#chosen = new Set(on ? this.#groups?.map(({ id }) => id) : []);
	}

	/** The labels chosen; those written here are added first. Throws the engine's refusal. */
	async labelIds(): Promise<{ ids: LabelId[]; added: number; changeId: ChangeId | null }> {
		const ids = this.#labels
			.filter(({ groupId }) => groupId !== null && this.#chosen.has(groupId))
			.map(({ id }) => id);
		if (this.usesOwn) ids.push(...this.own.map(({ id }) => id));
		if (this.written === 0) return { ids, added: 0, changeId: null };
		const group = this.groupName.trim() || (this.choose === "one-of" ? "My choice" : "");
		ids.push(...this.#namedAgain());
		const { added, changeId } = await this.#client.label.addLines({
			text: this.lines,
			choose: this.choose,
			...(group !== "" && { group }),
		});
		return {
			ids: [...new Set([...ids, ...added.map(({ id }) => id)])],
			added: added.length,
			changeId,
		};
	}

	/** Labels there are already that are written here too. */
	#namedAgain(): LabelId[] {
		const names = new Set(
			this.lines.split("\n").map((line) => line.split(/[=|]/u)[0]?.trim().toLocaleLowerCase()),
		);
		return this.#labels
			.filter(({ path }) => names.has(path.toLocaleLowerCase()))
			.map(({ id }) => id);
	}
}

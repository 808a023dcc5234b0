/** @file The tags of the library, and every change a person makes to them, each with its way back. */
import type { EngineClient } from "../../contract/contract.ts";
import type { ChangeId, PhotoId, TagId } from "../../contract/ids.ts";
import type { Tag } from "../../contract/tag.ts";
import { photosCounted } from "../shell/progress-words.ts";
import { problemSentence } from "./problem.ts";
import type { Toasts } from "./toasts.svelte.ts";
import type { Undo } from "./undo.svelte.ts";

/** Tags change many times a second while labels look at photos; a few looks a second are enough. */
const refreshSoonMs = 300;

export class Tags {
	#all = $state.raw<readonly Tag[]>([]);
	#status = $state<"loading" | "ready" | "failed">("loading");
	#problem = $state("");
	/** Grows whenever what photos have of tags may be different. */
	#revision = $state(0);
	readonly #byId = $derived(new Map(this.#all.map((tag) => [tag.id, tag])));
	readonly #client: EngineClient;
	readonly #undo: Undo;
	readonly #toasts: Toasts;
	#latest = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(client: EngineClient, undo: Undo, toasts: Toasts) {
		this.#client = client;
		this.#undo = undo;
		this.#toasts = toasts;
	}

	/** By path, so that a tag comes before those below it. */
	get all(): readonly Tag[] {
		return this.#all;
	}

	get status(): "loading" | "ready" | "failed" {
		return this.#status;
	}

	/** Why there is no list, when `status` is `failed`. */
	get problem(): string {
		return this.#problem;
	}

	get revision(): number {
		return this.#revision;
	}

	find(id: TagId | null): Tag | undefined {
		return id === null ? undefined : this.#byId.get(id);
	}

	/** Whatever the case. */
	findPath(path: string): Tag | undefined {
		const wanted = path.toLocaleLowerCase();
		return this.#all.find((tag) => tag.path.toLocaleLowerCase() === wanted);
	}

	/** For completing a name. */
	get named(): readonly { path: string; photos: number }[] {
		return this.#all.map(({ path, acceptedBelow }) => ({ path, photos: acceptedBelow }));
	}

	async refresh(): Promise<void> {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#latest += 1;
		const asked = this.#latest;
		try {
			const all = await this.#client.tag.list({});
			if (asked !== this.#latest) return;
			this.#all = all;
			this.#status = "ready";
			this.#revision += 1;
		} catch (error) {
			if (asked !== this.#latest) return;
			this.#problem = problemSentence(error);
			if (this.#status === "loading") this.#status = "failed";
		}
	}

	refreshSoon(): void {
		this.#timer ??= setTimeout(() => void this.refresh(), refreshSoonMs);
	}

	dispose(): void {
		clearTimeout(this.#timer);
	}

	/** Accepts or rejects what is suggested of a tag: for these photos, or for all. */
	async decide(
		decision: "accept" | "reject",
		tag: Tag,
		ids?: readonly PhotoId[],
	): Promise<boolean> {
		return this.#change(
			() =>
				this.#client.tag.decide({
					decision,
					suggestions: { type: "of-tag", tagId: tag.id, ...(ids && { ids: [...ids] }) },
				}),
			(changed) => ({
				done: `${decision === "accept" ? "Accepted" : "Rejected"} “${tag.name}” for ${photosCounted(changed)}.`,
				undone: `“${tag.name}” is only suggested again for ${photosCounted(changed)}.`,
			}),
		);
	}

	/** Gives photos tags and takes others from them. */
	async apply(
		ids: readonly PhotoId[],
		change: { add?: readonly string[]; remove?: readonly string[] },
	): Promise<boolean> {
		const add = [...(change.add ?? [])];
		const remove = [...(change.remove ?? [])];
		return this.#change(
			() => this.#client.tag.apply({ ids: [...ids], add, remove }),
			() => ({
				done: applied(ids.length, add, remove),
				undone: `The tags of ${photosCounted(ids.length)} are as they were.`,
			}),
		);
	}

	/** Gives a tag another name or another place. */
	async rename(tag: Tag, path: string): Promise<boolean> {
		return this.#change(
			() => this.#client.tag.rename({ id: tag.id, path }),
			() => ({
				done: `“${tag.path}” is now “${path}”.`,
				undone: `“${tag.path}” has its old name again.`,
			}),
		);
	}

	async merge(from: Tag, into: Tag): Promise<boolean> {
		return this.#change(
			() => this.#client.tag.merge({ from: [from.id], into: into.id }),
			() => ({
				done: `“${from.path}” was merged into “${into.path}”.`,
				undone: `“${from.path}” and “${into.path}” are two tags again.`,
			}),
		);
	}

	async remove(tag: Tag): Promise<boolean> {
		return this.#change(
			() => this.#client.tag.remove({ ids: [tag.id] }),
			() => ({
				done: `“${tag.path}” was deleted. No photo was touched.`,
				undone: `“${tag.path}” is back.`,
			}),
		);
	}

	/** Makes a tag no photo has yet. */
	async create(path: string): Promise<boolean> {
		return this.#change(
			() => this.#client.tag.create({ paths: [path] }),
			() => ({ done: `“${path}” is a tag now.`, undone: `“${path}” is gone again.` }),
		);
	}

	/** Offers the way back of a change that was made elsewhere, such as a label that was saved. */
	offerUndo(changeId: ChangeId | null, done: string, undone: string): void {
		if (changeId === null) {
			this.#toasts.note(done);
			return;
		}
		this.#undo.offer({ done, undone, undo: () => this.#takeBack(changeId) });
	}

	/** Tells of a refusal, and returns false, where the change was not made. */
	async #change(
		call: () => Promise<{ changeId: ChangeId | null; changed: number }>,
		words: (changed: number) => { done: string; undone: string },
	): Promise<boolean> {
		try {
			const { changeId, changed } = await call();
			if (changeId !== null) {
				const { done, undone } = words(changed);
				this.offerUndo(changeId, done, undone);
			}
			await this.refresh();
			return true;
		} catch (error) {
			this.#toasts.problem(problemSentence(error));
			return false;
		}
	}

	async #takeBack(changeId: ChangeId): Promise<void> {
		try {
			await this.#client.tag.undo({ changeId });
		} finally {
			await this.refresh();
		}
	}
}

function applied(photos: number, add: readonly string[], remove: readonly string[]): string {
	const quoted = (paths: readonly string[]) =>
		paths.length > 2 ? `${paths.length} tags` : paths.map((path) => `“${path}”`).join(" and ");
	const counted = photosCounted(photos);
	if (remove.length === 0) return `Added ${quoted(add)} to ${counted}.`;
	if (add.length === 0) return `Removed ${quoted(remove)} from ${counted}.`;
	return `Added ${quoted(add)} and removed ${quoted(remove)}: ${counted}.`;
}

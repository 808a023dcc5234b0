/** @file The person's labels: made, changed, switched, and the vocabularies they come from. */
import { mkdirSync } from "node:fs";
import { Refusal } from "../../contract/errors.ts";
import type { ChangeId, LabelGroupId, LabelId, PhotoId } from "../../contract/ids.ts";
import type {
	Answer,
	GroupChoice,
	Label,
	LabelDraft,
	LabelGroup,
	VocabularyProblem,
} from "../../contract/label.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { tagKey } from "../catalogue/file-tags.ts";
import type { LabelContents, LabelRecord } from "../catalogue/label-table.ts";
import type { LabelPreviews } from "./label-preview.ts";
import { readVocabularyFolder } from "./shipped-vocabulary.ts";
import { cleanTagPath } from "./tag-path.ts";
import type { Tagger } from "./tagger.ts";
import { readVocabulary } from "./vocabulary-lines.ts";

export interface LabelsParts {
	catalogue: Catalogue;
	tagger: Tagger;
	previews: LabelPreviews;
	/** Folders of vocabulary files; the last is the person's, made when it is missing. */
	vocabularyFolders: readonly string[];
	/** Tags or labels have changed. */
	onChanged(): void;
}

export class Labels {
	readonly #parts: LabelsParts;
	#problems: VocabularyProblem[] = [];

	constructor(parts: LabelsParts) {
		this.#parts = parts;
	}

	/** Reads the vocabularies' files. A folder that cannot be read is a problem to show, nothing more. */
	async readVocabularies(): Promise<void> {
		const { vocabularyFolders, catalogue, onChanged } = this.#parts;
		const problems: VocabularyProblem[] = [];
		const groups = vocabularyFolders.flatMap((folder, at) => {
			try {
				if (at === vocabularyFolders.length - 1) mkdirSync(folder, { recursive: true });
				const read = readVocabularyFolder(folder);
				problems.push(...read.problems);
				return read.groups;
			} catch (error) {
				const message = error instanceof Error ? error.message : String(error);
				problems.push({ file: folder, line: 0, message });
				return [];
			}
		});
		this.#problems = problems;
		const usable = groups.map((group) => ({
			...group,
			labels: group.labels.flatMap((label) => {
				try {
					return [{ ...label, path: cleanTagPath(label.path) }];
				} catch (error) {
					if (!(error instanceof Refusal)) throw error;
					problems.push({ file: group.name, line: 0, message: `${label.path}: ${error.message}` });
					return [];
				}
			}),
		}));
		if (await catalogue.labels.matchVocabularies(usable)) onChanged();
	}

	async list(): Promise<{
		groups: LabelGroup[];
		labels: Label[];
		problems: VocabularyProblem[];
		vocabularyFolder: string;
	}> {
		const { labels } = this.#parts.catalogue;
		return {
			groups: await labels.groups(),
			labels: (await labels.list()).map(asLabel),
			problems: this.#problems,
			vocabularyFolder: this.#parts.vocabularyFolders.at(-1) ?? "",
		};
	}

	/** @throws Refusal LABEL_NOT_FOUND. */
	async get(id: LabelId): Promise<Label & { answers: { id: PhotoId; answer: Answer }[] }> {
		const { labels } = this.#parts.catalogue;
		const record = await this.#record(id);
		const answers = await labels.answers(id);
		const photos = await labels.photosOf(answers.map(({ contentHash }) => contentHash));
		return {
			...asLabel(record),
			answers: answers.flatMap(({ contentHash, answer }) => {
				const photo = photos.get(contentHash);
				return photo === undefined ? [] : [{ id: photo, answer }];
			}),
		};
	}

	/** @throws Refusal LABEL_NOT_FOUND, NAME_NOT_ALLOWED, NAME_TAKEN, MODEL_UNAVAILABLE. */
	async save(draft: LabelDraft) {
		const { catalogue, tagger, previews, onChanged } = this.#parts;
		const path = draft.path === undefined ? undefined : cleanTagPath(draft.path);
		if (draft.id === null && path === undefined) {
			throw new Refusal("NAME_NOT_ALLOWED", "Give the label a name.", { field: "path" });
		}
		const resolved = await previews.resolve({ ...draft, ...(path !== undefined && { path }) });
		await this.#refuseTaken(resolved.path, draft.id);
		const hashes = await catalogue.labels.contentHashes(draft.answers.map(({ id }) => id));
		const contents: LabelContents = {
			path: resolved.path,
			groupId: await this.#knownGroup(resolved.groupId),
			wordings: resolved.wordings,
			synonyms: draft.synonyms ?? resolved.saved?.synonyms ?? [],
			threshold: resolved.threshold,
			enabled: draft.enabled ?? resolved.saved?.enabled ?? true,
			answers: draft.answers.flatMap(({ id, answer }) => {
				const contentHash = hashes.get(id);
				return contentHash === undefined ? [] : [{ contentHash, answer }];
			}),
		};
		const change = await catalogue.labels.save(draft.id, contents);
		onChanged();
		let found = { suggested: 0, withdrawn: 0 };
		if (!contents.enabled) await tagger.withdraw([change.result]);
		else found = await tagger.lookAnew([change.result]);
		const label = asLabel(await this.#record(change.result));
		return { label, changeId: change.changeId, ...found };
	}

	/** @throws Refusal LABELS_UNREADABLE naming the line, NAME_NOT_ALLOWED. */
	async addLines(text: string, group: string | undefined, choose: GroupChoice) {
		const { catalogue, tagger, onChanged } = this.#parts;
		const read = readVocabulary(text, "", group ?? "");
		const problem = read.problems[0];
		if (problem !== undefined) {
			throw new Refusal("LABELS_UNREADABLE", `Line ${problem.line}: ${problem.message}`, {
				field: "text",
			});
		}
		const known = new Set((await catalogue.labels.list()).map((label) => tagKey(label.path)));
		const labels: { id: null; contents: LabelContents }[] = [];
		let passed = 0;
		for (const lines of read.groups) {
			const fresh = lines.labels.filter(({ path }) => !known.has(tagKey(cleanTagPath(path))));
			passed += lines.labels.length - fresh.length;
			if (fresh.length === 0) continue;
			// Lines before the first heading form the group asked for, or none.
			const asked = lines.name === (group ?? "");
			const groupId =
				lines.name === ""
					? null
					: (await catalogue.labels.saveGroup(lines.name, asked ? choose : lines.choose)).result;
			for (const { path, wordings, synonyms } of fresh) {
				const contents = { path: cleanTagPath(path), wordings, synonyms, groupId };
				labels.push({
					id: null,
					contents: { ...contents, threshold: null, enabled: true, answers: [] },
				});
			}
		}
		const title = `New labels ${labels
			.map(({ contents }) => contents.path)
			.slice(0, 3)
			.join(", ")}`;
		const change = await catalogue.labels.saveMany(title, labels);
		if (change.changeId !== null) {
			onChanged();
			tagger.wake();
		}
		const added = await Promise.all(
			change.result.map(async (id) => asLabel(await this.#record(id))),
		);
		return { added, known: passed, changeId: change.changeId };
	}

	/** @throws Refusal LABEL_NOT_FOUND. */
	async remove(id: LabelId): Promise<{ changeId: ChangeId | null }> {
		await this.#record(id);
		const { changeId } = await this.#parts.catalogue.labels.remove([id]);
		await this.#parts.tagger.withdraw([id]);
		this.#parts.onChanged();
		return { changeId };
	}

	async enable(
		labelIds: readonly LabelId[],
		groupIds: readonly LabelGroupId[],
		enabled: boolean,
	): Promise<{ changeId: ChangeId | null }> {
		const { catalogue, tagger, onChanged } = this.#parts;
		const { changeId } = await catalogue.labels.enable(labelIds, groupIds, enabled);
		if (enabled) tagger.wake();
		else {
			const groups = new Set<LabelGroupId | null>(groupIds);
			const ofGroups = (await catalogue.labels.list()).filter(({ groupId }) => groups.has(groupId));
			await tagger.withdraw([...labelIds, ...ofGroups.map(({ id }) => id)]);
		}
		onChanged();
		return { changeId };
	}

	async saveGroup(name: string, choose: GroupChoice) {
		const { catalogue, tagger, onChanged } = this.#parts;
		const { changeId, result } = await catalogue.labels.saveGroup(name, choose);
		const group = (await catalogue.labels.groups()).find(({ id }) => id === result);
		if (group === undefined) throw new Error("The group is gone.");
		if (changeId !== null) {
			onChanged();
			tagger.wake();
		}
		return { group, changeId };
	}

	async #record(id: LabelId): Promise<LabelRecord> {
		const record = await this.#parts.catalogue.labels.get(id);
		if (record === undefined) throw new Refusal("LABEL_NOT_FOUND");
		return record;
	}

	async #knownGroup(id: LabelGroupId | null): Promise<LabelGroupId | null> {
		const groups = await this.#parts.catalogue.labels.groups();
		return groups.some((group) => group.id === id) ? id : null;
	}

	async #refuseTaken(path: string, id: LabelId | null): Promise<void> {
		const { tags, labels } = this.#parts.catalogue;
		const tag = await tags.withPath(path);
		const others = tag === undefined ? [] : await labels.ofTag(tag.id);
		const mine = others.some((label) => label.id === id);
		if (!mine && others.length > 0) {
			throw new Refusal("NAME_TAKEN", `There is a label for ${path} already.`, { field: "path" });
		}
	}
}

/** As clients see it. */
function asLabel({ edited: _, ...label }: LabelRecord): Label {
	return label;
}

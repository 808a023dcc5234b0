/**
 * @file Saved searches: kept, answered again, counted.
 *
 * Counts are made when somebody asks for them and kept until photos change or the day does ("last
 * summer" is another one then): nothing runs by itself, whatever the number of saved searches.
 */
import { Refusal } from "../../contract/errors.ts";
import type { PhotoId, SavedSearchId } from "../../contract/ids.ts";
import { savedSearchesAtMost, savedSearchNameMaxCharacters } from "../../contract/limits.ts";
import {
	type SavedMatches,
	type SavedQuestion,
	type SavedSearch,
	savedQuestionSchema,
} from "../../contract/saved-search.ts";
import type { SearchResult } from "../../contract/search.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { FolderRecord } from "../catalogue/records.ts";
import type { SavedSearchRecord } from "../catalogue/saved-search-table.ts";

/** The form in which questions are stored now. */
const questionVersion = 1;

/** Most searches find fewer than the first; the others are counted up to the last. */
const countedAtMost = [250, 1000, 5000] as const;

export interface SavedSearchParts {
	catalogue: Catalogue;
	/** Answers a question; rejects with a Refusal where it cannot be answered. */
	answer(question: SavedQuestion, limit: number): Promise<SearchResult>;
	/** Throws Refusal INVALID_QUERY where the question cannot be read. */
	check(question: SavedQuestion): void;
	/** Grows when photos change. */
	revision(): number;
	/** Their set, names, order or what is new in them changed. */
	onChanged(): void;
	/** Injectable for tests. */
	now?: () => Date;
}

/** What a question finds. */
type Reading =
	| { problem: null; ids: readonly PhotoId[]; more: boolean; cover: SavedMatches["cover"] }
	| { problem: string };

/** A record whose question this version can read, with the folder it means today. */
interface Resolved {
	record: SavedSearchRecord;
	question: SavedQuestion;
	problem: string | null;
}

export class SavedSearches {
	readonly #parts: SavedSearchParts;
	/** Under way or done, by the question and the state of the library they belong to. */
	readonly #readings = new Map<SavedSearchId, { key: string; reading: Promise<Reading> }>();
	/** The last that was finished, by its question alone. */
	readonly #known = new Map<SavedSearchId, { question: string; reading: Reading }>();

	constructor(parts: SavedSearchParts) {
		this.#parts = parts;
	}

	/** In the person's order. `present` counts again what has changed, `known` never waits. */
	async list(counts: "known" | "present"): Promise<SavedSearch[]> {
		const { catalogue } = this.#parts;
		const records = await catalogue.savedSearches.list();
		const folders = await catalogue.folders.list();
		const listed: SavedSearch[] = [];
		// One after another: a search that someone waits for gets in between.
		for (const record of records) {
			const resolved = resolve(record, folders);
			const reading = counts === "present" ? await this.#read(resolved) : this.#lastOf(resolved);
			listed.push(describe(resolved, reading));
		}
		return listed;
	}

	/** @throws Refusal NAME_NOT_ALLOWED, NAME_TAKEN, TOO_MANY_SAVED, INVALID_QUERY, FOLDER_NOT_FOUND. */
	async save(name: string, question: SavedQuestion): Promise<SavedSearch> {
		if ((await this.#parts.catalogue.savedSearches.list()).length >= savedSearchesAtMost) {
			throw new Refusal(
				"TOO_MANY_SAVED",
				`There are ${savedSearchesAtMost} saved searches, and no more can be kept. Remove one that you no longer need.`,
			);
		}
		const contents = { name: cleanName(name), ...(await this.#contentsOf(question)) };
		const record = await this.#parts.catalogue.savedSearches.add(contents);
		if (record === null) throw nameTaken(contents.name);
		this.#parts.onChanged();
		return this.#describeNow(record);
	}

	/** @throws Refusal as `save`, and SAVED_SEARCH_NOT_FOUND. */
	async update(
		id: SavedSearchId,
		change: { name?: string | undefined; question?: SavedQuestion | undefined },
	): Promise<SavedSearch> {
		const name = change.name === undefined ? undefined : cleanName(change.name);
		const outcome = await this.#parts.catalogue.savedSearches.update(id, {
			...(name !== undefined && { name }),
			...(change.question !== undefined && (await this.#contentsOf(change.question))),
		});
		if (outcome === "name-taken") throw nameTaken(name ?? "");
		const record = await this.#find(id);
		this.#parts.onChanged();
		return this.#describeNow(record);
	}

	/** @throws Refusal SAVED_SEARCH_NOT_FOUND. */
	async remove(id: SavedSearchId): Promise<void> {
		if (!(await this.#parts.catalogue.savedSearches.remove(id))) throw notFound();
		this.#parts.onChanged();
	}

	/** @throws Refusal SAVED_SEARCH_NOT_FOUND, NAME_TAKEN. */
	async restore(id: SavedSearchId): Promise<SavedSearch> {
		const outcome = await this.#parts.catalogue.savedSearches.restore(id);
		if (outcome === "missing") throw notFound();
		if (outcome === "name-taken") {
			throw new Refusal(
				"NAME_TAKEN",
				"Another saved search has its name by now. Rename that one first.",
			);
		}
		this.#parts.onChanged();
		return this.#describeNow(await this.#find(id));
	}

	async reorder(ids: readonly SavedSearchId[]): Promise<void> {
		await this.#parts.catalogue.savedSearches.reorder(ids);
		this.#parts.onChanged();
	}

	/** What it finds now is new no more. @throws Refusal SAVED_SEARCH_NOT_FOUND. */
	async seen(id: SavedSearchId): Promise<void> {
		const record = await this.#find(id);
		const reading = await this.#read(await this.#resolve(record));
		if (reading.problem !== null || isSame(reading.ids, record.seenIds)) return;
		await this.#parts.catalogue.savedSearches.update(id, { seenIds: reading.ids });
		this.#parts.onChanged();
	}

	/** The answer, as it was asked. @throws Refusal SAVED_SEARCH_NOT_FOUND, FOLDER_NOT_FOUND, as a search. */
	async run(id: SavedSearchId, limit: number): Promise<SearchResult> {
		const { question, problem } = await this.#resolve(await this.#find(id));
		if (problem !== null) throw new Refusal("FOLDER_NOT_FOUND", problem);
		return this.#parts.answer(question, limit);
	}

	async #contentsOf(question: SavedQuestion) {
		if (question.examples.some(({ source }) => source.kind === "picture")) {
			throw new Refusal(
				"NOT_SUPPORTED",
				"A search by a picture from outside the library cannot be saved. Add the picture to the library and search by it there.",
			);
		}
		this.#parts.check(question);
		const { folderId } = question;
		const folder =
			folderId === null ? undefined : await this.#parts.catalogue.folders.get(folderId);
		if (folderId !== null && folder === undefined) throw new Refusal("FOLDER_NOT_FOUND");
		const reading = await this.#count(question);
		return {
			questionVersion,
			question,
			folderPath: folder?.lastPath ?? null,
			seenIds: reading.problem === null ? reading.ids : [],
		};
	}

	async #find(id: SavedSearchId): Promise<SavedSearchRecord> {
		const record = await this.#parts.catalogue.savedSearches.get(id);
		if (record === undefined) throw notFound();
		return record;
	}

	async #resolve(record: SavedSearchRecord): Promise<Resolved> {
		return resolve(record, await this.#parts.catalogue.folders.list());
	}

	async #describeNow(record: SavedSearchRecord): Promise<SavedSearch> {
		const resolved = await this.#resolve(record);
		return describe(resolved, await this.#read(resolved));
	}

	#lastOf({ record, question, problem }: Resolved): Reading | null {
		if (problem !== null) return { problem };
		const known = this.#known.get(record.id);
		return known?.question === JSON.stringify(question) ? known.reading : null;
	}

	#read({ record, question, problem }: Resolved): Promise<Reading> {
		if (problem !== null) return Promise.resolve({ problem });
		const now = (this.#parts.now ?? (() => new Date()))();
		const asked = JSON.stringify(question);
		const key = `${this.#parts.revision()} ${now.toDateString()} ${asked}`;
		const before = this.#readings.get(record.id);
		if (before?.key === key) return before.reading;
		const reading = this.#count(question).then((found) => {
			this.#known.set(record.id, { question: asked, reading: found });
			return found;
		});
		this.#readings.set(record.id, { key, reading });
		reading.catch(() => this.#readings.delete(record.id));
		return reading;
	}

	async #count(question: SavedQuestion): Promise<Reading> {
		try {
			const [first, ...others] = countedAtMost;
			let found = await this.#countUpTo(question, first);
			for (const limit of others) if (found.more) found = await this.#countUpTo(question, limit);
			return found;
		} catch (error) {
			if (error instanceof Refusal) return { problem: error.message };
			throw error;
		}
	}

	async #countUpTo(question: SavedQuestion, limit: number) {
		const byRelevance = { ...question, order: "relevance", grouping: "none" } as const;
		const { hits } = await this.#parts.answer(byRelevance, limit);
		const matches = hits.filter((hit) => hit.band !== "rest");
		const shown = matches.find(({ version }) => version > 0);
		return {
			problem: null,
			ids: matches.map(({ id }) => id),
			more: matches.length === hits.length && hits.length >= limit,
			cover: shown === undefined ? null : { id: shown.id, version: shown.version },
		};
	}
}

/**
 * A folder that was removed and added again has another id and the same place. A question that this
 * version cannot read stays as it is, with a word on why.
 */
function resolve(record: SavedSearchRecord, folders: readonly FolderRecord[]): Resolved {
	const read = savedQuestionSchema.safeParse(record.question);
	if (!read.success || record.questionVersion > questionVersion) {
		const question = savedQuestionSchema.parse({ query: record.name, strictness: 0 });
		const problem = "A newer Afterimage saved this search. Update Afterimage to use it.";
		return { record, question, problem };
	}
	const question = read.data;
	if (question.folderId === null) return { record, question, problem: null };
	const folder =
		folders.find(({ id }) => id === question.folderId) ??
		folders.find(({ lastPath }) => lastPath === record.folderPath);
	if (folder !== undefined) {
		return { record, question: { ...question, folderId: folder.id }, problem: null };
	}
	const problem = `The folder it searches is no longer in the library: ${record.folderPath}`;
	return { record, question, problem };
}

function describe({ record, question }: Resolved, reading: Reading | null): SavedSearch {
	const { id, name, seenIds } = record;
	if (reading === null) return { id, name, question, matches: null, problem: null };
	if (reading.problem !== null) {
		return { id, name, question, matches: null, problem: reading.problem };
	}
	const { ids, more, cover } = reading;
	return {
		id,
		name,
		question,
		matches: { count: ids.length, more, fresh: countFresh(ids, more, seenIds), cover },
		problem: null,
	};
}

/**
 * Where not all matches were counted, one that was beyond the counted ones before may be among them
 * now. It is no news then, unless the photo itself came later than all that was seen.
 */
function countFresh(ids: readonly PhotoId[], more: boolean, seen: ReadonlySet<PhotoId>): number {
	const unseen = ids.filter((id) => !seen.has(id));
	if (!more) return unseen.length;
	let latest = 0;
	for (const id of seen) latest = Math.max(latest, id);
	return unseen.filter((id) => id > latest).length;
}

function isSame(ids: readonly PhotoId[], seen: ReadonlySet<PhotoId>): boolean {
	return ids.length === seen.size && ids.every((id) => seen.has(id));
}

/** @throws Refusal NAME_NOT_ALLOWED. */
function cleanName(name: string): string {
	const clean = name.normalize("NFC").replace(/\s+/gu, " ").trim();
	const refuse = (message: string) => new Refusal("NAME_NOT_ALLOWED", message, { field: "name" });
	if (clean === "") throw refuse("Give the search a name.");
	// Characters that nobody sees, and those that turn the direction of what stands beside them.
	if (/\p{Cc}|[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u.test(clean)) {
		throw refuse("A name cannot have invisible characters in it.");
	}
	const characters = [...clean].length;
	if (characters > savedSearchNameMaxCharacters) {
		throw refuse(
			`A name can have ${savedSearchNameMaxCharacters} characters; this one has ${characters}.`,
		);
	}
	return clean;
}

function nameTaken(name: string): Refusal {
	return new Refusal(
		"NAME_TAKEN",
		`There is a saved search named “${name}” already. Choose another name, or update that one.`,
		{ field: "name" },
	);
}

function notFound(): Refusal {
	return new Refusal("SAVED_SEARCH_NOT_FOUND");
}

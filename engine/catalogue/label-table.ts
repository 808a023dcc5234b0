/** @file Labels, their groups and the answers they learn from. */
import { Refusal } from "../../contract/errors.ts";
import type { LabelGroupId, LabelId, PhotoId, TagId } from "../../contract/ids.ts";
import type { Answer, GroupChoice, LabelOrigin } from "../../contract/label.ts";
import type { Connection } from "./connection.ts";
import { tagKey } from "./file-tags.ts";
import { type RecordedChange, recordedChanges } from "./recorded-changes.ts";

export interface LabelRecord {
	id: LabelId;
	tagId: TagId;
	path: string;
	groupId: LabelGroupId | null;
	origin: LabelOrigin;
	wordings: string[];
	synonyms: string[];
	/** Null: automatic. */
	threshold: number | null;
	enabled: boolean;
	version: number;
	/** A label of a vocabulary that the person has changed: the file's line no longer counts. */
	edited: boolean;
	yes: number;
	no: number;
}

export interface LabelGroupRecord {
	id: LabelGroupId;
	name: string;
	choose: GroupChoice;
	origin: LabelOrigin;
	enabled: boolean;
	labels: number;
}

/** A group as the vocabulary's files have it. */
export interface VocabularyGroup {
	name: string;
	choose: GroupChoice;
	labels: readonly { path: string; wordings: string[]; synonyms: string[] }[];
}

/** All of a label but its id; answers that are not named stay, null takes one back. */
export interface LabelContents {
	path: string;
	groupId: LabelGroupId | null;
	wordings: readonly string[];
	synonyms: readonly string[];
	threshold: number | null;
	enabled: boolean;
	answers: readonly { contentHash: string; answer: Answer | null }[];
}

/** Every change but `matchVocabularies` can be undone through the tags' changes. */
export interface LabelTable {
	groups(): Promise<LabelGroupRecord[]>;
	/** By path. */
	list(): Promise<LabelRecord[]>;
	get(id: LabelId): Promise<LabelRecord | undefined>;
	ofTag(id: TagId): Promise<LabelRecord[]>;
	answers(id: LabelId): Promise<{ contentHash: string; answer: Answer }[]>;
	/** The first searchable photo with each of these contents. */
	photosOf(contentHashes: readonly string[]): Promise<Map<string, PhotoId>>;
	contentHashes(ids: readonly PhotoId[]): Promise<Map<PhotoId, string>>;
	/**
	 * Adds what is new in the vocabularies' files and follows changed lines, but not over what the person
	 * edited. Returns whether anything changed.
	 */
	matchVocabularies(groups: readonly VocabularyGroup[]): Promise<boolean>;
	/** New when `id` is null; its tag and the tags above it are made. */
	save(id: LabelId | null, contents: LabelContents): Promise<RecordedChange<LabelId>>;
	/** Several at once, as one change. */
	saveMany(
		title: string,
		labels: readonly { id: LabelId | null; contents: LabelContents }[],
	): Promise<RecordedChange<LabelId[]>>;
	/** Own labels go; those of a vocabulary are switched off. */
	remove(ids: readonly LabelId[]): Promise<RecordedChange<null>>;
	enable(
		labelIds: readonly LabelId[],
		groupIds: readonly LabelGroupId[],
		enabled: boolean,
	): Promise<RecordedChange<null>>;
	/** Makes a group, or changes the one of that name. */
	saveGroup(name: string, choose: GroupChoice): Promise<RecordedChange<LabelGroupId>>;
}

interface LabelRow {
	id: LabelId;
	tag_id: TagId;
	path: string;
	group_id: LabelGroupId | null;
	origin: LabelOrigin;
	wordings: string;
	synonyms: string;
	threshold: number | null;
	enabled: number;
	version: number;
	edited: number;
	yes: number;
	no: number;
}

const labelRows = `select labels.id, tag_id, path, group_id, labels.origin, wordings, synonyms, threshold,
	enabled, version, edited,
	(select count(*) from label_answers where label_id = labels.id and answer = 'yes') as yes,
	(select count(*) from label_answers where label_id = labels.id and answer = 'no') as no
	from labels join tags on tags.id = tag_id`;
const groupRows = `select id, name, choose, origin, enabled,
	(select count(*) from labels where group_id = label_groups.id) as labels from label_groups`;

/** The labels of an open database. */
export function labelTable(connection: Connection): LabelTable {
	const changes = recordedChanges(connection);
	const all = connection.prepare<LabelRow>(`${labelRows} order by path_key, labels.id`);
	const one = connection.prepare<LabelRow>(`${labelRows} where labels.id = ?`);
	const ofTag = connection.prepare<{ id: LabelId }>("select id from labels where tag_id = ?");
	const ofVocabulary = connection.prepare<{ id: LabelId; edited: number }>(
		"select id, edited from labels where vocabulary_key = ?",
	);
	const tagRow = connection.prepare<{ id: TagId }>("select id from tags where path_key = ?");
	const addTag = connection.prepare(
		"insert into tags (path, path_key, origin) values (?, ?, ?) on conflict do nothing",
	);
	const groups = connection.prepare<GroupRow>(`${groupRows} order by origin, name_key`);
	const group = connection.prepare<GroupRow>(`${groupRows} where name_key = ?`);
	const addGroup = connection.prepare(
		`insert into label_groups (name, name_key, choose, origin, enabled) values (?, ?, ?, ?, 1)
		on conflict (name_key) do update set choose = excluded.choose, origin = excluded.origin
		where choose <> excluded.choose and (origin = 'vocabulary' or excluded.origin = 'own')`,
	);
	const insert = connection.prepare(
		`insert into labels (tag_id, group_id, origin, vocabulary_key, wordings, synonyms, threshold, enabled)
		values (?, ?, ?, ?, ?, ?, ?, 1)`,
	);
	const update = connection.prepare(
		`update labels set tag_id = ?, group_id = ?, wordings = ?, synonyms = ?, threshold = ?,
		enabled = ?, version = version + ?, edited = 1 where id = ?`,
	);
	const follow = connection.prepare(
		`update labels set group_id = ?, version = version + (wordings <> ?), wordings = ?, synonyms = ?
		where id = ? and (group_id is not ? or wordings <> ? or synonyms <> ?)`,
	);
	const answersOf = connection.prepare<{ contentHash: string; answer: Answer }>(
		`select content_hash as contentHash, answer from label_answers where label_id = ?
		order by content_hash`,
	);
	const putAnswer = connection.prepare(
		`insert into label_answers (label_id, content_hash, answer, answered_at_ms) values (?, ?, ?, ?)
		on conflict (label_id, content_hash) do update set answer = excluded.answer
		where answer <> excluded.answer`,
	);
	const dropAnswer = connection.prepare(
		"delete from label_answers where label_id = ? and content_hash = ?",
	);
	const photoOf = connection.prepare<{ id: PhotoId }>(
		"select id from photos where content_hash = ? and state = 'searchable' order by id limit 1",
	);
	const hashOf = connection.prepare<{ hash: string | null }>(
		"select content_hash as hash from photos where id = ?",
	);
	const drop = connection.prepare("delete from labels where id = ?");
	const withdraw = connection.prepare(
		"delete from photo_tags where label_id = ? and state = 'suggested'",
	);
	const switchLabel = connection.prepare(
		"update labels set enabled = ?1, version = version + 1 where id = ?2 and enabled <> ?1",
	);
	const switchGroup = connection.prepare("update label_groups set enabled = ? where id = ?");
	const renew = connection.prepare("update labels set version = version + 1 where group_id = ?");

	const ensureTag = (path: string, origin: LabelOrigin): TagId => {
		const parts = path.split("/");
		let id: TagId | undefined;
		for (let count = 1; count <= parts.length; count += 1) {
			const part = parts.slice(0, count).join("/");
			addTag.run(part, tagKey(part), origin === "own" ? "person" : "vocabulary");
			id = tagRow.get(tagKey(part))?.id;
		}
		if (id === undefined) throw new Error("the database did not return the tag it added");
		return id;
	};
	const record = (id: LabelId): LabelRecord => {
		const row = one.get(id);
		if (row === undefined) throw new Refusal("LABEL_NOT_FOUND");
		return toRecord(row);
	};
	const answer = (id: LabelId, answers: LabelContents["answers"]): number => {
		let changed = 0;
		for (const { contentHash, answer } of answers) {
			changed +=
				answer === null
					? dropAnswer.run(id, contentHash).changes
					: putAnswer.run(id, contentHash, answer, Date.now()).changes;
		}
		return changed;
	};
	const create = (contents: LabelContents): LabelId => {
		const { lastId } = insert.run(
			ensureTag(contents.path, "own"),
			contents.groupId,
			"own",
			null,
			JSON.stringify(contents.wordings),
			JSON.stringify(contents.synonyms),
			contents.threshold,
		);
		const id = lastId as LabelId;
		answer(id, contents.answers);
		if (!contents.enabled) switchLabel.run(0, id);
		return id;
	};
	const alter = (id: LabelId, contents: LabelContents): LabelId => {
		const before = record(id);
		const isMoved = tagKey(contents.path) !== tagKey(before.path);
		const tagId = isMoved ? ensureTag(contents.path, "own") : before.tagId;
		const [wordings, synonyms] = [
			JSON.stringify(contents.wordings),
			JSON.stringify(contents.synonyms),
		];
		const answered = answer(id, contents.answers);
		const scoresAlike =
			answered === 0 &&
			!isMoved &&
			contents.groupId === before.groupId &&
			wordings === JSON.stringify(before.wordings) &&
			contents.threshold === before.threshold &&
			contents.enabled === before.enabled;
		if (scoresAlike && synonyms === JSON.stringify(before.synonyms)) return id;
		if (isMoved) withdraw.run(id);
		const { groupId, threshold, enabled } = contents;
		const grown = scoresAlike ? 0 : 1;
		update.run(tagId, groupId, wordings, synonyms, threshold, enabled ? 1 : 0, grown, id);
		return id;
	};
	/** Returns how many rows changed. */
	const match = (
		{ path, ...rest }: VocabularyGroup["labels"][number],
		groupId: LabelGroupId | null,
	): number => {
		const [wordings, synonyms] = [JSON.stringify(rest.wordings), JSON.stringify(rest.synonyms)];
		const key = tagKey(path);
		const known = ofVocabulary.get(key);
		if (known?.edited === 1) return 0;
		if (known !== undefined) {
			const { id } = known;
			return follow.run(groupId, wordings, wordings, synonyms, id, groupId, wordings, synonyms)
				.changes;
		}
		const tagId = ensureTag(path, "vocabulary");
		// A label of the person's own is not doubled.
		if (ofTag.get(tagId) !== undefined) return 0;
		return insert.run(tagId, groupId, "vocabulary", key, wordings, synonyms, null).changes;
	};
	const save = (id: LabelId | null, contents: LabelContents) =>
		id === null ? create(contents) : alter(id, contents);

	return {
		async groups() {
			return groups.all().map(toGroup);
		},
		async list() {
			return all.all().map(toRecord);
		},
		async get(id) {
			const row = one.get(id);
			return row === undefined ? undefined : toRecord(row);
		},
		async ofTag(id) {
			return ofTag.all(id).map((row) => record(row.id));
		},
		async answers(id) {
			return answersOf.all(id);
		},
		async photosOf(contentHashes) {
			return new Map(
				contentHashes.flatMap((hash) => {
					const photo = photoOf.get(hash);
					return photo === undefined ? [] : [[hash, photo.id] as const];
				}),
			);
		},
		async contentHashes(ids) {
			return new Map(
				ids.flatMap((id) => {
					const hash = hashOf.get(id)?.hash ?? null;
					return hash === null ? [] : [[id, hash] as const];
				}),
			);
		},
		async matchVocabularies(wanted) {
			return connection.transaction(() => {
				let changes = 0;
				for (const { name, choose, labels } of wanted) {
					changes += addGroup.run(name, tagKey(name), choose, "vocabulary").changes;
					const groupId = group.get(tagKey(name))?.id ?? null;
					for (const label of labels) changes += match(label, groupId);
				}
				return changes > 0;
			});
		},
		async save(id, contents) {
			const title = id === null ? `New label ${contents.path}` : `Change label ${contents.path}`;
			return changes.record(title, () => save(id, contents));
		},
		async saveMany(title, labels) {
			return changes.record(title, () => labels.map(({ id, contents }) => save(id, contents)));
		},
		async remove(ids) {
			const names = ids.map((id) => record(id).path).join(", ");
			return changes.record(`Remove label ${names}`, () => {
				for (const id of ids) {
					withdraw.run(id);
					if (record(id).origin === "own") drop.run(id);
					else switchLabel.run(0, id);
				}
				return null;
			});
		},
		async enable(labelIds, groupIds, enabled) {
			return changes.record(enabled ? "Switch labels on" : "Switch labels off", () => {
				for (const id of labelIds) switchLabel.run(enabled ? 1 : 0, id);
				for (const id of groupIds) {
					switchGroup.run(enabled ? 1 : 0, id);
					renew.run(id);
				}
				return null;
			});
		},
		async saveGroup(name, choose) {
			return changes.record(`Save group ${name}`, () => {
				const before = group.get(tagKey(name));
				if (before?.choose !== choose) addGroup.run(name, tagKey(name), choose, "own");
				if (before !== undefined && before.choose !== choose) renew.run(before.id);
				const saved = group.get(tagKey(name));
				if (saved === undefined) throw new Error("the database did not return the group it added");
				return saved.id;
			});
		},
	};
}

interface GroupRow {
	id: LabelGroupId;
	name: string;
	choose: GroupChoice;
	origin: LabelOrigin;
	enabled: number;
	labels: number;
}

function toGroup({ enabled, ...row }: GroupRow): LabelGroupRecord {
	return { ...row, enabled: enabled === 1 };
}

function toRecord(row: LabelRow): LabelRecord {
	return {
		id: row.id,
		tagId: row.tag_id,
		path: row.path,
		groupId: row.group_id,
		origin: row.origin,
		// Written by this file alone.
		wordings: JSON.parse(row.wordings) as string[],
		synonyms: JSON.parse(row.synonyms) as string[],
		threshold: row.threshold,
		enabled: row.enabled === 1,
		version: row.version,
		edited: row.edited === 1,
		yes: row.yes,
		no: row.no,
	};
}

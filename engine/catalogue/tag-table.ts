/** @file Tags, which photos have them, and what is suggested. */
import type { ChangeId, EncoderId, LabelId, PhotoId, TagId } from "../../contract/ids.ts";
import type {
	PastChange,
	PhotoTag,
	SelectionTag,
	Tag,
	TagOrigin,
	TagPhotos,
	TagState,
} from "../../contract/tag.ts";
import type { Connection } from "./connection.ts";
import { ensureEncoder } from "./encoder-row.ts";
import { tagKey } from "./file-tags.ts";
import { type RecordedChange, recordedChanges } from "./recorded-changes.ts";
import { suggestionWriting } from "./suggestion-writing.ts";
import { tagReading } from "./tag-reading.ts";
import { type TagRecord, tagRows } from "./tag-rows.ts";

/** What a label found for one photo. */
export interface Suggestion {
	tagId: TagId;
	photoId: PhotoId;
	confidence: number;
	labelId: LabelId;
	labelVersion: number;
}

/** Which suggestions are decided. */
export type SuggestionChoice =
	| { type: "chosen"; pairs: readonly { id: PhotoId; tagId: TagId }[] }
	| { type: "of-tag"; tagId: TagId; ids?: readonly PhotoId[] | undefined; atLeast: number }
	| { type: "of-photos"; ids: readonly PhotoId[] };

/** A photo's tag as it stands in a CSV file. */
export interface TagExportRow {
	photoId: PhotoId;
	path: string;
	state: TagState;
	source: string;
	confidence: number | null;
	labelVersion: number | null;
	encoder: string | null;
}

/** The tags' part of the catalogue. Changes that name a title can be undone. */
export interface TagTable {
	list(empty: boolean): Promise<Tag[]>;
	get(id: TagId): Promise<TagRecord | undefined>;
	withPath(path: string): Promise<TagRecord | undefined>;
	ofPhoto(id: PhotoId): Promise<PhotoTag[]>;
	ofPhotos(ids: readonly PhotoId[]): Promise<SelectionTag[]>;
	photos(id: TagId, state: TagState, below: boolean, limit: number): Promise<TagPhotos>;
	/** Every tag of these states on photos with an id above `after`, by photo, a page at a time. */
	exportRows(states: readonly TagState[], after: number): Promise<TagExportRow[]>;
	/** Paths are as `tagger/tag-path.ts` leaves them. */
	create(paths: readonly string[], origin: TagOrigin): Promise<RecordedChange<TagId[]>>;
	apply(
		ids: readonly PhotoId[],
		add: readonly string[],
		remove: readonly string[],
	): Promise<RecordedChange<null>>;
	/** Also returns what was decided, as far as a label had suggested it. */
	decide(
		decision: "accept" | "reject",
		choice: SuggestionChoice,
		teach: boolean,
	): Promise<RecordedChange<LabelId[]>>;
	/** Null, with nothing written, when another tag has a path that would come about. */
	rename(id: TagId, path: string): Promise<RecordedChange<null> | null>;
	merge(from: readonly TagId[], into: TagId): Promise<RecordedChange<null>>;
	remove(ids: readonly TagId[]): Promise<RecordedChange<null>>;
	undo(id: ChangeId): Promise<(RecordedChange<null> & { skipped: number }) | null>;
	changes(limit: number): Promise<PastChange[]>;
	/**
	 * These are all the suggestions that these labels have for these photos (null: for all); what they
	 * suggested besides is withdrawn. Decided and rejected ones are left alone. Not undone by `undo`.
	 */
	replaceSuggestions(
		encoderKey: EncoderId | string,
		labelIds: readonly LabelId[],
		photoIds: readonly PhotoId[] | null,
		suggestions: readonly Suggestion[],
	): Promise<{ suggested: number; withdrawn: number }>;
}

/** The tags of an open database. */
export function tagTable(connection: Connection): TagTable {
	const changes = recordedChanges(connection);
	const rows = tagRows(connection);
	const give = connection.prepare(
		`insert into photo_tags (tag_id, photo_id, state, source, decided_at_ms)
		select ?1, id, 'accepted', 'person', ?3 from photos where id = ?2
		on conflict (tag_id, photo_id) do update set state = 'accepted', decided_at_ms = ?3,
			source = iif(state = 'suggested', source, 'person') where state <> 'accepted'`,
	);
	const take = connection.prepare(
		`update photo_tags set state = 'rejected', source = 'person', decided_at_ms = ?3
		where tag_id = ?1 and photo_id = ?2 and state <> 'rejected'`,
	);
	const forbid = connection.prepare(
		`insert into rejected_contents (tag_id, content_hash)
		select ?1, content_hash from photos where id = ?2 and content_hash is not null
		on conflict do nothing`,
	);
	const withdrawFromCopies = connection.prepare(
		`delete from photo_tags where tag_id = ?1 and state = 'suggested' and photo_id in
		(select id from photos where content_hash = (select content_hash from photos where id = ?2))`,
	);
	const allow = connection.prepare(
		`delete from rejected_contents where tag_id = ?1
		and content_hash = (select content_hash from photos where id = ?2)`,
	);
	const decide = connection.prepare(
		`update photo_tags set state = ?3, decided_at_ms = ?4
		where tag_id = ?1 and photo_id = ?2 and state = 'suggested'`,
	);
	const teach = connection.prepare(
		`insert into label_answers (label_id, content_hash, answer, answered_at_ms)
		select label_id, content_hash, ?3, ?4 from photo_tags join photos on photos.id = photo_id
		where tag_id = ?1 and photo_id = ?2 and content_hash is not null
			and label_id in (select id from labels)
		on conflict (label_id, content_hash) do update set answer = ?3, answered_at_ms = ?4
		returning label_id`,
	);
	const labelChanged = connection.prepare("update labels set version = version + 1 where id = ?");
	const ofTag = connection.prepare<{ id: PhotoId }>(
		`select photo_id as id from photo_tags
		where tag_id = ? and state = 'suggested' and coalesce(confidence, 1) >= ?`,
	);
	const suggestedOf = connection.prepare<{ tagId: TagId }>(
		"select tag_id as tagId from photo_tags where photo_id = ? and state = 'suggested'",
	);
	const move = connection.prepare("update tags set path = ?, path_key = ? where id = ?");
	// Accepted on either side wins, then a no, then the surer suggestion.
	const pour = connection.prepare(
		`insert into photo_tags (tag_id, photo_id, state, source, confidence, label_id, label_version, encoder_id, decided_at_ms)
		select ?2, photo_id, state, source, confidence, label_id, label_version, encoder_id, decided_at_ms
		from photo_tags where tag_id = ?1
		on conflict (tag_id, photo_id) do update set state = excluded.state, source = excluded.source,
			confidence = excluded.confidence, label_id = excluded.label_id,
			label_version = excluded.label_version, encoder_id = excluded.encoder_id,
			decided_at_ms = excluded.decided_at_ms
		where (excluded.state = 'accepted' and photo_tags.state <> 'accepted')
			or (excluded.state = 'rejected' and photo_tags.state = 'suggested')
			or (excluded.state = 'suggested' and photo_tags.state = 'suggested'
				and excluded.confidence > photo_tags.confidence)`,
	);
	const pourRejections = connection.prepare(
		`insert into rejected_contents (tag_id, content_hash)
		select ?2, content_hash from rejected_contents where tag_id = ?1 on conflict do nothing`,
	);
	// See [Note: Remembered decisions].
	const pourRemembered = connection.prepare(
		`insert into remembered_tags (content_hash, tag_id, source, decided_at_ms)
		select content_hash, ?2, source, decided_at_ms from remembered_tags where tag_id = ?1
		on conflict do nothing`,
	);
	const forgetRemembered = connection.prepare("delete from remembered_tags where tag_id = ?");
	const relabel = connection.prepare("update labels set tag_id = ?2 where tag_id = ?1");
	const drop = connection.prepare("delete from tags where id = ?");
	const dropOwnLabels = connection.prepare(
		"delete from labels where tag_id = ? and origin = 'own'",
	);
	const switchOff = connection.prepare(
		"update labels set enabled = 0, version = version + 1 where tag_id = ?",
	);
	const empty = connection.prepare("delete from photo_tags where tag_id = ?");
	const hide = connection.prepare("update tags set origin = 'vocabulary' where id = ?");
	const hasLabel = connection.prepare<{ id: number }>("select id from labels where tag_id = ?");

	/** A no holds for the picture, under whatever names it is there. */
	const reject = (tagId: TagId, id: PhotoId) => {
		forbid.run(tagId, id);
		withdrawFromCopies.run(tagId, id);
	};
	const named = (ids: readonly TagId[]) =>
		ids.map((id) => rows.get(id)?.path ?? "").filter((path) => path !== "");
	const choose = (choice: SuggestionChoice): { id: PhotoId; tagId: TagId }[] => {
		if (choice.type === "chosen") return [...choice.pairs];
		if (choice.type === "of-photos")
			return choice.ids.flatMap((id) => suggestedOf.all(id).map(({ tagId }) => ({ id, tagId })));
		const { tagId, atLeast } = choice;
		const wanted = choice.ids === undefined ? null : new Set(choice.ids);
		return ofTag
			.all(tagId, atLeast)
			.flatMap(({ id }) => (wanted === null || wanted.has(id) ? { id, tagId } : []));
	};

	return {
		...tagReading(connection),
		async get(id) {
			return rows.get(id);
		},
		async withPath(path) {
			return rows.withPath(path);
		},
		async create(paths, origin) {
			return changes.record(`New tags`, () => paths.map((path) => rows.ensure(path, origin)));
		},
		async apply(ids, add, remove) {
			const title = [
				...add.map((path) => `Add ${path}`),
				...remove.map((path) => `Remove ${path}`),
			];
			return changes.record(title.slice(0, 3).join(", "), () => {
				const now = Date.now();
				for (const tagId of add.map((path) => rows.ensure(path, "person"))) {
					for (const id of ids) {
						if (give.run(tagId, id, now).changes > 0) allow.run(tagId, id);
					}
				}
				for (const path of remove) {
					const tag = rows.withPath(path);
					if (tag === undefined) continue;
					for (const id of ids) {
						if (take.run(tag.id, id, now).changes > 0) reject(tag.id, id);
					}
				}
				return null;
			});
		},
		async decide(decision, choice, teaching) {
			const pairs = choose(choice);
			const tags = named([...new Set(pairs.map(({ tagId }) => tagId))].slice(0, 3));
			const verb = decision === "accept" ? "Accept" : "Reject";
			return changes.record(`${verb} ${tags.join(", ")}`, () => {
				const now = Date.now();
				const taught = new Set<LabelId>();
				const accepted = new Set<TagId>();
				const rejected: typeof pairs = [];
				for (const { id, tagId } of pairs) {
					const state = decision === "accept" ? "accepted" : "rejected";
					if (decide.run(tagId, id, state, now).changes === 0) continue;
					if (decision === "reject") rejected.push({ id, tagId });
					else accepted.add(tagId);
					if (!teaching) continue;
					const answer = decision === "accept" ? "yes" : "no";
					for (const [labelId] of teach.allRaw(tagId, id, answer, now))
						taught.add(labelId as LabelId);
				}
				// Only now: copies among the chosen are to be rejected, not forgotten.
				for (const { id, tagId } of rejected) reject(tagId, id);
				for (const id of taught) labelChanged.run(id);
				for (const path of named([...accepted])) rows.ensure(path, "person");
				return [...taught];
			});
		},
		async rename(id, path) {
			const tag = rows.get(id);
			if (tag === undefined) return null;
			const moved = rows.family(tag.path);
			const own = new Set(moved.map((row) => row.id));
			const target = (row: TagRecord) => path + row.path.slice(tag.path.length);
			const taken = moved.some((row) => {
				const holder = rows.withPath(target(row));
				return holder !== undefined && !own.has(holder.id);
			});
			if (taken) return null;
			return changes.record(`Rename ${tag.path} to ${path}`, () => {
				// Out of the way first, so that paths among the moved cannot meet.
				for (const row of moved) move.run(row.path, `\u0000${row.id}`, row.id);
				const parent = path.split("/").slice(0, -1).join("/");
				if (parent !== "") rows.ensure(parent, "person");
				for (const row of moved) move.run(target(row), tagKey(target(row)), row.id);
				rows.adopt(id);
				return null;
			});
		},
		async merge(from, into) {
			return changes.record(`Merge ${named(from).join(", ")} into ${named([into])}`, () => {
				for (const id of from) {
					const tag = rows.get(id);
					const target = rows.get(into);
					if (tag === undefined || target === undefined || id === into) continue;
					for (const row of rows.family(tag.path)) {
						const path = target.path + row.path.slice(tag.path.length);
						const holder = row.id === id ? target : rows.withPath(path);
						if (holder === undefined) {
							move.run(path, tagKey(path), row.id);
							continue;
						}
						pour.run(row.id, holder.id);
						pourRejections.run(row.id, holder.id);
						pourRemembered.run(row.id, holder.id);
						relabel.run(row.id, holder.id);
						drop.run(row.id);
					}
					rows.adopt(into);
				}
				return null;
			});
		},
		async remove(ids) {
			return changes.record(`Delete ${named(ids).slice(0, 3).join(", ")}`, () => {
				for (const id of ids) {
					const tag = rows.get(id);
					for (const row of tag === undefined ? [] : rows.family(tag.path).reverse()) {
						dropOwnLabels.run(row.id);
						switchOff.run(row.id);
						empty.run(row.id);
						forgetRemembered.run(row.id);
						if (hasLabel.get(row.id) === undefined) drop.run(row.id);
						else hide.run(row.id);
					}
				}
				return null;
			});
		},
		async undo(id) {
			return changes.undo(id);
		},
		async changes(limit) {
			return changes.list(limit);
		},
		replaceSuggestions: suggestionWriting(connection, (key) => ensureEncoder(connection, key)),
	};
}

/** @file Writing into photo files: which are left alone, and photos that go on under other bytes. See [Note: Rewritten photos]. */
import type { PhotoId } from "../../contract/ids.ts";
import type { Connection } from "./connection.ts";
import type { FoundFile } from "./records.ts";

/** A file that is perhaps replaced. */
export interface PendingWrite {
	id: PhotoId;
	fromHash: string;
	toHash: string;
}

export interface PhotoWriteTable {
	/** Why the photo's file is left alone; null when it is not, or has other bytes than those that were refused. */
	leftAlone(id: PhotoId, contentHash: string): Promise<"refused" | "restored" | null>;
	refuse(id: PhotoId, contentHash: string, reason: string): Promise<void>;
	/** With the reason; the last ones first. */
	refused(count: number): Promise<{ id: PhotoId; reason: string }[]>;
	/** Nothing keeps these photos from being written any more; all of them where none is named. */
	forget(id?: PhotoId): Promise<void>;
	/** The untouched file that these bytes were made from; null for bytes that are not ours. */
	originalOf(contentHash: string): Promise<string | null>;
	/** Photos whose file goes back to an untouched one. */
	withOriginal(): Promise<PhotoId[]>;
	/** The same, each with the untouched file that it goes back to. */
	photosOfOriginals(): Promise<{ id: PhotoId; originalHash: string }[]>;
	/** These bytes go back to nothing, because what they went back to is no longer kept. */
	forgetOriginal(writtenHash: string): Promise<void>;
	/** Said before the file is replaced. `originalHash` is null when the untouched file itself comes back. */
	begin(write: PendingWrite, originalHash: string | null): Promise<void>;
	/** The file is replaced: the photo goes on under the new bytes. `isRestored`: and is left alone from now on. */
	finish(write: PendingWrite, file: FoundFile, isRestored: boolean): Promise<void>;
	/** Left by a process that was killed. */
	pending(): Promise<PendingWrite[]>;
}

/** Copies what is kept by content, so that it holds for the new bytes too. */
const carriedOver = [
	`insert into rejected_contents (tag_id, content_hash)
	select tag_id, ?2 from rejected_contents where content_hash = ?1 on conflict do nothing`,
	`insert into label_answers (label_id, content_hash, answer, answered_at_ms)
	select label_id, ?2, answer, answered_at_ms from label_answers where content_hash = ?1
	on conflict do nothing`,
	`insert into recognised_texts
		(content_hash, reader, lines, failure_reason, failure_message, attempts, read_at_ms)
	select ?2, reader, lines, failure_reason, failure_message, attempts, read_at_ms
	from recognised_texts where content_hash = ?1 on conflict do nothing`,
	`insert into contents_apart (first_hash, second_hash)
	select min(?2, iif(first_hash = ?1, second_hash, first_hash)),
		max(?2, iif(first_hash = ?1, second_hash, first_hash))
	from contents_apart where (first_hash = ?1 or second_hash = ?1) and ?2 not in (first_hash, second_hash)
	on conflict do nothing`,
];

/** The photo writes of an open database. */
export function photoWriteTable(connection: Connection): PhotoWriteTable {
	const state = connection.prepare<{
		state: "refused" | "restored" | "pending";
		fromHash: string | null;
	}>("select state, from_hash as fromHash from photo_writes where photo_id = ?");
	const put = connection.prepare(
		`insert into photo_writes (photo_id, state, reason, from_hash, to_hash)
		select id, ?2, ?3, ?4, ?5 from photos where id = ?1
		on conflict (photo_id) do update set state = ?2, reason = ?3, from_hash = ?4, to_hash = ?5`,
	);
	const forgetOne = connection.prepare("delete from photo_writes where photo_id = ?");
	const refused = connection.prepare<{ id: PhotoId; reason: string }>(
		`select photo_id as id, reason from photo_writes where state = 'refused'
		order by photo_id desc limit ?`,
	);
	const original = connection.prepare<{ hash: string }>(
		"select original_hash as hash from originals where written_hash = ?",
	);
	const noteOriginal = connection.prepare(
		"insert into originals (written_hash, original_hash) values (?, ?) on conflict do nothing",
	);
	const withOriginal = connection.prepare<{ id: PhotoId; originalHash: string }>(
		`select id, original_hash as originalHash
		from photos join originals on written_hash = content_hash order by id`,
	);
	const forgetOriginal = connection.prepare("delete from originals where written_hash = ?");
	const pending = connection.prepare<PendingWrite>(
		`select photo_id as id, from_hash as fromHash, to_hash as toHash
		from photo_writes where state = 'pending' order by photo_id`,
	);
	const rewrite = connection.prepare(
		`update photos set content_hash = ?2, size_bytes = ?3, modified_at_ms = ?4, file_identity = ?5
		where id = ?1`,
	);
	const stillRead = connection.prepare(
		"update file_metadata set embedded_hash = ?3 where photo_id = ?1 and embedded_hash = ?2",
	);
	const carry = carriedOver.map((sql) => connection.prepare(sql));

	return {
		async leftAlone(id, contentHash) {
			const known = state.get(id);
			if (known === undefined || known.state === "pending") return null;
			return known.state === "refused" && known.fromHash !== contentHash ? null : known.state;
		},
		async refuse(id, contentHash, reason) {
			put.run(id, "refused", reason, contentHash, null);
		},
		async refused(count) {
			return refused.all(count);
		},
		async forget(id) {
			if (id !== undefined) forgetOne.run(id);
			else connection.execute("delete from photo_writes where state <> 'pending'");
		},
		async originalOf(contentHash) {
			return original.get(contentHash)?.hash ?? null;
		},
		async withOriginal() {
			return withOriginal.all().map(({ id }) => id);
		},
		async photosOfOriginals() {
			return withOriginal.all();
		},
		async forgetOriginal(writtenHash) {
			forgetOriginal.run(writtenHash);
		},
		async begin({ id, fromHash, toHash }, originalHash) {
			connection.transaction(() => {
				put.run(id, "pending", null, fromHash, toHash);
				if (originalHash !== null && originalHash !== toHash)
					noteOriginal.run(toHash, originalHash);
			});
		},
		async finish({ id, fromHash, toHash }, file, isRestored) {
			connection.transaction(() => {
				const { sizeBytes, modifiedAtMs, fileIdentity } = file;
				rewrite.run(id, toHash, sizeBytes, Math.floor(modifiedAtMs), fileIdentity);
				stillRead.run(id, fromHash, toHash);
				for (const statement of carry) statement.run(fromHash, toHash);
				if (isRestored) put.run(id, "restored", null, null, null);
				else forgetOne.run(id);
			});
		},
		async pending() {
			return pending.all();
		},
	};
}

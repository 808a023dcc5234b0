/** @file Changes of tags and labels that can be taken back; see [Note: Recorded changes]. */
import type { ChangeId } from "../../contract/ids.ts";
import type { PastChange } from "../../contract/tag.ts";
import type { Connection, Parameter } from "./connection.ts";
import { isConstraintError } from "./database-errors.ts";
import { rowAsJson, tagTables } from "./migrations/0005-tags.ts";
import { describedTables } from "./migrations/0009-descriptions.ts";
import { conflictTables } from "./migrations/0011-settled-conflicts.ts";
import { rememberedTables } from "./migrations/0013-remembered-decisions.ts";

/** Older changes are forgotten, also when the last ones together are larger than this. */
const rememberedChanges = 300;
const rememberedRows = 2_000_000;

const recordedTables = {
	...tagTables,
	...describedTables,
	...conflictTables,
	...rememberedTables,
};
type RecordedTable = keyof typeof recordedTables;

interface RowImages {
	table_name: RecordedTable;
	before_row: string | null;
	after_row: string | null;
}

/** What a change did, and what the work it consisted of returned. */
export interface RecordedChange<Result> {
	/** Null when nothing changed. */
	changeId: ChangeId | null;
	/** Tags on photos, and values of their descriptions. */
	changed: number;
	result: Result;
}

export interface RecordedChanges {
	/** Runs `work` in one transaction and remembers what it changed. Not to be nested. */
	record<Result>(title: string, work: () => Result): RecordedChange<Result>;
	/**
	 * Puts back what a change changed, as a change of its own. Rows that are no longer as the change left
	 * them, or whose photo or tag is gone, are skipped. Null for an unknown change.
	 */
	undo(id: ChangeId): (RecordedChange<null> & { skipped: number }) | null;
	/** Newest first. */
	list(limit: number): PastChange[];
}

/** `blocked`: another row is in its way, or one that it needs is missing. */
type Restored = "restored" | "changed since" | "blocked";

/** Puts one table's rows back as they were. */
function restorer(connection: Connection, table: RecordedTable) {
	const { columns, keyColumns } = recordedTables[table];
	const keys = columns.slice(0, keyColumns);
	const isRow = keys.map((key) => `${key} = ?`).join(" and ");
	const present = connection.prepare<{ image: string }>(
		`select ${rowAsJson(columns, "")} as image from ${table} where ${isRow}`,
	);
	const others = columns.slice(keyColumns).map((column) => `${column} = excluded.${column}`);
	const put = connection.prepare(
		`insert into ${table} (${columns.join(", ")}) values (${columns.map(() => "?").join(", ")})
		on conflict (${keys.join(", ")}) do ${others.length === 0 ? "nothing" : `update set ${others.join(", ")}`}`,
	);
	const remove = connection.prepare(`delete from ${table} where ${isRow}`);
	return ({ before_row: before, after_row: after }: RowImages): Restored => {
		const row: Parameter[] = JSON.parse(before ?? after ?? "[]");
		const key = row.slice(0, keyColumns);
		const image = present.get(...key)?.image ?? null;
		// A cascade was there first.
		if (image === before) return "restored";
		if (image !== after) return "changed since";
		if (before === null) remove.run(...key);
		else put.run(...row);
		return "restored";
	};
}

/** One step for each row that differs from before: as it was first and as it was last; latest first. */
function netRows(latestFirst: readonly RowImages[]): RowImages[] {
	const rows = new Map<string, RowImages>();
	for (const images of latestFirst) {
		const { keyColumns } = recordedTables[images.table_name];
		const row: Parameter[] = JSON.parse(images.after_row ?? images.before_row ?? "[]");
		const key = JSON.stringify([images.table_name, ...row.slice(0, keyColumns)]);
		const later = rows.get(key);
		if (later === undefined) rows.set(key, { ...images });
		else later.before_row = images.before_row;
	}
	return [...rows.values()].filter(({ before_row, after_row }) => before_row !== after_row);
}

/** The recorded changes of an open database. */
export function recordedChanges(connection: Connection): RecordedChanges {
	const begin = connection.prepare("insert into tag_changes (title, made_at_ms) values (?, ?)");
	const start = connection.prepare("insert into tag_recording (change_id) values (?)");
	const stop = connection.prepare("delete from tag_recording");
	const counts = connection.prepare<{ rows: number; changed: number }>(
		`select count(*) as rows, coalesce(sum(table_name in ('photo_tags', 'descriptions')), 0) as changed
		from tag_change_rows where change_id = ?`,
	);
	const finish = connection.prepare("update tag_changes set changed = ? where id = ?");
	const discard = connection.prepare("delete from tag_changes where id = ?");
	const rowsOf = connection.prepare<RowImages>(
		"select table_name, before_row, after_row from tag_change_rows where change_id = ? order by id desc",
	);
	const known = connection.prepare<{ title: string }>("select title from tag_changes where id = ?");
	const markUndone = connection.prepare("update tag_changes set undone_by = ? where id = ?");
	const markDoneAgain = connection.prepare(
		"update tag_changes set undone_by = null where undone_by = ?",
	);
	const forget = connection.prepare(
		`delete from tag_changes where id not in
		(select id from tag_changes order by id desc limit ${rememberedChanges})`,
	);
	const total = connection.prepare<{ rows: number }>(
		"select count(*) as rows from tag_change_rows",
	);
	const forgetOldest = connection.prepare(
		"delete from tag_changes where id = (select min(id) from tag_changes) and id <> ?",
	);
	const list = connection.prepare<{
		changeId: ChangeId;
		title: string;
		changed: number;
		madeAtMs: number;
		undoneBy: number | null;
	}>(
		`select id as changeId, title, changed, made_at_ms as madeAtMs, undone_by as undoneBy
		from tag_changes order by id desc limit ?`,
	);
	const restorers = new Map<RecordedTable, (images: RowImages) => Restored>();
	const restore = (images: RowImages): Restored => {
		const known = restorers.get(images.table_name);
		const restoring = known ?? restorer(connection, images.table_name);
		restorers.set(images.table_name, restoring);
		try {
			return restoring(images);
		} catch (error) {
			if (isConstraintError(error)) return "blocked";
			throw error;
		}
	};
	/** Returns how many could not be put back. */
	const restoreAll = (rows: readonly RowImages[]): number => {
		let skipped = 0;
		let pending = rows;
		while (pending.length > 0) {
			const blocked = pending.filter((images) => {
				const outcome = restore(images);
				if (outcome === "changed since") skipped += 1;
				return outcome === "blocked";
			});
			// What was in the way may be gone by now; where nothing moved, it stays.
			if (blocked.length === pending.length) return skipped + blocked.length;
			pending = blocked;
		}
		return skipped;
	};

	function record<Result>(title: string, work: () => Result): RecordedChange<Result> {
		return connection.transaction(() => {
			const id = begin.run(title, Date.now()).lastId;
			start.run(id);
			const result = work();
			stop.run();
			const { rows = 0, changed = 0 } = counts.get(id) ?? {};
			if (rows === 0) {
				discard.run(id);
				return { changeId: null, changed: 0, result };
			}
			finish.run(changed, id);
			forget.run();
			while ((total.get()?.rows ?? 0) > rememberedRows) {
				if (forgetOldest.run(id).changes === 0) break;
			}
			return { changeId: id as ChangeId, changed, result };
		});
	}
	return {
		record,
		undo(id) {
			const change = known.get(id);
			if (change === undefined) return null;
			let skipped = 0;
			const undone = record(`Undo: ${change.title}`.replace(/^Undo: Undo: /, ""), () => {
				skipped = restoreAll(netRows(rowsOf.all(id)));
				return null;
			});
			if (undone.changeId !== null) {
				markDoneAgain.run(id);
				markUndone.run(undone.changeId, id);
			}
			return { ...undone, skipped };
		},
		list: (limit) =>
			list.all(limit).map(({ undoneBy, ...change }) => ({ ...change, undone: undoneBy !== null })),
	};
}

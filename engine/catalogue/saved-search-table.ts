/** @file Saved searches and what the person has seen of what they find. */
import type { Selectable } from "kysely";
import type { PhotoId, SavedSearchId } from "../../contract/ids.ts";
import { type Connection, query } from "./connection.ts";
import type { SavedSearchColumns } from "./schema.ts";

/** A removed search can be brought back for so long. */
const restorableMs = 7 * 86_400_000;

/** A saved search as the database holds it. */
export interface SavedSearchRecord {
	id: SavedSearchId;
	name: string;
	/** The form of `question`; grows when a question is written another way. */
	questionVersion: number;
	/** JSON as it was stored; whoever reads it knows its form. */
	question: unknown;
	/** Where the folder searched in was when this was saved; null for the whole library. */
	folderPath: string | null;
	/** Photos it found when it was last looked at. */
	seenIds: ReadonlySet<PhotoId>;
}

/** What a person gives. */
export type SavedSearchContents = Pick<
	SavedSearchRecord,
	"name" | "questionVersion" | "question" | "folderPath"
> & { seenIds: Iterable<PhotoId> };

/** The saved searches' part of the catalogue. */
export interface SavedSearchTable {
	/** In the person's order. */
	list(): Promise<SavedSearchRecord[]>;
	get(id: SavedSearchId): Promise<SavedSearchRecord | undefined>;
	/** At the end. Null, with nothing written, where another one has the name. */
	add(contents: SavedSearchContents): Promise<SavedSearchRecord | null>;
	/** `name-taken` and `missing`: nothing was written. */
	update(
		id: SavedSearchId,
		change: Partial<SavedSearchContents>,
	): Promise<"updated" | "name-taken" | "missing">;
	/** False where there is none. */
	remove(id: SavedSearchId): Promise<boolean>;
	/** Takes `remove` back. */
	restore(id: SavedSearchId): Promise<"restored" | "name-taken" | "missing">;
	/** These first, in this order; then the others, in the order they had. Unknown ids are passed over. */
	reorder(ids: readonly SavedSearchId[]): Promise<void>;
}

/** Names that differ in case or in the way accents are written are one name. */
function nameKey(name: string): string {
	return name.normalize("NFKC").toLowerCase();
}

/** The saved searches of an open database. */
export function savedSearchTable(connection: Connection): SavedSearchTable {
	const present = query.selectFrom("saved_searches").selectAll().where("removed_at_ms", "is", null);
	const inOrder = () => connection.all(present.orderBy("position").orderBy("id"));
	const isTaken = (key: string, besides?: SavedSearchId) => {
		const holder = connection.first(present.where("name_key", "=", key));
		return holder !== undefined && holder.id !== besides;
	};
	const isPresent = (id: SavedSearchId) =>
		connection.first(present.where("id", "=", id)) !== undefined;
	const forgetLongRemoved = () =>
		connection.run(
			query.deleteFrom("saved_searches").where("removed_at_ms", "<", Date.now() - restorableMs),
		);

	return {
		async list() {
			return inOrder().map(toRecord);
		},
		async get(id) {
			const row = connection.first(present.where("id", "=", id));
			return row === undefined ? undefined : toRecord(row);
		},
		async add(contents) {
			return connection.transaction(() => {
				if (isTaken(nameKey(contents.name))) return null;
				const last = connection.first(
					query
						.selectFrom("saved_searches")
						.select((build) => build.fn.max("position").as("position")),
				);
				const row = connection.first(
					query
						.insertInto("saved_searches")
						.values({
							name: contents.name,
							name_key: nameKey(contents.name),
							question_version: contents.questionVersion,
							question: JSON.stringify(contents.question),
							folder_path: contents.folderPath,
							position: (last?.position ?? -1) + 1,
							seen_ids: JSON.stringify([...contents.seenIds]),
							saved_at_ms: Date.now(),
							removed_at_ms: null,
						})
						.returningAll(),
				);
				return row === undefined ? null : toRecord(row);
			});
		},
		async update(id, change) {
			return connection.transaction(() => {
				if (!isPresent(id)) return "missing";
				const { name, questionVersion, question, folderPath, seenIds } = change;
				if (name !== undefined && isTaken(nameKey(name), id)) return "name-taken";
				connection.run(
					query
						.updateTable("saved_searches")
						.set({
							...((name ?? question) !== undefined && { saved_at_ms: Date.now() }),
							...(name !== undefined && { name, name_key: nameKey(name) }),
							...(questionVersion !== undefined && { question_version: questionVersion }),
							...(question !== undefined && { question: JSON.stringify(question) }),
							...(folderPath !== undefined && { folder_path: folderPath }),
							...(seenIds !== undefined && { seen_ids: JSON.stringify([...seenIds]) }),
						})
						.where("id", "=", id),
				);
				return "updated";
			});
		},
		async remove(id) {
			forgetLongRemoved();
			return (
				connection.run(
					query
						.updateTable("saved_searches")
						.set({ removed_at_ms: Date.now() })
						.where("id", "=", id)
						.where("removed_at_ms", "is", null),
				) > 0
			);
		},
		async restore(id) {
			return connection.transaction(() => {
				const row = connection.first(
					query.selectFrom("saved_searches").selectAll().where("id", "=", id),
				);
				if (row === undefined) return "missing";
				if (isTaken(row.name_key, id)) return "name-taken";
				connection.run(
					query.updateTable("saved_searches").set({ removed_at_ms: null }).where("id", "=", id),
				);
				return "restored";
			});
		},
		async reorder(ids) {
			connection.transaction(() => {
				const before = inOrder().map((row) => row.id);
				const known = new Set(before);
				const after = [...new Set([...ids.filter((id) => known.has(id)), ...before])];
				for (const [position, id] of after.entries()) {
					connection.run(
						query.updateTable("saved_searches").set({ position }).where("id", "=", id),
					);
				}
			});
		},
	};
}

function toRecord(row: Selectable<SavedSearchColumns>): SavedSearchRecord {
	const seen: PhotoId[] = JSON.parse(row.seen_ids);
	return {
		id: row.id,
		name: row.name,
		questionVersion: row.question_version,
		question: JSON.parse(row.question),
		folderPath: row.folder_path,
		seenIds: new Set(seen),
	};
}

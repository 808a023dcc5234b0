/** @file Drawings: the queue and the history, without the pictures themselves. */
import type { Selectable } from "kysely";
import type { DrawingSettings, DrawingState } from "../../contract/generation.ts";
import type { DrawingId } from "../../contract/ids.ts";
import { storedDrawingSettingsSchema } from "../../contract/stored-drawing-settings.ts";
import { type Connection, query } from "./connection.ts";
import type { DrawingColumns } from "./schema.ts";

/** What a drawing is given beside its settings: PNGs of its size. */
export interface GivenPictures {
	startPicture: Uint8Array | null;
	/** Grey: white where the start picture may change, black where it stays. */
	maskPicture: Uint8Array | null;
}

/** A drawing as the database holds it. */
export interface DrawingRecord extends GivenPictures {
	id: DrawingId;
	request: number;
	state: DrawingState;
	settings: DrawingSettings;
	createdAtMs: number;
	similarity: number | null;
	starred: boolean;
	problem: string | null;
	shortened: boolean;
	fileName: string | null;
	removed: boolean;
}

export interface NewDrawing extends GivenPictures {
	settings: DrawingSettings;
}

export type DrawingChange = Partial<
	Pick<
		DrawingRecord,
		"state" | "similarity" | "starred" | "problem" | "shortened" | "fileName" | "removed"
	>
>;

export interface DrawingTable {
	/** Those waiting, in the queue's order; then the others, newest first. Removed ones left out. */
	list(): Promise<DrawingRecord[]>;
	/** Removed ones too. */
	get(id: DrawingId): Promise<DrawingRecord | undefined>;
	/** At the end of the queue; they become one request. */
	add(drawings: readonly NewDrawing[]): Promise<DrawingId[]>;
	update(ids: readonly DrawingId[], change: DrawingChange): Promise<void>;
	/** What was waiting or being drawn when the app ended is unfinished. */
	markUnfinished(): Promise<void>;
	/** These first, in this order; the others after, as they were. */
	reorder(ids: readonly DrawingId[]): Promise<void>;
	/** Drops those removed before `beforeMs`; returns the names of their files. */
	forgetRemoved(beforeMs: number): Promise<string[]>;
}

/** The drawings of an open database. */
export function drawingTable(connection: Connection): DrawingTable {
	const present = query.selectFrom("drawings").selectAll().where("removed_at_ms", "is", null);
	const waiting = () =>
		connection.all(present.where("state", "=", "waiting").orderBy("position").orderBy("id"));
	const afterLast = () => {
		const last = connection.first(
			query
				.selectFrom("drawings")
				.select(({ fn }) => [fn.max("position").as("position"), fn.max("request").as("request")]),
		);
		return Math.max(last?.position ?? -1, last?.request ?? -1) + 1;
	};

	return {
		async list() {
			const others = connection.all(present.where("state", "!=", "waiting").orderBy("id", "desc"));
			return [...waiting(), ...others].map(toRecord);
		},
		async get(id) {
			const row = connection.first(query.selectFrom("drawings").selectAll().where("id", "=", id));
			return row === undefined ? undefined : toRecord(row);
		},
		async add(drawings) {
			return connection.transaction(() => {
				const first = afterLast();
				return drawings.flatMap(({ settings, startPicture, maskPicture }, offset) => {
					const row = connection.first(
						query
							.insertInto("drawings")
							.values({
								request: first,
								state: "waiting",
								position: first + offset,
								settings: JSON.stringify(settings),
								start_picture: startPicture === null ? null : Buffer.from(startPicture),
								mask_picture: maskPicture === null ? null : Buffer.from(maskPicture),
								created_at_ms: Date.now(),
								similarity: null,
								problem: null,
								file_name: null,
								removed_at_ms: null,
							})
							.returning("id"),
					);
					return row === undefined ? [] : [row.id];
				});
			});
		},
		async update(ids, change) {
			const { state, similarity, starred, problem, shortened, fileName, removed } = change;
			connection.transaction(() => {
				for (const id of ids) {
					connection.run(
						query
							.updateTable("drawings")
							.set({
								...(state !== undefined && { state }),
								// Whoever waits again waits behind the others.
								...(state === "waiting" && { position: afterLast() }),
								...(similarity !== undefined && { similarity }),
								...(starred !== undefined && { starred: starred ? 1 : 0 }),
								...(problem !== undefined && { problem }),
								...(shortened !== undefined && { shortened: shortened ? 1 : 0 }),
								...(fileName !== undefined && { file_name: fileName }),
								...(removed !== undefined && { removed_at_ms: removed ? Date.now() : null }),
							})
							.where("id", "=", id),
					);
				}
			});
		},
		async markUnfinished() {
			connection.run(
				query
					.updateTable("drawings")
					.set({ state: "unfinished" })
					.where("state", "in", ["waiting", "drawing"]),
			);
		},
		async reorder(ids) {
			connection.transaction(() => {
				const before = waiting();
				const known = new Set(before.map(({ id }) => id));
				const positions = before.map(({ position }) => position);
				const after = new Set([...ids.filter((id) => known.has(id)), ...known]);
				for (const [at, id] of [...after].entries()) {
					const position = positions[at];
					if (position === undefined) continue;
					connection.run(query.updateTable("drawings").set({ position }).where("id", "=", id));
				}
			});
		},
		async forgetRemoved(beforeMs) {
			return connection.transaction(() => {
				const rows = connection.all(
					query.selectFrom("drawings").select("file_name").where("removed_at_ms", "<", beforeMs),
				);
				connection.run(query.deleteFrom("drawings").where("removed_at_ms", "<", beforeMs));
				return rows.flatMap(({ file_name }) => (file_name === null ? [] : [file_name]));
			});
		},
	};
}

function toRecord(row: Selectable<DrawingColumns>): DrawingRecord {
	const settings = storedDrawingSettingsSchema.parse(JSON.parse(row.settings));
	return {
		id: row.id,
		request: row.request,
		state: row.state,
		settings,
		startPicture: row.start_picture,
		maskPicture: row.mask_picture,
		createdAtMs: row.created_at_ms,
		similarity: row.similarity,
		starred: row.starred === 1,
		problem: row.problem,
		shortened: row.shortened === 1,
		fileName: row.file_name,
		removed: row.removed_at_ms !== null,
	};
}

/** @file Embeddings: read one, read all, add another encoder's, find and mend what does not fit together. */
import { setImmediate } from "node:timers/promises";
import type { PhotoId } from "../../contract/ids.ts";
import type { EmbeddingTable } from "./catalogue.ts";
import { type Connection, query } from "./connection.ts";
import { ensureEncoder, findEncoder } from "./encoder-row.ts";
import { decodeVector, encodeVector } from "./half-precision.ts";
import { idList } from "./id-list.ts";
import { toPhotoRecord } from "./photo-record.ts";

/** Rows held at once while all are read: 1.5 MB at 384 dimensions. */
const pageRows = 2000;

/** Rows forgotten before other work gets a turn. */
const discardRows = 5000;

/** Stands for an encoder that never stored anything; row numbers start at 1. */
const noEncoder = 0;

/** The embeddings of an open database. The first are written with their photo, by `PhotoTable.storeRead`. */
export function embeddingTable(connection: Connection): EmbeddingTable {
	const page = connection.prepare(
		`select photo_id, vector from embeddings
		where encoder_id = ? and photo_id > ? order by photo_id limit ${pageRows}`,
	);
	const encoderOf = (encoderKey: string) => findEncoder(connection, encoderKey) ?? noEncoder;

	const add = connection.prepare(
		`insert into embeddings (encoder_id, photo_id, vector)
		select ?1, id, ?4 from photos where id = ?2 and content_hash = ?3 and state = 'searchable'
		on conflict (encoder_id, photo_id) do update set vector = ?4`,
	);
	const firstSize = connection.prepare<{ bytes: number }>(
		"select length(vector) as bytes from embeddings where encoder_id = ? limit 1",
	);
	const forgetSome = connection.prepare(
		`delete from embeddings where encoder_id = ?1 and photo_id in
		(select photo_id from embeddings where encoder_id = ?1 limit ${discardRows})`,
	);
	const countOf = (encoderId: number) =>
		connection.first(
			query
				.selectFrom("embeddings")
				.select((build) => build.fn.countAll<number>().as("count"))
				.where("encoder_id", "=", encoderId),
		)?.count ?? 0;

	const withoutEmbedding = (encoderId: number) =>
		query
			.selectFrom("photos")
			.select("id")
			.where("state", "=", "searchable")
			.where("id", "not in", (build) =>
				build.selectFrom("embeddings").select("photo_id").where("encoder_id", "=", encoderId),
			);
	return {
		async get(encoderKey, id) {
			const row = connection.first(
				query
					.selectFrom("embeddings")
					.select("vector")
					.where("encoder_id", "=", encoderOf(encoderKey))
					.where("photo_id", "=", id),
			);
			return row === undefined ? undefined : decodeVector(row.vector);
		},
		async forContentHash(encoderKey, contentHash) {
			const row = connection.first(
				query
					.selectFrom("photos")
					.innerJoin("embeddings", "embeddings.photo_id", "photos.id")
					.select("embeddings.vector")
					.where("photos.content_hash", "=", contentHash)
					.where("embeddings.encoder_id", "=", encoderOf(encoderKey))
					.limit(1),
			);
			return row === undefined ? undefined : decodeVector(row.vector);
		},
		async getMany(encoderKey, ids) {
			const rows = connection.all(
				query
					.selectFrom("embeddings")
					.select(["photo_id", "vector"])
					.where("encoder_id", "=", encoderOf(encoderKey))
					.where("photo_id", "in", idList(ids)),
			);
			const vectors = new Map(rows.map(({ photo_id, vector }) => [photo_id, vector]));
			return ids.flatMap((id) => {
				const vector = vectors.get(id);
				return vector === undefined ? [] : { id, vector: decodeVector(vector) };
			});
		},
		async *all(encoderKey) {
			const encoderId = encoderOf(encoderKey);
			let after = 0;
			while (true) {
				const rows = page.allRaw(encoderId, after);
				for (const [id, vector] of rows)
					yield { id: id as PhotoId, vector: decodeVector(vector as Uint8Array) };
				if (rows.length < pageRows) return;
				after = rows.at(-1)?.[0] as number;
				await setImmediate();
			}
		},
		async count(encoderKey) {
			return countOf(encoderOf(encoderKey));
		},
		async encoders() {
			const known = connection.all(query.selectFrom("encoders").selectAll().orderBy("id"));
			return known.flatMap(({ id, key }) => {
				const photos = countOf(id);
				const sizeBytes = photos * (firstSize.get(id)?.bytes ?? 0);
				return photos === 0 ? [] : { key, photos, sizeBytes };
			});
		},
		async missing(encoderKey, after, count) {
			const { takenAtMs, id } = after ?? { takenAtMs: Number.MAX_SAFE_INTEGER, id: 0 as PhotoId };
			const encoderId = encoderOf(encoderKey);
			// One index gives the rows in this order, from just there on.
			const page = query
				.selectFrom("photos")
				.selectAll()
				.where("state", "=", "searchable")
				.where((build) =>
					build(build.refTuple("taken_at_ms", "id"), "<", build.tuple(takenAtMs, id)),
				)
				.where(({ not, exists, selectFrom }) =>
					not(
						exists(
							selectFrom("embeddings")
								.select("photo_id")
								.where("encoder_id", "=", encoderId)
								.whereRef("photo_id", "=", "photos.id"),
						),
					),
				)
				.orderBy("taken_at_ms", "desc")
				.orderBy("id", "desc")
				.limit(count);
			return connection.all(page).map(toPhotoRecord);
		},
		async countMissing(encoderKey) {
			const row = connection.first(
				query
					.selectFrom(withoutEmbedding(encoderOf(encoderKey)).as("missing"))
					.select((build) => build.fn.countAll<number>().as("count")),
			);
			return row?.count ?? 0;
		},
		async add(encoderKey, { id, contentHash, vector }) {
			return connection.transaction(() => {
				const encoderId = ensureEncoder(connection, encoderKey);
				return add.run(encoderId, id, contentHash, encodeVector(vector)).changes > 0;
			});
		},
		async discard(encoderKey) {
			const encoderId = encoderOf(encoderKey);
			// The encoder's row stays: tags say which encoder suggested them.
			while (forgetSome.run(encoderId).changes > 0) await setImmediate();
		},
		async inconsistencies(encoderKey) {
			const encoderId = encoderOf(encoderKey);
			const missing = connection.all(withoutEmbedding(encoderId).orderBy("id"));
			const orphans = connection.first(
				query
					.selectFrom("embeddings")
					.select((build) => build.fn.countAll<number>().as("count"))
					.where("encoder_id", "=", encoderId)
					.where("photo_id", "not in", (build) => build.selectFrom("photos").select("id")),
			);
			return { missing: missing.map((row) => row.id), orphaned: orphans?.count ?? 0 };
		},
		async repair(encoderKey) {
			const encoderId = encoderOf(encoderKey);
			connection.transaction(() => {
				connection.run(
					query
						.updateTable("photos")
						.set({ state: "waiting", attempts: 0 })
						.where("id", "in", withoutEmbedding(encoderId)),
				);
				connection.run(
					query
						.deleteFrom("embeddings")
						.where("encoder_id", "=", encoderId)
						.where("photo_id", "not in", (build) => build.selectFrom("photos").select("id")),
				);
			});
		},
	};
}

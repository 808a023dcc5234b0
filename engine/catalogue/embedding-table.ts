/** @file Embeddings: read one, read all, find and mend what does not fit together. */
import { setImmediate } from "node:timers/promises";
import type { PhotoId } from "../../contract/ids.ts";
import type { EmbeddingTable } from "./catalogue.ts";
import { type Connection, query } from "./connection.ts";
import { findEncoder } from "./encoder-row.ts";
import { decodeVector } from "./half-precision.ts";

/** Rows held at once while all are read: 1.5 MB at 384 dimensions. */
const pageRows = 2000;

/** Stands for an encoder that never stored anything; row numbers start at 1. */
const noEncoder = 0;

/** The embeddings of an open database. They are written with their photo, by `PhotoTable.storeRead`. */
export function embeddingTable(connection: Connection): EmbeddingTable {
	const page = connection.prepare(
		`select photo_id, vector from embeddings
		where encoder_id = ? and photo_id > ? order by photo_id limit ${pageRows}`,
	);
	const encoderOf = (encoderKey: string) => findEncoder(connection, encoderKey) ?? noEncoder;

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
			const row = connection.first(
				query
					.selectFrom("embeddings")
					.select((build) => build.fn.countAll<number>().as("count"))
					.where("encoder_id", "=", encoderOf(encoderKey)),
			);
			return row?.count ?? 0;
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

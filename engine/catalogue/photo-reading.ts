/** @file The queue of photos to be read, and what reading them brought. */
import type { PhotoId } from "../../contract/ids.ts";
import type { PhotoTable } from "./catalogue.ts";
import { type Connection, query } from "./connection.ts";
import { ensureEncoder } from "./encoder-row.ts";
import { encodeVector } from "./half-precision.ts";
import { idList } from "./id-list.ts";
import { fileTimeMs, toPhotoRecord, wholeMilliseconds } from "./photo-record.ts";
import type { ReadPhoto } from "./records.ts";

const noFailure = { failure_reason: null, failure_message: null, failed_at_ms: null };

/** Waiting photos, and the two ways they stop waiting. */
export function photoReading(
	connection: Connection,
): Pick<PhotoTable, "nextWaiting" | "storeRead" | "storeFailure" | "retry"> {
	/** False when the row is gone, or the file is another than the one that was read. */
	const store = (encoderId: number, photo: ReadPhoto): boolean => {
		const row = connection.first(
			query
				.selectFrom("photos")
				.select("content_hash")
				.where("id", "=", photo.id)
				.where("size_bytes", "=", photo.sizeBytes)
				.where("modified_at_ms", "=", photo.modifiedAtMs),
		);
		if (row === undefined) return false;
		// Other encoders' embeddings of bytes that are no longer there would find the wrong picture.
		if (row.content_hash !== photo.contentHash)
			connection.run(query.deleteFrom("embeddings").where("photo_id", "=", photo.id));
		connection.run(
			query
				.updateTable("photos")
				.set((build) => ({
					...readColumns(photo),
					...noFailure,
					state: "searchable",
					version: build("last_version", "+", 1),
					last_version: build("last_version", "+", 1),
				}))
				.where("id", "=", photo.id),
		);
		const vector = encodeVector(photo.embedding);
		connection.run(
			query
				.insertInto("embeddings")
				.values({ encoder_id: encoderId, photo_id: photo.id, vector })
				.onConflict((conflict) =>
					conflict.columns(["encoder_id", "photo_id"]).doUpdateSet({ vector }),
				),
		);
		return true;
	};

	return {
		async nextWaiting(count, except) {
			return connection
				.all(
					query
						.selectFrom("photos")
						.selectAll()
						.where("state", "=", "waiting")
						.where("id", "not in", idList(except))
						.where("folder_id", "not in", (build) =>
							build.selectFrom("folders").select("folders.id").where("offline", "=", 1),
						)
						.orderBy("taken_at_ms", "desc")
						.orderBy("id", "desc")
						.limit(count),
				)
				.map(toPhotoRecord);
		},
		async storeRead(encoderKey, photos) {
			return connection.transaction(() => {
				const encoderId = ensureEncoder(connection, encoderKey);
				const stored: PhotoId[] = [];
				for (const photo of photos) if (store(encoderId, photo)) stored.push(photo.id);
				return stored;
			});
		},
		async storeFailure(id, reason, message, asRead) {
			connection.transaction(() => {
				let update = query
					.updateTable("photos")
					.set((build) => ({
						state: "failed",
						failure_reason: reason,
						failure_message: message,
						failed_at_ms: Date.now(),
						attempts: build("attempts", "+", 1),
						content_hash: null,
						version: 0,
					}))
					.where("id", "=", id);
				if (asRead !== undefined)
					update = update
						.where("size_bytes", "=", asRead.sizeBytes)
						.where("modified_at_ms", "=", asRead.modifiedAtMs);
				if (connection.run(update) === 0) return;
				connection.run(query.deleteFrom("embeddings").where("photo_id", "=", id));
			});
		},
		async retry(ids) {
			const update = query
				.updateTable("photos")
				.set({ ...noFailure, state: "waiting" })
				.where("state", "=", "failed");
			return connection.run(ids === undefined ? update : update.where("id", "in", idList(ids)));
		},
	};
}

function readColumns(photo: ReadPhoto) {
	const takenAtMs = wholeMilliseconds(photo.takenAtMs);
	const known = takenAtMs !== null;
	return {
		content_hash: photo.contentHash,
		perceptual_hash: Buffer.from(photo.perceptualHash),
		format: photo.format,
		width: photo.width,
		height: photo.height,
		taken_at_ms: takenAtMs ?? fileTimeMs(photo.modifiedAtMs),
		taken_at_known: known ? (1 as const) : (0 as const),
		taken_offset_minutes: known ? photo.takenOffsetMinutes : null,
		latitude: photo.latitude,
		longitude: photo.longitude,
		camera_make: photo.cameraMake,
		camera_model: photo.cameraModel,
		lens: photo.lens,
		focal_length_mm: photo.focalLengthMm,
		aperture: photo.aperture,
		exposure_seconds: photo.exposureSeconds,
		iso: photo.iso,
	};
}

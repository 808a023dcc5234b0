/** @file Photos: the grid's columns, summaries, details, failures. */
import { captureFactsSchema } from "../../contract/capture-facts.ts";
import { Refusal } from "../../contract/errors.ts";
import type { PhotoDetail, PhotoSummary } from "../../contract/photo.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { PhotoRecord } from "../catalogue/records.ts";
import type { Indexer } from "../indexer/indexer.ts";
import type { TextReading } from "../recognition/text-reading.ts";
import type { Grouper } from "../search/grouping.ts";
import type { EventHub } from "./event-hub.ts";
import { implementer } from "./implementer.ts";

export interface PhotoHandlerParts {
	catalogue: Catalogue;
	indexer: Indexer;
	grouper: Grouper;
	textReading: TextReading;
	events: EventHub;
	whereabouts(photo: PhotoRecord): { path: string; offline: boolean };
	reveal: ((path: string) => Promise<void>) | undefined;
}

export function photoHandlers(parts: PhotoHandlerParts) {
	const { catalogue, indexer, events } = parts;
	const find = async (id: PhotoRecord["id"]) => {
		const photo = await catalogue.photos.get(id);
		if (photo === undefined) throw new Refusal("PHOTO_NOT_FOUND");
		return photo;
	};
	return {
		columns: implementer.photo.columns.handler(async ({ input }) => {
			const { folderId, group, drawn } = input;
			const columns = await catalogue.photos.columns(folderId, drawn);
			if (group === "time") return columns;
			return { ...columns, groups: await parts.grouper.of(columns.ids, group) };
		}),
		summaries: implementer.photo.summaries.handler(async ({ input }) => {
			const ratings = await catalogue.descriptions.ratings(input.ids);
			return (await catalogue.photos.getMany(input.ids)).map((photo) =>
				asSummary(photo, parts.whereabouts(photo).offline, ratings.get(photo.id)),
			);
		}),
		detail: implementer.photo.detail.handler(async ({ input }) => {
			const photo = await find(input.id);
			const ratings = await catalogue.descriptions.ratings([photo.id]);
			return asDetail(photo, parts.whereabouts(photo), ratings.get(photo.id));
		}),
		failures: implementer.photo.failures.handler(async () =>
			(await catalogue.photos.failures()).map((photo) => ({
				id: photo.id,
				path: parts.whereabouts(photo).path,
				reason: photo.failureReason ?? "unknown",
				message: photo.failureMessage ?? "",
				attempts: photo.attempts,
				failedAtMs: photo.failedAtMs ?? 0,
			})),
		),
		retry: implementer.photo.retry.handler(async ({ input }) => {
			const queued = await catalogue.photos.retry(input.ids);
			await parts.textReading.retry(input.ids);
			events.photosChanged();
			indexer.wake();
			return { queued };
		}),
		prioritise: implementer.photo.prioritise.handler(({ input }) => indexer.prioritise(input.ids)),
		reveal: implementer.photo.reveal.handler(async ({ input }) => {
			const { path, offline } = parts.whereabouts(await find(input.id));
			if (offline) throw new Refusal("FOLDER_OFFLINE", undefined, { path });
			if (parts.reveal === undefined) {
				throw new Refusal("NOT_SUPPORTED", "There is no file manager on this computer.", { path });
			}
			await parts.reveal(path);
		}),
	};
}

function fileNameOf(photo: PhotoRecord): string {
	return photo.relativePath.slice(photo.relativePath.lastIndexOf("/") + 1);
}

function asSummary(photo: PhotoRecord, offline: boolean, rating: number | undefined): PhotoSummary {
	return {
		id: photo.id,
		fileName: fileNameOf(photo),
		width: photo.width,
		height: photo.height,
		takenAtMs: photo.takenAtMs,
		version: photo.version,
		state: photo.state,
		offline,
		generated: photo.drawn,
		rating: rating ?? null,
	};
}

function asDetail(
	photo: PhotoRecord,
	where: { path: string; offline: boolean },
	rating: number | undefined,
): PhotoDetail {
	return {
		...asSummary(photo, where.offline, rating),
		folderId: photo.folderId,
		path: where.path,
		relativePath: photo.relativePath,
		sizeBytes: photo.sizeBytes,
		modifiedAtMs: photo.modifiedAtMs,
		format: photo.format,
		takenAtKnown: photo.takenAtKnown,
		...captureFactsSchema.parse(photo),
		failure:
			photo.state === "failed"
				? { reason: photo.failureReason ?? "unknown", message: photo.failureMessage ?? "" }
				: null,
	};
}

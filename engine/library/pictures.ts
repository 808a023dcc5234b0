/** @file Pictures by id: thumbnails (made again when missing) and photos in a form browsers show. */
import { access } from "node:fs/promises";
import { Refusal } from "../../contract/errors.ts";
import type { PhotoId } from "../../contract/ids.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { PhotoRecord } from "../catalogue/records.ts";
import { type Decoder, thumbnailLongestSide } from "../decoder/decoder.ts";
import type { PictureFile, PictureFiles } from "../open-library.ts";
import type { ThumbnailStore } from "./thumbnail-store.ts";

/** What every current browser shows by itself. Everything else is converted. */
const shownByBrowsers = new Map([
	["jpeg", "image/jpeg"],
	["png", "image/png"],
	["webp", "image/webp"],
	["gif", "image/gif"],
	["avif", "image/avif"],
	["svg", "image/svg+xml"],
	["bmp", "image/bmp"],
]);

/** Enough for a large screen; only used where the photo itself cannot be sent. */
const convertedLongestSide = 3072;

export interface PicturesParts {
	catalogue: Catalogue;
	decoder: Decoder;
	thumbnails: ThumbnailStore;
	whereabouts(photo: PhotoRecord): { path: string; offline: boolean };
}

/** Serves a library's pictures; reads only files that the catalogue names. */
export class Pictures implements PictureFiles {
	readonly #parts: PicturesParts;

	constructor(parts: PicturesParts) {
		this.#parts = parts;
	}

	async thumbnail(id: PhotoId): Promise<PictureFile> {
		const photo = await this.#find(id);
		if (photo.contentHash !== null) {
			const filePath = this.#parts.thumbnails.pathOf(photo.contentHash);
			if (await exists(filePath)) {
				return { contentType: "image/jpeg", body: { filePath }, immutable: photo.version > 0 };
			}
		}
		const bytes = await this.#render(photo, thumbnailLongestSide);
		// Cached only for content that was read in full; a waiting photo's file may still change.
		if (photo.contentHash !== null && photo.state === "searchable") {
			await this.#parts.thumbnails.write(photo.contentHash, bytes);
		}
		return { contentType: "image/jpeg", body: { bytes }, immutable: false };
	}

	async display(id: PhotoId): Promise<PictureFile> {
		const photo = await this.#find(id);
		const contentType = photo.format === null ? undefined : shownByBrowsers.get(photo.format);
		if (contentType !== undefined) {
			const { path, offline } = this.#parts.whereabouts(photo);
			if (offline) throw new Refusal("FOLDER_OFFLINE", undefined, { path });
			return { contentType, body: { filePath: path }, immutable: photo.version > 0 };
		}
		const bytes = await this.#render(photo, convertedLongestSide);
		return { contentType: "image/jpeg", body: { bytes }, immutable: photo.version > 0 };
	}

	/** The photo's file, for whoever reads it anew. Rejects as `display`. */
	async source(id: PhotoId): Promise<{ filePath: string }> {
		const { path, offline } = this.#parts.whereabouts(await this.#find(id));
		if (offline) throw new Refusal("FOLDER_OFFLINE", undefined, { path });
		return { filePath: path };
	}

	async #find(id: PhotoId): Promise<PhotoRecord> {
		const photo = await this.#parts.catalogue.photos.get(id);
		if (photo === undefined) throw new Refusal("PHOTO_NOT_FOUND");
		return photo;
	}

	async #render(photo: PhotoRecord, longestSide: number): Promise<Uint8Array> {
		const { path, offline } = this.#parts.whereabouts(photo);
		if (offline) throw new Refusal("FOLDER_OFFLINE", undefined, { path });
		const outcome = await this.#parts.decoder.render({ filePath: path }, { longestSide });
		if (outcome.kind === "failed") throw new Refusal("IMAGE_UNREADABLE", outcome.message, { path });
		return outcome.bytes;
	}
}

async function exists(path: string): Promise<boolean> {
	try {
		await access(path);
		return true;
	} catch {
		return false;
	}
}

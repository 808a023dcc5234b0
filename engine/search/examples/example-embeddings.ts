/** @file From an example (photos, a part of a photo, a picture from outside) to its embedding. */

import { existsSync } from "node:fs";
import { assertNever, Refusal } from "../../../contract/errors.ts";
import type { ExampleSource, Region } from "../../../contract/example.ts";
import type { PhotoId } from "../../../contract/ids.ts";
import type { Catalogue } from "../../catalogue/catalogue.ts";
import type { PhotoRecord } from "../../catalogue/records.ts";
import type { Decoder, PictureSource } from "../../decoder/decoder.ts";
import type { DualEncoder } from "../../encoder/dual-encoder.ts";
import { pictureRule } from "../../encoder/picture-rule.ts";
import type { LibraryIndex } from "../../index/library-index.ts";
import { meanOf } from "./compose-query.ts";
import type { KeptPictures } from "./kept-pictures.ts";

export interface ExampleEmbeddingsParts {
	catalogue: Catalogue;
	index: LibraryIndex;
	encoder: DualEncoder;
	decoder: Decoder;
	kept: KeptPictures;
	/** Where a photo's thumbnail lies, whether or not there is one. */
	thumbnailPath(contentHash: string): string;
	/** Last known absolute path of a photo, and whether its folder is offline. */
	whereabouts(photo: PhotoRecord): { path: string; offline: boolean };
}

/** Small things are embedded from this much of a picture from outside. */
const keptLongestSide = 1600;
const regionsRemembered = 200;

/** Photos are embedded already; parts of them are embedded when first asked with, and remembered. */
export class ExampleEmbeddings {
	readonly #parts: ExampleEmbeddingsParts;
	readonly #regions = new Map<string, Promise<Float32Array>>();

	constructor(parts: ExampleEmbeddingsParts) {
		this.#parts = parts;
	}

	/** Keeps a picture to ask with. @throws Refusal IMAGE_UNREADABLE when it cannot be decoded. */
	async keep(bytes: Uint8Array): Promise<string> {
		const rendered = await this.#parts.decoder.render({ bytes }, { longestSide: keptLongestSide });
		if (rendered.kind === "failed") throw unreadable(rendered.message);
		const vector = await this.#embed({ bytes });
		const { kept, encoder } = this.#parts;
		const vectors = new Map([[encoder.key, vector]]);
		return kept.keep({ vectors, jpeg: Uint8Array.from(rendered.bytes) });
	}

	/**
	 * Float32 [dimensions]; of several photos the mean, without those that have gone.
	 * @throws Refusal PHOTO_NOT_FOUND, NOT_SEARCHABLE_YET, PICTURE_GONE, FOLDER_OFFLINE, IMAGE_UNREADABLE.
	 */
	async vectorOf(source: ExampleSource): Promise<Float32Array> {
		switch (source.kind) {
			case "photos":
				return this.ofPhotos(source.ids);
			case "region":
				return this.#ofRegion(source.id, source.region);
			case "picture": {
				const { vectors, jpeg } = this.#parts.kept.get(source.key);
				const { region } = source;
				if (region === undefined) return this.#ofPicture(vectors, jpeg);
				const name = `${source.key} ${regionName(region)}`;
				return this.#remember(name, () => this.#embed({ bytes: jpeg }, region));
			}
			default:
				return assertNever(source);
		}
	}

	/** The mean of these photos that can be searched. @throws Refusal when there is none. */
	async ofPhotos(ids: readonly PhotoId[]): Promise<Float32Array> {
		const mean = meanOf(ids.flatMap((id) => this.#parts.index.vectorOf(id) ?? []));
		if (mean !== null) return mean;
		const [known] = await this.#parts.catalogue.photos.getMany(ids);
		throw new Refusal(known === undefined ? "PHOTO_NOT_FOUND" : "NOT_SEARCHABLE_YET");
	}

	async #ofPicture(vectors: Map<string, Float32Array>, jpeg: Uint8Array): Promise<Float32Array> {
		const { key } = this.#parts.encoder;
		const known = vectors.get(key);
		if (known !== undefined) return known;
		// Kept while another encoder searched.
		const vector = await this.#embed({ bytes: jpeg });
		vectors.set(key, vector);
		return vector;
	}

	async #ofRegion(id: PhotoId, region: Region): Promise<Float32Array> {
		const { catalogue, whereabouts, thumbnailPath } = this.#parts;
		const photo = await catalogue.photos.get(id);
		if (photo === undefined) throw new Refusal("PHOTO_NOT_FOUND");
		const { contentHash } = photo;
		return this.#remember(`${id} ${contentHash} ${regionName(region)}`, async () => {
			const { path, offline } = whereabouts(photo);
			if (!offline) return this.#embed({ filePath: path }, region, path);
			// Of a photo on a drive that is away there is still the thumbnail.
			const thumbnail = contentHash === null ? null : thumbnailPath(contentHash);
			if (thumbnail === null || !existsSync(thumbnail)) {
				throw new Refusal("FOLDER_OFFLINE", undefined, { path });
			}
			return this.#embed({ filePath: thumbnail }, region, path);
		});
	}

	async #embed(source: PictureSource, region?: Region, path?: string): Promise<Float32Array> {
		const { decoder, encoder } = this.#parts;
		const pixels = pictureRule(encoder.manifest);
		const outcome = await decoder.decode(source, {
			pixels,
			thumbnail: false,
			...(region === undefined ? {} : { region }),
		});
		if (outcome.kind === "failed") throw unreadable(outcome.message, path);
		const [vector] = await encoder.embedPictures([outcome.pixels]);
		if (vector === undefined) throw new Error("The encoder left a picture out.");
		return vector;
	}

	#remember(name: string, embed: () => Promise<Float32Array>): Promise<Float32Array> {
		const known = this.#regions.get(name);
		if (known !== undefined) return known;
		const vector = embed();
		this.#regions.set(name, vector);
		vector.catch(() => this.#regions.delete(name));
		for (const oldest of this.#regions.keys()) {
			if (this.#regions.size <= regionsRemembered) break;
			this.#regions.delete(oldest);
		}
		return vector;
	}
}

function regionName({ x, y, width, height }: Region): string {
	return [x, y, width, height].join(",");
}

function unreadable(message: string, path?: string): Refusal {
	return new Refusal(
		"IMAGE_UNREADABLE",
		message,
		path === undefined ? { field: "image" } : { path },
	);
}

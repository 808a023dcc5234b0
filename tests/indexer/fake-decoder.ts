/** @file A decoder with no pictures behind it: what it gives is decided by the test, per path. */

import { createHash } from "node:crypto";
import { unknownCaptureFacts } from "../../contract/capture-facts.ts";
import type { DecodeOutcome, Decoder, PictureSource } from "../../engine/decoder/decoder.ts";
import { noFileMetadata } from "../../engine/xmp/clean-metadata.ts";

const noMetadata = {
	takenAtMs: null,
	...unknownCaptureFacts,
};

/** A decoded 64x64 picture whose pixels and content follow from `seed`. */
export function decodedPicture(seed: string): DecodeOutcome {
	const contentHash = createHash("sha256").update(seed).digest("hex");
	const pixels = new Uint8Array(64 * 64 * 3);
	for (let at = 0; at < pixels.length; at += 1) {
		pixels[at] = Number.parseInt(contentHash.slice((at * 2) % 62, ((at * 2) % 62) + 2), 16);
	}
	return {
		kind: "decoded",
		contentHash,
		sizeBytes: 10,
		format: "jpeg",
		width: 640,
		height: 480,
		pixels,
		thumbnail: new Uint8Array([0xff, 0xd8, 0xff, 0xd9]),
		metadata: noMetadata,
		fileMetadata: noFileMetadata,
		drawn: false,
		perceptualHash: new Uint8Array(98),
	};
}

/** Counts what was asked of it and never decodes more than told at once. */
export class FakeDecoder implements Decoder {
	readonly parallelism = 2;
	readonly decodedPaths: string[] = [];
	most = 0;
	#now = 0;
	readonly #outcome: (path: string) => DecodeOutcome | Promise<DecodeOutcome>;

	constructor(outcome: (path: string) => DecodeOutcome | Promise<DecodeOutcome> = decodedPicture) {
		this.#outcome = outcome;
	}

	async decode(source: PictureSource): Promise<DecodeOutcome> {
		if (!("filePath" in source)) throw new Error("Only files are decoded here.");
		this.decodedPaths.push(source.filePath);
		this.#now += 1;
		this.most = Math.max(this.most, this.#now);
		await new Promise((resolve) => setImmediate(resolve));
		try {
			return await this.#outcome(source.filePath);
		} finally {
			this.#now -= 1;
		}
	}

	async render(): Promise<never> {
		throw new Error("Nothing is rendered here.");
	}

	async raster(): Promise<never> {
		throw new Error("Nothing is looked at closely here.");
	}

	async describe(): Promise<never> {
		throw new Error("Nothing is described here.");
	}

	async close(): Promise<void> {}
}

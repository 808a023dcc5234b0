/** @file What the decoder's tests share: a decoder that is closed afterwards, and a temporary folder. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { createDecoder, type DecoderOptions } from "../../engine/decoder/create-decoder.ts";

export { small } from "./small-pixels.ts";

import type { DecodedPhoto, DecodeOutcome, Decoder } from "../../engine/decoder/decoder.ts";

/** A file of `tests/fixtures/decoder`. */
export const fixturePath = (name: string): string =>
	join(import.meta.dirname, "..", "fixtures", "decoder", name);

/** Closed when the test file ends. */
export function testDecoder(options: DecoderOptions = {}): Decoder {
	const decoder = createDecoder({ parallelism: 1, ...options });
	afterAll(() => decoder.close());
	return decoder;
}

/** Removed when the test file ends. */
export async function temporaryFolder(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "afterimage-decoder-"));
	afterAll(() => rm(folder, { recursive: true, force: true }));
	return folder;
}

/** The decoded photo, or an error that says why there is none. */
export function decoded(outcome: DecodeOutcome): DecodedPhoto {
	if (outcome.kind === "decoded") return outcome;
	throw new Error(`${outcome.reason}: ${outcome.message}`);
}

/** Red, green, blue of one pixel. */
export function pixelAt(photo: DecodedPhoto, x: number, y: number, width = 8): number[] {
	return [...photo.pixels.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
}

/** Mean absolute difference over all samples. */
export function meanDifference(a: Uint8Array, b: Uint8Array): number {
	if (a.length !== b.length) throw new Error(`${a.length} samples against ${b.length}`);
	return a.reduce((sum, value, index) => sum + Math.abs(value - (b[index] ?? 0)), 0) / a.length;
}

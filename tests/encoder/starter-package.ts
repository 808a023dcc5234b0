/** @file Where the bundled package is, and the synthetic pictures its reference vectors were made of. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";

export const starterPath = fileURLToPath(
	new URL("../../resources/models/starter", import.meta.url),
);

export function fixturePackage(name: "clip-like" | "siglip-like" | "masked"): string {
	return fileURLToPath(new URL(`../fixtures/encoder/${name}`, import.meta.url));
}

/** Made by tests/fixtures/encoder/make_fixtures.py with ONNX Runtime and tokenizers for Python. */
export const starterReference = z
	.object({
		texts: z.array(
			z.object({
				text: z.string(),
				ids: z.array(z.number()),
				shortened: z.boolean(),
				vector: z.array(z.number()),
			}),
		),
		pictures: z.array(z.array(z.number())),
	})
	.parse(
		JSON.parse(
			readFileSync(new URL("../fixtures/encoder/starter-reference.json", import.meta.url), "utf8"),
		),
	);

/** uint8 RGB [256, 256, 3] by the same formulas as in make_fixtures.py. */
export function syntheticPicture(kind: number): Uint8Array {
	const pixels = new Uint8Array(256 * 256 * 3);
	let at = 0;
	for (let y = 0; y < 256; y++) {
		for (let x = 0; x < 256; x++) {
			for (const value of colour(kind, x, y)) pixels[at++] = value & 255;
		}
	}
	return pixels;
}

function colour(kind: number, x: number, y: number): [number, number, number] {
	if (kind === 0) return [x, y, (x + y) >> 1];
	if (kind === 1) return [(x * y) >> 8, (x * 5) ^ (y * 3), 255 - y];
	return [(((x >> 5) + (y >> 5)) % 2) * 200 + 20, (x * x) >> 8, (y * y) >> 8];
}

export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
	let sum = 0;
	for (let at = 0; at < a.length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0);
	return sum;
}

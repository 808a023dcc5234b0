/** @file The weights of a search's confidence that are measured when an encoder is installed. */
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { loadModelPackage } from "../../engine/encoder/model-package.ts";
import { createDualEncoder } from "../../engine/encoder/onnx-dual-encoder.ts";
import { type SeenPairs, seeKnownPairs } from "../../engine/models/layouts/known-pairs.ts";
import { measureCalibration } from "../../engine/models/layouts/measure-calibration.ts";
import { measureLogitScale } from "../../engine/models/layouts/measure-logit-scale.ts";
import { starterPath } from "../encoder/starter-package.ts";

const resourcesPath = join(import.meta.dirname, "..", "..", "resources");

let seen: SeenPairs;

beforeAll(async () => {
	const encoder = createDualEncoder({ packagePath: starterPath });
	seen = await seeKnownPairs(encoder, resourcesPath);
	await encoder.close();
});

function measured(pairs: SeenPairs) {
	const logitScale = measureLogitScale(pairs);
	return { logitScale, ...measureCalibration(pairs, logitScale).text };
}

/** The same directions in a narrow cone: every similarity is squeezed towards 1, as with CLIP. */
function inCone(vector: Float32Array): Float32Array {
	const share = 0.6;
	return Float32Array.from([...vector.map((value) => value * share), Math.sqrt(1 - share ** 2)]);
}

describe("for the bundled encoder, as if it had come without a manifest", () => {
	test("temperature and weights are those of its own manifest", () => {
		const { manifest } = loadModelPackage(starterPath);
		const own = manifest.calibration?.text;
		const { logitScale, centre, excess, logOdds, bias } = measured(seen);
		expect(Math.abs(logitScale - manifest.logitScale)).toBeLessThan(1);
		expect(centre).toBeCloseTo(own?.centre ?? Number.NaN, 2);
		expect(excess).toBeCloseTo(own?.excess ?? Number.NaN, 2);
		expect(logOdds).toBeCloseTo(own?.logOdds ?? Number.NaN, 2);
		expect(bias).toBeCloseTo(own?.bias ?? Number.NaN, 2);
	});

	test("they are the same where all similarities lie close together and high", () => {
		const squeezed = measured({
			...seen,
			pictures: seen.pictures.map(inCone),
			words: seen.words.map(inCone),
			neutral: seen.neutral.map(inCone),
		});
		const usual = measured(seen);
		expect(squeezed.logitScale * 0.6 ** 2).toBeCloseTo(usual.logitScale, 0);
		expect(squeezed.centre).toBeCloseTo(0.6 ** 2 * (usual.centre ?? 0) + 1 - 0.6 ** 2, 2);
		for (const weight of ["excess", "logOdds", "bias"] as const) {
			expect(squeezed[weight]).toBeCloseTo(usual[weight], 2);
		}
	});
});

test("an encoder that tells things apart better is believed sooner that something is absent", () => {
	// What its pictures show is clearer to it: they lie nearer to their words.
	const pictures = seen.pictures.map((picture, at) => {
		const words = seen.words[at];
		const sum = picture.map((value, place) => value + 0.25 * (words?.[place] ?? 0));
		const length = Math.hypot(...sum);
		return sum.map((value) => value / length);
	});
	expect(measured({ ...seen, pictures }).bias).toBeLessThan(measured(seen).bias - 0.2);
});

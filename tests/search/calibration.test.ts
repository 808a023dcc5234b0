/** @file The confidence of a search: bounds, order, sizes, and the demo photos with the real encoder. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { LibraryIndex } from "../../engine/index/library-index.ts";
import { bandOf, verdictOf } from "../../engine/search/calibration/bands.ts";
import { Calibrator } from "../../engine/search/calibration/calibrator.ts";
import {
	backgroundOf,
	confidenceAt,
	confidenceCurve,
	expectedMaximum,
	logOddsAmongPrompts,
} from "../../engine/search/calibration/confidence.ts";
import { defaultCalibration } from "../../engine/search/calibration/default-calibration.ts";
import { NeutralPrompts } from "../../engine/search/calibration/neutral-prompts.ts";
import { createFakeEncoder, fakeDimensions } from "../fixtures/fake-encoder.ts";

const similarity = fc.double({ min: -1, max: 1, noNaN: true });
const share = fc.double({ min: 0, max: 1, noNaN: true });
const similarities = fc.array(similarity, { minLength: 1, maxLength: 50 });
const evidence = fc.record({
	best: similarity,
	searched: fc.integer({ min: 0, max: 10_000_000 }),
	background: fc.array(similarity, { maxLength: 50 }).map(backgroundOf),
	logOdds: fc.option(fc.double({ min: -300, max: 300, noNaN: true })),
});

describe("a confidence", () => {
	it("lies between 0 and 1 and never falls as the similarity rises", () => {
		fc.assert(
			fc.property(evidence, similarity, similarity, (found, one, other) => {
				const curve = confidenceCurve(found, defaultCalibration.text, 100);
				const lower = confidenceAt(curve, Math.min(one, other));
				const upper = confidenceAt(curve, Math.max(one, other));
				expect(lower).toBeGreaterThanOrEqual(0);
				expect(upper).toBeLessThanOrEqual(1);
				expect(upper).toBeGreaterThanOrEqual(lower);
			}),
		);
	});

	it("of the same best similarity is less the more photos it was the best of", () => {
		fc.assert(
			fc.property(evidence, fc.integer({ min: 2, max: 100_000 }), (found, times) => {
				const searched = Math.max(1, found.searched);
				const at = (count: number) =>
					confidenceCurve({ ...found, searched: count }, defaultCalibration.text, 22).atBest;
				expect(at(searched * times)).toBeLessThan(at(searched));
			}),
		);
	});

	it("does not depend on the order of prompts or of the background", () => {
		const shuffled = similarities.chain((values) =>
			fc.tuple(fc.constant(values), fc.shuffledSubarray(values, { minLength: values.length })),
		);
		fc.assert(
			fc.property(similarity, shuffled, (own, [values, others]) => {
				expect(logOddsAmongPrompts(own, others, 100)).toBeCloseTo(
					logOddsAmongPrompts(own, values, 100),
					8,
				);
				expect(backgroundOf(others).spread).toBeCloseTo(backgroundOf(values).spread, 10);
				expect(backgroundOf(others).mean).toBeCloseTo(backgroundOf(values).mean, 10);
			}),
		);
	});
});

describe("the bands", () => {
	it("go from rest over maybe to strong, and a verdict is nothing exactly when all is rest", () => {
		fc.assert(
			fc.property(share, share, share, (one, other, strictness) => {
				const order = ["rest", "maybe", "strong"];
				const lower = order.indexOf(bandOf(Math.min(one, other), strictness));
				const upper = order.indexOf(bandOf(Math.max(one, other), strictness));
				expect(upper).toBeGreaterThanOrEqual(lower);
				const nothing = verdictOf(one, strictness) === "nothing";
				expect(nothing).toBe(bandOf(one, strictness) === "rest");
			}),
		);
		expect(verdictOf(null, 0)).toBe("nothing");
	});
});

it("the expected greatest of many draws agrees with drawing them", () => {
	// Box and Muller's normal draws from a small generator with a fixed seed.
	let state = 1;
	const uniform = () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return (state + 1) / 2 ** 32;
	};
	const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
	for (const count of [100, 1000, 10_000]) {
		const greatest = Array.from({ length: 20 }, () => {
			let most = -Infinity;
			for (let at = 0; at < count; at += 1) most = Math.max(most, normal());
			return most;
		});
		const mean = greatest.reduce((sum, value) => sum + value, 0) / greatest.length;
		// To first order: the formula is above the truth by less than half a deviation.
		expect(Math.abs(expectedMaximum(count) - mean - 0.35)).toBeLessThan(0.35);
	}
});

describe("a library", () => {
	for (const size of [0, 1, 2, 5]) {
		it(`of ${size} photos gets finite confidences for words and for pictures`, async () => {
			const encoder = createFakeEncoder();
			const folderPath = mkdtempSync(join(tmpdir(), "afterimage-calibration-"));
			onTestFinished(() => rmSync(folderPath, { recursive: true, force: true }));
			const space = { encoderKey: encoder.key, dimensions: fakeDimensions };
			const index = new LibraryIndex({ space, folderPath });
			const texts = await encoder.embedTexts(["a", "b", "c", "d", "e", "query"]);
			for (const [label, { vector }] of texts.slice(0, size).entries()) index.set(label, vector);
			const vector = texts[5]?.vector ?? new Float32Array(fakeDimensions);
			const prompts = new NeutralPrompts(encoder, ["one thing", "another thing"]);
			const calibrator = new Calibrator(index, encoder.manifest, prompts);
			const neighbours = await index.search(vector, 10);
			const found = { vector, neighbours, searched: index.size };
			for (const curve of [await calibrator.forText(found), await calibrator.forPicture(found)]) {
				expect(curve === null).toBe(size === 0);
				if (curve === null) continue;
				const confidence = confidenceAt(curve, curve.best);
				expect(confidence).toBeGreaterThanOrEqual(0);
				expect(confidence).toBeLessThanOrEqual(1);
				expect(curve.slope).toBeGreaterThan(0);
				expect(Number.isFinite(curve.slope)).toBe(true);
			}
			index.close();
		});
	}
});

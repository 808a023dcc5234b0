/** Drawing by lot: what top-k, top-p and temperature leave to choose from, and how often each is chosen. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { choiceOf, draw, type Sampling } from "../../engine/generator/autoregressive/sampling.ts";
import { SeededRandom } from "../../engine/generator/picture/random.ts";

const anything: Sampling = { temperature: 1, topK: 1000, topP: 1 };
const logitsOf = fc
	.array(fc.float({ min: -60, max: 60, noNaN: true }), { minLength: 1, maxLength: 40 })
	.map((values) => Float32Array.from(values));
const samplings = fc.record({
	temperature: fc.double({ min: 0, max: 4, noNaN: true }),
	topK: fc.integer({ min: 1, max: 50 }),
	topP: fc.double({ min: 0.01, max: 1, noNaN: true }),
});

/** Of all, at temperature 1, in their own order. */
function softmax(logits: Float32Array): number[] {
	const highest = Math.max(...logits);
	const weights = Array.from(logits, (value) => Math.exp(value - highest));
	const sum = weights.reduce((total, value) => total + value, 0);
	return weights.map((value) => value / sum);
}

test("what is left to choose from is the likeliest, in order, with probabilities that add up to 1", () => {
	fc.assert(
		fc.property(logitsOf, samplings, (logits, sampling) => {
			const { indices, probabilities } = choiceOf(logits, sampling);
			expect(indices).toHaveLength(probabilities.length);
			expect(new Set(indices).size).toBe(indices.length);
			expect(indices.length).toBeGreaterThanOrEqual(1);
			expect(indices.length).toBeLessThanOrEqual(Math.min(sampling.topK, logits.length));
			expect(probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
			const lowestKept = Math.min(...indices.map((index) => logits[index] ?? 0));
			const left = [...logits.keys()].filter((index) => !indices.includes(index));
			expect(left.every((index) => (logits[index] ?? 0) <= lowestKept)).toBe(true);
		}),
	);
});

test("with everything allowed the probabilities are the softmax", () => {
	fc.assert(
		fc.property(logitsOf, (logits) => {
			const expected = softmax(logits);
			const { indices, probabilities } = choiceOf(logits, anything);
			for (const [at, index] of indices.entries()) {
				expect(probabilities[at]).toBeCloseTo(expected[index] ?? 0, 6);
			}
		}),
	);
});

test("the nucleus is the smallest that reaches the share", () => {
	fc.assert(
		fc.property(logitsOf, fc.double({ min: 0.01, max: 0.999, noNaN: true }), (logits, topP) => {
			const all = softmax(logits);
			const { indices } = choiceOf(logits, { ...anything, topP });
			const shares = indices.map((index) => all[index] ?? 0);
			const sum = shares.reduce((total, value) => total + value, 0);
			const withoutLast = sum - (shares.at(-1) ?? 0);
			expect(sum).toBeGreaterThanOrEqual(topP - 1e-6);
			if (indices.length > 1) expect(withoutLast).toBeLessThan(topP + 1e-6);
		}),
	);
});

describe("at the edges", () => {
	const logits = Float32Array.of(1, 3, 3, -2);

	test.each<[string, Partial<Sampling>, number[]]>([
		["one of the likeliest", { topK: 1 }, [1]],
		["a share near nothing", { topP: 0.01 }, [1]],
		["temperature 0", { temperature: 0 }, [1]],
		["the likeliest two, which are equal", { topK: 2 }, [1, 2]],
		["more than there are", { topK: 5000 }, [1, 2, 0, 3]],
	])("%s", (_, changes, indices) => {
		expect(choiceOf(logits, { ...anything, ...changes }).indices).toEqual(indices);
	});

	test("a temperature near 0 comes to the likeliest, and a high one to an even choice", () => {
		const [first = 0] = choiceOf(Float32Array.of(1, 1.1), {
			...anything,
			temperature: 0.001,
		}).probabilities;
		expect(first).toBeCloseTo(1, 9);
		const even = choiceOf(logits, { ...anything, temperature: 1e6 }).probabilities;
		for (const probability of even) expect(probability).toBeCloseTo(0.25, 4);
	});

	test("logits that differ by more than float can express choose without infinities", () => {
		const choice = choiceOf(Float32Array.of(-3e38, 3e38, 0), anything);
		expect(choice).toEqual({ indices: [1], probabilities: Float64Array.of(1) });
	});
});

test("each is drawn as often as its probability says", () => {
	const random = new SeededRandom(5);
	const choice = choiceOf(Float32Array.of(0, Math.log(3), Math.log(6)), anything);
	const counts = [0, 0, 0];
	for (let at = 0; at < 20_000; at++) {
		const index = draw(choice, random);
		counts[index] = (counts[index] ?? 0) + 1;
	}
	expect(counts.map((count) => Math.round(count / 200) / 100)).toEqual([
		expect.closeTo(0.1, 1),
		expect.closeTo(0.3, 1),
		expect.closeTo(0.6, 1),
	]);
});

test("a draw takes one random number, however little there is to choose from", () => {
	const [one, other] = [new SeededRandom(9), new SeededRandom(9)];
	draw(choiceOf(Float32Array.of(1, 2, 3), { ...anything, topK: 1 }), one);
	draw(choiceOf(Float32Array.of(1, 2, 3), anything), other);
	expect(one.uniform()).toBe(other.uniform());
});

/** @file The pieces of a label: names, prompts, scores, thresholds, learning. Pure functions. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { Refusal } from "../../contract/errors.ts";
import { promptsOf } from "../../engine/tagger/label-prompts.ts";
import { probability, sharedOut } from "../../engine/tagger/label-score.ts";
import { learnFromAnswers } from "../../engine/tagger/learn-label.ts";
import { cleanTagPath } from "../../engine/tagger/tag-path.ts";
import { automaticThreshold } from "../../engine/tagger/threshold.ts";
import { readVocabulary } from "../../engine/tagger/vocabulary-lines.ts";

function refused(path: string): Refusal | null {
	try {
		cleanTagPath(path);
		return null;
	} catch (error) {
		if (error instanceof Refusal) return error;
		throw error;
	}
}

test("a tag's path is trimmed, evened out and composed", () => {
	expect(cleanTagPath("  animal /  big   dog ")).toBe("animal/big dog");
	expect(cleanTagPath("cafe\u0301")).toBe("caf\u00e9");
	expect(cleanTagPath("動物/犬")).toBe("動物/犬");
});

test.each([
	["", "needs a name"],
	[" / ", "needs a name"],
	["animal//dog", "nothing between"],
	["animal/", "nothing between"],
	["dog\u202egod", "cannot be seen"],
	["dog\u0000", "cannot be seen"],
	["animal|dog", "bar"],
	["a/".repeat(12).concat("b"), "12 steps"],
	["x".repeat(101), "100 characters"],
	[Array.from({ length: 12 }, () => "x".repeat(60)).join("/"), "400 characters"],
])("a tag called %j is refused with a reason", (path, reason) => {
	expect(refused(path)).toMatchObject({
		code: "NAME_NOT_ALLOWED",
		message: expect.stringContaining(reason),
	});
});

test("whatever is typed is refused with a reason or comes out in a form that stays", () => {
	fc.assert(
		fc.property(fc.string({ unit: "binary", maxLength: 500 }), (typed) => {
			const refusal = refused(typed);
			if (refusal !== null) {
				expect(refusal.code).toBe("NAME_NOT_ALLOWED");
				return;
			}
			const clean = cleanTagPath(typed);
			expect(cleanTagPath(clean)).toBe(clean);
			expect(clean.split("/").every((part) => part === part.trim() && part !== "")).toBe(true);
		}),
	);
});

test("whatever a vocabulary file holds is read or told with its line", () => {
	const line = fc.oneof(
		fc.string({ unit: "binary", maxLength: 80 }),
		fc.constantFrom("[Animals, any of]", "[Rooms, one of]", "[", "dog = a dog; | x", "= ; |", "#"),
	);
	fc.assert(
		fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
			const text = lines.join("\n");
			const { groups, problems } = readVocabulary(text, "file.txt", "Labels");
			const count = text.split(/\r\n|\n|\r/).length;
			for (const problem of problems) {
				expect(problem.file).toBe("file.txt");
				expect(problem.line).toBeGreaterThan(0);
				expect(problem.line).toBeLessThanOrEqual(count);
			}
			for (const { labels } of groups) {
				expect(labels.every(({ wordings }) => wordings.length > 0)).toBe(true);
			}
		}),
	);
});

test("a bare name is put into sentences, wordings stand as they are", () => {
	const prompts = promptsOf(["Dog"], "animal/dog");
	expect(prompts.length).toBeGreaterThan(1);
	expect(prompts.every((prompt) => prompt.includes("Dog"))).toBe(true);
	expect(promptsOf(["a dog"], "animal/dog")).toEqual(["a dog"]);
	expect(promptsOf(["dog", "puppy"], "animal/dog")).toEqual(["dog", "puppy"]);
	expect(promptsOf(["$&"], "$&")).toContain("an old $&");
	expect(promptsOf(["car_side"], "car_side")).toContain("an old car side");
	expect(promptsOf(["a_dog", "_"], "dog")).toEqual(["a dog", "_"]);
});

test("shares of a group add up to no more than one, and leave most to none where nothing fits", () => {
	const logOdds = fc.array(fc.double({ min: -30, max: 30, noNaN: true }), { minLength: 1 });
	fc.assert(
		fc.property(logOdds, (odds) => {
			const shares = sharedOut(
				odds.map((value) => value / 50),
				odds,
				22,
			);
			const sum = shares.reduce((total, share) => total + share, 0);
			expect(sum).toBeCloseTo(probability(Math.max(...odds)), 6);
			expect(shares.every((share) => share >= 0)).toBe(true);
		}),
	);
});

test("a threshold keeps the expected precision, and follows the label's own scores", () => {
	const confidences = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 200 });
	fc.assert(
		fc.property(confidences, (values) => {
			const threshold = automaticThreshold(values);
			const suggested = values.filter((value) => value >= threshold);
			expect(threshold).toBeGreaterThanOrEqual(0.5);
			if (suggested.length === 0) return;
			const sum = suggested.reduce((total, value) => total + value, 0);
			expect(sum / suggested.length).toBeGreaterThanOrEqual(0.85 - 1e-9);
		}),
	);
	const sure = [0.99, 0.98, 0.97, 0.96, 0.6, 0.55];
	expect(automaticThreshold(sure)).toBeLessThan(automaticThreshold([0.6, 0.55]));
});

test("answers move a label's photos their way, the same answers always alike", () => {
	const unit = (...values: number[]) => {
		const length = Math.hypot(...values);
		return Float32Array.from(values, (value) => value / length);
	};
	const vector = fc
		.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 })
		.filter((values) => Math.hypot(...values) > 0.1)
		.map((values) => unit(...values));
	const answer = fc.record({ vector, fits: fc.boolean() });
	fc.assert(
		fc.property(vector, answer, (direction, { vector: photo, fits }) => {
			const line = { slope: 13, offset: -5 };
			const answered = { vector: photo, fits, ...line };
			const { direction: learned, bias } = learnFromAnswers(direction, [answered]);
			const dot = (one: Float32Array) =>
				one.reduce((sum, value, at) => sum + value * (photo[at] ?? 0), 0);
			const before = line.slope * dot(direction) + line.offset;
			const after = line.slope * dot(learned) + line.offset + bias;
			if (fits) expect(after).toBeGreaterThanOrEqual(before - 1e-4);
			else expect(after).toBeLessThanOrEqual(before + 1e-4);
			expect(learnFromAnswers(direction, [answered])).toEqual({ direction: learned, bias });
		}),
	);
	fc.assert(
		fc.property(vector, fc.array(answer, { maxLength: 12 }), (direction, answers) => {
			const learned = learnFromAnswers(
				direction,
				answers.map((one) => ({ ...one, slope: 13, offset: -5 })),
			);
			expect([...learned.direction, learned.bias].every(Number.isFinite)).toBe(true);
		}),
	);
});

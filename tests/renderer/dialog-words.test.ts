/** @file What the dialogs say, and how the folder chooser reads paths and typing. */
import { describe, expect, test } from "vitest";
import { encoderIdSchema } from "../../contract/ids.ts";
import type { EncoderStatus, ProviderTrial } from "../../contract/model.ts";
import { failureReasonSchema } from "../../contract/photo.ts";
import { failureWords } from "../../renderer/dialogs/failure-words.ts";
import { crumbsOf, lastPart } from "../../renderer/dialogs/folder-path.ts";
import {
	askedInWords,
	chanceInWords,
	foundInWords,
	rangeInWords,
} from "../../renderer/dialogs/settings/encoder-words.ts";
import {
	indexSentence,
	recallPercent,
	verdict,
} from "../../renderer/dialogs/settings/library-words.ts";
import {
	lostInWords,
	parityInWords,
	placeChoices,
	speedInWords,
	trialOutcome,
} from "../../renderer/dialogs/settings/model-words.ts";
import { typeAhead } from "../../renderer/dialogs/type-ahead.ts";

describe("a photo that could not be read", () => {
	test("has a sentence and advice of its own for every reason there is", () => {
		const sentences = failureReasonSchema.options.map((reason) => failureWords(reason).sentence);
		expect(new Set(sentences).size).toBe(failureReasonSchema.options.length);
		for (const reason of failureReasonSchema.options) {
			const { sentence, advice } = failureWords(reason);
			expect(sentence).toMatch(/^[A-Z][^!]*\.$/);
			expect(advice).toMatch(/^[A-Z][^!]*\.$/);
		}
	});
});

describe("a folder's path", () => {
	test("is walked from the top on every system", () => {
		expect(crumbsOf("/home/kim/").map(({ path }) => path)).toEqual(["/", "/home", "/home/kim"]);
		expect(crumbsOf("C:\\Users\\Kim").map(({ path }) => path)).toEqual([
			"C:\\",
			"C:\\Users",
			"C:\\Users\\Kim",
		]);
		expect(crumbsOf("\\\\nas\\photos\\2019").map(({ path }) => path)).toEqual([
			"\\\\nas\\photos",
			"\\\\nas\\photos\\2019",
		]);
		expect(crumbsOf("/")).toEqual([{ name: "/", path: "/" }]);
		expect(crumbsOf("")).toEqual([]);
	});

	test("ends in the name people use", () => {
		expect(lastPart("/home/kim/Pictures/")).toBe("Pictures");
		expect(lastPart("C:\\Users\\Kim\\a.jpg")).toBe("a.jpg");
		expect(lastPart("/")).toBe("/");
	});
});

describe("typing in the folder list", () => {
	const names = ["2016", "2017", "Camera", "Cards", "Élan", "Wedding"];

	test("leads to the name that starts so", () => {
		expect(typeAhead(names, "we", 0)).toBe(5);
		expect(typeAhead(names, "é", 0)).toBe(4);
		expect(typeAhead(names, "x", 2)).toBe(-1);
		expect(typeAhead([], "a", -1)).toBe(-1);
	});

	test("the same letter again walks on, a longer word stays", () => {
		expect(typeAhead(names, "c", 2)).toBe(3);
		expect(typeAhead(names, "cc", 3)).toBe(2);
		expect(typeAhead(names, "car", 3)).toBe(3);
	});
});

describe("the search model's speed", () => {
	const processor: ProviderTrial = {
		provider: "cpu",
		outcome: "chosen",
		parity: 1,
		imagesPerSecond: 98,
		batchSize: 4,
		reason: null,
	};

	test("is told in pictures a second", () => {
		expect([98.2, 2.44, 1].map(speedInWords)).toEqual([
			"98 pictures a second",
			"2.4 pictures a second",
			"1 picture a second",
		]);
		expect([true, false].map((inUse) => trialOutcome(processor, inUse))).toEqual([
			"In use · 98 pictures a second",
			"Fastest · 98 pictures a second",
		]);
	});

	test("lets the places that agree be chosen, and tells why one is not used", () => {
		const trials = [
			{ ...processor, provider: "webgpu", outcome: "slower" },
			{ ...processor, provider: "cuda", outcome: "disagrees" },
			processor,
		] as const;
		const encoder: EncoderStatus = {
			...{ id: encoderIdSchema.parse("made-up"), title: "Made up", licence: "Apache-2.0" },
			...{ dimensions: 8, state: "ready", problem: null, provider: "cpu", lost: null },
			place: "auto",
			trials: [...trials],
		};
		const places = (status: EncoderStatus) => placeChoices(status).map(({ place }) => place);
		expect(places(encoder)).toEqual(["auto", "cpu", "webgpu"]);
		expect(places({ ...encoder, place: "dml" })).toEqual(["auto", "cpu", "webgpu", "dml"]);
		expect(lostInWords(encoder)).toBeNull();
		expect(lostInWords({ ...encoder, place: "dml" })).toContain("was not found to calculate");
		const lost = { provider: "webgpu", reason: "device removed" } as const;
		expect(lostInWords({ ...encoder, place: "webgpu", lost })).toContain("No photo was left out");
	});

	test("agreement is never rounded up", () => {
		expect(parityInWords(0.9999999)).toContain("0.999999");
		expect(parityInWords(1)).toMatch(/: 1$/);
		expect(parityInWords(null)).toBeNull();
	});
});

describe("the library", () => {
	test("says how much of the nearest it finds, never rounded up", () => {
		expect(recallPercent(0.9999)).toBe("99.9 %");
		expect(recallPercent(1)).toBe("100 %");
		expect(
			indexSentence({ kind: "hnsw", vectors: 90_000, recallAt10: 0.9987, searchWidth: 256 }),
		).toContain("99.8 %");
		expect(indexSentence({ kind: "exact", vectors: 0, recallAt10: 1, searchWidth: null })).toBe(
			"There is nothing to search yet.",
		);
	});

	test("is judged by its worst finding", () => {
		const finding = (outcome: "good" | "repaired" | "repairable" | "broken") => ({
			check: "index" as const,
			outcome,
			message: "",
		});
		expect(verdict([finding("good"), finding("good")])).toBe("All is well.");
		expect(verdict([finding("repaired"), finding("repairable")])).toContain("can be repaired");
		expect(verdict([finding("broken"), finding("repairable")])).toContain("attention");
	});
});

describe("how often search found a photo", () => {
	test("is a share with its range once enough was asked", () => {
		expect(askedInWords(312)).toBe("312 asked");
		expect(foundInWords(0.834, 312)).toBe("83 %");
		expect(rangeInWords({ from: 0.789, to: 0.871 }, 312)).toBe("78 to 88 %");
		expect(rangeInWords({ from: 0.912, to: 1 }, 40)).toBe("91 to 100 %");
		expect(chanceInWords(0.001, 312)).toBe("0.1 %");
	});

	test("is a plain count where too few were asked, with the number that would do", () => {
		expect(askedInWords(12)).toBe("12 asked: too few to tell, 40 would do");
		expect(foundInWords(10 / 12, 12)).toBe("10 of 12");
		expect(rangeInWords({ from: 0.55, to: 0.96 }, 12)).toBeNull();
		expect(chanceInWords(1 / 12, 12)).toBe("1 of 12");
	});
});

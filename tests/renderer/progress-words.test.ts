/** @file The status line tells the truth in few words. */
import { describe, expect, it } from "vitest";
import type { Progress } from "../../contract/activity.ts";
import { formatDuration, progressParts } from "../../renderer/shell/progress-words.ts";

/** As the reader of this computer writes it. */
const n = (value: number) => value.toLocaleString();

const progress: Progress = {
	phase: "indexing",
	photos: 20_113,
	drawn: 0,
	searchable: 12_480,
	failed: 3,
	waiting: 7630,
	photosPerSecond: 94.2,
	secondsLeft: 81,
	text: null,
	encoder: null,
	trouble: null,
};

describe("the status line", () => {
	it("says how much, how fast and how long", () => {
		expect(progressParts(progress).join(" · ")).toBe(
			`${n(12_480)} of ${n(20_113)} searchable · 94/s · 1 min 21 s left`,
		);
	});

	it("counts photos and drawings apart", () => {
		const idle = { ...progress, phase: "idle" as const, waiting: 0, failed: 0 };
		const told = (photos: number, drawn: number, searchable = photos) =>
			progressParts({ ...idle, photos, drawn, searchable }).join();
		expect(told(33, 3)).toBe("30 photos and 3 drawings, all searchable");
		expect(told(2, 1)).toBe("1 photo and 1 drawing, all searchable");
		expect(told(2, 2)).toBe("2 drawings, all searchable");
		expect(told(2, 0)).toBe("2 photos, all searchable");
		expect(told(33, 3, 31)).toBe("31 of 33 searchable");
	});

	it("claims no rate and no time before there is something to measure", () => {
		expect(progressParts({ ...progress, photosPerSecond: null, secondsLeft: null })).toEqual([
			`${n(12_480)} of ${n(20_113)} searchable`,
		]);
	});

	it("tells of reading text once everything is searchable, and only while that goes on", () => {
		const text = { done: 312, photos: 2000, running: true, secondsLeft: 170 };
		const idle = { ...progress, phase: "idle" as const, waiting: 0, searchable: 20_113, failed: 0 };
		expect(progressParts({ ...idle, text })).toEqual([
			`${n(20_113)} photos, all searchable`,
			`Reading text: 312 of ${n(2000)}, about 3 min left`,
		]);
		expect(progressParts({ ...idle, text: { ...text, running: false } })).toHaveLength(1);
		expect(progressParts({ ...progress, text }).join()).not.toContain("text");
		expect(progressParts({ ...idle, text: { ...text, secondsLeft: null } })[1]).toBe(
			`Reading text: 312 of ${n(2000)}`,
		);
	});

	it("tells of a coming search model while it reads photos", () => {
		const encoder = {
			title: "Model two",
			done: 312,
			photos: 2000,
			running: true,
			secondsLeft: 170,
		};
		const idle = { ...progress, phase: "idle" as const, waiting: 0, searchable: 20_113, failed: 0 };
		expect(progressParts({ ...idle, encoder })[1]).toBe(
			`Changing to Model two: 312 of ${n(2000)}, about 3 min left`,
		);
		expect(progressParts({ ...idle, encoder: { ...encoder, running: false } })).toHaveLength(1);
	});

	it("says all only when it is all", () => {
		const idle = { ...progress, phase: "idle" as const, waiting: 0 };
		expect(progressParts({ ...idle, searchable: 20_113, failed: 0 })).toEqual([
			`${n(20_113)} photos, all searchable`,
		]);
		expect(progressParts({ ...idle, searchable: 20_110 })).toEqual([
			`${n(20_110)} of ${n(20_113)} searchable`,
		]);
		expect(progressParts({ ...idle, photos: 0, searchable: 0, failed: 0 })).toEqual([
			"No photos yet",
		]);
	});

	it("rounds durations without ever saying 60 s", () => {
		expect(formatDuration(59.6)).toBe("1 min");
		expect(formatDuration(3599.7)).toBe("1 h");
		expect(formatDuration(7500)).toBe("2 h 5 min");
		expect(formatDuration(0.2)).toBe("0 s");
	});
});

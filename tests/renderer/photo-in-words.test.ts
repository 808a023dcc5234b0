/** @file What the viewer says of a photo: when, where, with what, how large. */
import { describe, expect, test } from "vitest";
import {
	byteSizeInWords,
	cameraInWords,
	dimensionsInWords,
	exposureInWords,
	folderInside,
	shutterInWords,
} from "../../renderer/viewer/photo-facts.ts";
import {
	coordinatesForPasting,
	coordinatesInWords,
	mapWindow,
	placeOf,
} from "../../renderer/viewer/place.ts";
import { offsetWords, readingLocale, takenAtWords } from "../../renderer/viewer/taken-at.ts";

describe("the date", () => {
	const evening = Date.UTC(2019, 5, 14, 21, 32);

	test("is told by the clock of the place, even when that is already the next day", () => {
		const words = takenAtWords(
			{ takenAtMs: evening, takenAtKnown: true, takenOffsetMinutes: 330 },
			"en-GB",
		);
		expect(words.day).toMatch(/Saturday,? 15 June 2019/);
		expect(words.time).toBe("03:02 · UTC+5:30");
		expect(words.note).toBeNull();
	});

	test("without an offset is the clock of the camera, and claims no offset", () => {
		const words = takenAtWords(
			{ takenAtMs: evening, takenAtKnown: true, takenOffsetMinutes: null },
			"en-GB",
		);
		expect(words.day).toMatch(/Friday,? 14 June 2019/);
		expect(words.time).toBe("21:32");
	});

	test("of the file is told by this computer's clock and says so", () => {
		const words = takenAtWords(
			{ takenAtMs: evening, takenAtKnown: false, takenOffsetMinutes: null },
			"en-GB",
			"Asia/Tokyo",
		);
		expect(words.day).toMatch(/Saturday,? 15 June 2019/);
		expect(words.time).toBe("06:32");
		expect(words.note).toContain("Date of the file");
	});

	test("that cannot be a date is not shown as one", () => {
		const words = takenAtWords(
			{ takenAtMs: Number.NaN, takenAtKnown: true, takenOffsetMinutes: 60 },
			"en-GB",
		);
		expect(words.day).toBe("Unknown day");
	});

	test("offsets are written as people write them", () => {
		expect([0, 60, -210, 345, -600].map(offsetWords)).toEqual([
			"UTC",
			"UTC+1",
			"UTC−3:30",
			"UTC+5:45",
			"UTC−10",
		]);
	});

	test("English of the reader's own region is taken, else British", () => {
		expect(readingLocale(["de-DE", "en-US"])).toBe("en-US");
		expect(readingLocale(["fr-FR"])).toBe("en-GB");
	});
});

describe("the place", () => {
	test("is named with its half of the globe", () => {
		expect(coordinatesInWords({ latitude: 38.72231, longitude: -9.13928 })).toBe(
			"38.7223° N, 9.1393° W",
		);
		expect(coordinatesInWords({ latitude: -33.8568, longitude: 151.2153 })).toBe(
			"33.8568° S, 151.2153° E",
		);
		expect(coordinatesForPasting({ latitude: 38.72231, longitude: -9.1 })).toBe(
			"38.72231, -9.10000",
		);
	});

	test("is unknown unless both numbers lie on the globe", () => {
		expect(placeOf(null, 3)).toBeNull();
		expect(placeOf(91, 3)).toBeNull();
		expect(placeOf(3, -181)).toBeNull();
		expect(placeOf(Number.NaN, 3)).toBeNull();
		expect(placeOf(0, 0)).toBeNull();
		expect(placeOf(0, 9.4)).toEqual({ latitude: 0, longitude: 9.4 });
	});

	test("lies inside its map window from pole to pole", () => {
		for (let latitude = -90; latitude <= 90; latitude += 7.5) {
			const window = mapWindow({ latitude, longitude: 179.5 }, 44, 2);
			expect(window.y).toBeGreaterThanOrEqual(window.top);
			expect(window.y).toBeLessThanOrEqual(window.top + window.height);
			expect(window.top).toBeGreaterThanOrEqual(-90);
			expect(window.top + window.height).toBeLessThanOrEqual(90);
		}
	});
});

describe("the exposure", () => {
	test("is one line in the photographers' order", () => {
		expect(
			exposureInWords({ aperture: 2.8, exposureSeconds: 1 / 250, iso: 200, focalLengthMm: 35 }),
		).toBe("ƒ/2.8 · 1/250 s · ISO 200 · 35 mm");
	});

	test("leaves out what is not known or makes no sense", () => {
		expect(
			exposureInWords({ aperture: 0, exposureSeconds: null, iso: 100, focalLengthMm: 4.25 }),
		).toBe("ISO 100 · 4.3 mm");
		expect(
			exposureInWords({ aperture: null, exposureSeconds: null, iso: null, focalLengthMm: null }),
		).toBeNull();
	});

	test("writes the shutter as cameras do", () => {
		expect([1 / 8000, 1 / 60, 1 / 3, 0.4, 1, 2.5, 30].map(shutterInWords)).toEqual([
			"1/8000 s",
			"1/60 s",
			"1/3 s",
			"0.4 s",
			"1 s",
			"2.5 s",
			"30 s",
		]);
	});
});

describe("the camera", () => {
	test("does not name its maker twice", () => {
		expect(cameraInWords("Canon", "Canon EOS 5D")).toBe("Canon EOS 5D");
		expect(cameraInWords("NIKON CORPORATION", "NIKON D70")).toBe("NIKON D70");
		expect(cameraInWords("Apple", "iPhone 12")).toBe("Apple iPhone 12");
		expect(cameraInWords("Apple", null)).toBe("Apple");
		expect(cameraInWords(null, "X100")).toBe("X100");
		expect(cameraInWords(" ", null)).toBeNull();
	});
});

describe("sizes", () => {
	test("in pixels come with megapixels", () => {
		expect(dimensionsInWords(4032, 3024)).toBe("4032 × 3024 · 12.2 megapixels");
		expect(dimensionsInWords(1000, 1000)).toBe("1000 × 1000 · 1 megapixel");
		expect(dimensionsInWords(240, 180)).toBe("240 × 180");
		expect(dimensionsInWords(0, 0)).toBeNull();
	});

	test("in bytes are counted in thousands", () => {
		expect(
			[0, 1, 812, 34_200, 2_449_000, 9_960_000, 999_600, 412_300_000, 3_200_000_000].map(
				byteSizeInWords,
			),
		).toEqual([
			"0 bytes",
			"1 byte",
			"812 bytes",
			"34 KB",
			"2.4 MB",
			"10 MB",
			"1.0 MB",
			"412 MB",
			"3.2 GB",
		]);
	});
});

test("the folder inside the library folder is the path without the file", () => {
	expect(folderInside("2019/Lisbon/a.jpg")).toBe("2019/Lisbon");
	expect(folderInside("a.jpg")).toBeNull();
});

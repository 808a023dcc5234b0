/** @file What a file says of itself: read when it makes sense, null when it does not, never a failure. */

import { readFile } from "node:fs/promises";
import fc from "fast-check";
import sharp from "sharp";
import { expect, test } from "vitest";
import { emptyMetadata, readPhotoMetadata } from "../../engine/decoder/photo-metadata.ts";
import { type ExifValue, exifBlock } from "./exif-block.ts";
import { decoded, fixturePath, small, testDecoder } from "./test-decoder.ts";

const decoder = testDecoder();
const text = (value: string): ExifValue => ({ type: 2, values: Buffer.from(`${value}\0`) });
const rational = (...values: [number, number][]): ExifValue => ({ type: 5, values });
const place = (
	latitude: ExifValue,
	latitudeRef: string,
	longitude: ExifValue,
	longitudeRef: string,
) => ({ 1: text(latitudeRef), 2: latitude, 3: text(longitudeRef), 4: longitude }) as const;

const sydney = place(
	rational([33, 1], [51, 1], [3594, 100]),
	"S",
	rational([151, 1], [12, 1], [4010, 100]),
	"E",
);

test("a full block is read: time with its offset, place, camera, lens and exposure", async () => {
	const exif = exifBlock({
		image: { 271: text("  Maker  "), 272: text("Model 1\u0007") },
		photo: {
			36867: text("2024:07:05 18:30:15"),
			36881: text("+10:00"),
			37521: text("25"),
			33434: rational([1, 250]),
			33437: rational([28, 10]),
			34855: { type: 3, values: [400] },
			37386: rational([35, 1]),
			42036: text("35mm F2.8"),
		},
		gps: sydney,
	});
	const expected = {
		takenAtMs: Date.UTC(2024, 6, 5, 8, 30, 15, 250),
		takenOffsetMinutes: 600,
		cameraMake: "Maker",
		cameraModel: "Model 1",
		lens: "35mm F2.8",
		focalLengthMm: 35,
		aperture: 2.8,
		exposureSeconds: 0.004,
		iso: 400,
	};
	const read = readPhotoMetadata(exif);
	expect(read).toMatchObject(expected);
	expect(read.latitude).toBeCloseTo(-33.85998, 4);
	expect(read.longitude).toBeCloseTo(151.21114, 4);
	const scene = await readFile(fixturePath("scene.jpg"));
	const app1 = Buffer.concat([Buffer.from("Exif\0\0"), exif]);
	const segment = Buffer.alloc(4);
	segment.writeUInt16BE(0xffe1);
	segment.writeUInt16BE(app1.length + 2, 2);
	const bytes = Buffer.concat([scene.subarray(0, 2), segment, app1, scene.subarray(2)]);
	expect(decoded(await decoder.decode({ bytes }, small)).metadata).toMatchObject(expected);
});

test("PNG, WebP, AVIF and TIFF give their metadata too", async () => {
	const image = sharp(fixturePath("scene.jpg"))
		.resize(64)
		.withExif({ IFD0: { Make: "Maker" }, IFD2: { DateTimeOriginal: "2020:02:03 04:05:06" } });
	for (const format of ["png", "webp", "avif"] as const) {
		const bytes = await image.clone().toFormat(format).toBuffer();
		const { metadata } = decoded(await decoder.decode({ bytes }, small));
		expect([format, metadata.cameraMake, metadata.takenAtMs, metadata.takenOffsetMinutes]).toEqual([
			format,
			"Maker",
			Date.UTC(2020, 1, 3, 4, 5, 6),
			null,
		]);
	}
});

test("the digitised time and then the file's own stand in for a missing capture time", () => {
	const digitised = { photo: { 36868: text("2001:01:02 03:04:05") } };
	const image = { 306: text("2005:01:02 03:04:05") };
	expect(readPhotoMetadata(exifBlock({ ...digitised, image })).takenAtMs).toBe(
		Date.UTC(2001, 0, 2, 3, 4, 5),
	);
	expect(readPhotoMetadata(exifBlock({ image })).takenAtMs).toBe(Date.UTC(2005, 0, 2, 3, 4, 5));
});

test("blank, impossible and oddly typed dates are null", () => {
	const values = [
		text("0000:00:00 00:00:00"),
		text("0001:01:01 00:00:00"),
		text("    :  :     :  :  "),
		text("yesterday"),
		text("9999:99:99 99:99:99"),
		rational([1, 0]),
		{ type: 3, values: [7] },
	] as const;
	for (const value of values) {
		expect(readPhotoMetadata(exifBlock({ photo: { 36867: value } })).takenAtMs).toBeNull();
	}
	const photo = { 36867: text("2024:07:05 18:30:15"), 36881: text("+99:99") };
	expect(readPhotoMetadata(exifBlock({ photo }))).toMatchObject({
		takenAtMs: Date.UTC(2024, 6, 5, 18, 30, 15),
		takenOffsetMinutes: null,
	});
});

test("implausible places are null, and so is half a place", () => {
	const fine = rational([10, 1], [30, 1], [0, 1]);
	const places = [
		place(rational([91, 1], [0, 1], [0, 1]), "N", fine, "E"),
		place(fine, "N", rational([181, 1], [0, 1], [0, 1]), "E"),
		place(rational([10, 1], [75, 1], [0, 1]), "N", fine, "E"),
		place(rational([0, 0], [0, 0], [0, 0]), "N", rational([0, 0], [0, 0], [0, 0]), "E"),
		place(rational([0, 1], [0, 1], [0, 1]), "N", rational([0, 1], [0, 1], [0, 1]), "E"),
		place(fine, "?", fine, "E"),
		{ 1: text("N"), 2: fine },
	];
	for (const gps of places) {
		expect(readPhotoMetadata(exifBlock({ gps }))).toMatchObject({
			latitude: null,
			longitude: null,
		});
	}
	const noSeconds = place(rational([10, 1], [30, 1], [0, 0]), "N", fine, "W");
	expect(readPhotoMetadata(exifBlock({ gps: noSeconds }))).toMatchObject({
		latitude: 10.5,
		longitude: -10.5,
	});
});

test("long, empty and control-filled texts and impossible numbers do no harm", () => {
	const read = readPhotoMetadata(
		exifBlock({
			image: { 271: text("x".repeat(1024 * 1024)), 272: text(" \u0001\u0002 ") },
			photo: {
				42036: text("\u202eevil\u001b[31m"),
				33434: rational([1, 0]),
				33437: rational([0, 0]),
				34855: text("auto"),
				37386: { type: 10, values: [[-5, 1]] },
			},
		}),
	);
	expect(read.cameraMake).toBe("x".repeat(200));
	expect(read).toMatchObject({ cameraModel: null, lens: "evil[31m" });
	expect(read).toMatchObject({
		exposureSeconds: null,
		aperture: null,
		iso: null,
		focalLengthMm: null,
	});
});

test("no block, a foreign block and any damaged block give nulls or sane values, never an error", () => {
	expect(readPhotoMetadata(undefined)).toEqual(emptyMetadata);
	expect(readPhotoMetadata(Buffer.from("MM, said the cow"))).toEqual(emptyMetadata);
	const whole = exifBlock({
		image: { 271: text("Maker"), 306: text("2005:01:02 03:04:05") },
		photo: { 36867: text("2024:07:05 18:30:15"), 33437: rational([28, 10]) },
		gps: sydney,
	});
	const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 })), {
		maxLength: 12,
	});
	fc.assert(
		fc.property(damage, fc.nat(whole.length), (changes, length) => {
			const bytes = Buffer.from(whole);
			for (const [at, value] of changes) bytes[at] = value;
			const read = readPhotoMetadata(bytes.subarray(0, length));
			for (const value of Object.values(read)) {
				expect(
					value === null ||
						(typeof value === "number" ? Number.isFinite(value) : value.length <= 200),
				).toBe(true);
			}
			expect((read.latitude === null) === (read.longitude === null)).toBe(true);
		}),
		{ numRuns: 2000 },
	);
});

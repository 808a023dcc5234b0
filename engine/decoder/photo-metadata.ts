/** @file Capture time, place and camera out of a file's EXIF block. Hostile input: anything odd is null. */
import exifReader from "exif-reader";
import { unknownCaptureFacts } from "../../contract/capture-facts.ts";
import type { PhotoMetadata } from "./decoder.ts";

/** Larger blocks are not looked at: real ones stay under 64 KiB, with maker notes under 1 MiB. */
const maxExifBytes = 8 * 1024 * 1024;
const maxTextLength = 200;
/** The year of the oldest photograph; earlier dates are a clock that was never set. */
const earliestYear = 1826;
const latestYear = 2100;
const dayMs = 86_400_000;

/** How the reader returns the blank dates 0000:00:00 and 0001:01:01. */
const blankDays: ReadonlySet<number> = new Set([
	Date.UTC(1899, 10, 30) / dayMs,
	Date.UTC(1901, 0, 1) / dayMs,
]);

type Tags = Readonly<Record<string, unknown>>;

export const emptyMetadata: PhotoMetadata = {
	takenAtMs: null,
	...unknownCaptureFacts,
};

/** Printable text of at most 200 characters; control and direction-changing characters are dropped. */
function readText(value: unknown): string | null {
	const raw =
		typeof value === "string"
			? value.slice(0, 4096)
			: value instanceof Uint8Array
				? Buffer.from(value.subarray(0, 4096)).toString("utf8")
				: null;
	if (raw === null) return null;
	const text = raw
		.toWellFormed()
		.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, "")
		.trim();
	const shown = Array.from(text).slice(0, maxTextLength).join("").trim();
	return shown === "" ? null : shown;
}

/** A number inside (0, max]; the first where the tag holds several. */
function readPositive(value: unknown, max: number): number | null {
	const first: unknown = Array.isArray(value) ? value[0] : value;
	return typeof first === "number" && first > 0 && first <= max ? first : null;
}

function readOffsetMinutes(value: unknown): number | null {
	const match = /^([+-])(\d\d):([0-5]\d)$/.exec(readText(value) ?? "");
	if (match === null) return null;
	const minutes = Number(match[2]) * 60 + Number(match[3]);
	if (minutes > 14 * 60) return null;
	return match[1] === "-" && minutes > 0 ? -minutes : minutes;
}

/** The first date the file gives: taken, digitised, then changed. */
function readCaptureTime(
	image: Tags,
	photo: Tags,
): Pick<PhotoMetadata, "takenAtMs" | "takenOffsetMinutes"> {
	const candidates = [
		{ date: photo.DateTimeOriginal, suffix: "Original" },
		{ date: photo.DateTimeDigitized, suffix: "Digitized" },
		{ date: image.DateTime, suffix: "" },
	];
	for (const { date, suffix } of candidates) {
		if (!(date instanceof Date)) continue;
		const year = date.getUTCFullYear();
		const blank = blankDays.has(Math.floor(date.getTime() / dayMs));
		if (blank || !(year >= earliestYear && year <= latestYear)) continue;
		const offsetMinutes = readOffsetMinutes(photo[`OffsetTime${suffix}`]);
		const fraction = /^\d{1,9}$/.exec(readText(photo[`SubSecTime${suffix}`]) ?? "")?.[0];
		const fractionMs = fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * 1000);
		return {
			takenAtMs: date.getTime() + fractionMs - (offsetMinutes ?? 0) * 60_000,
			takenOffsetMinutes: offsetMinutes,
		};
	}
	return { takenAtMs: null, takenOffsetMinutes: null };
}

/** Degrees, minutes, seconds with a hemisphere letter; south and west are negative. */
function readDegrees(
	value: unknown,
	hemisphere: unknown,
	letters: readonly [string, string],
	max: number,
): number | null {
	if (!Array.isArray(value) || value.length < 1 || value.length > 3) return null;
	let degrees = 0;
	for (const [index, part] of value.entries()) {
		// A missing seconds value is written as 0/0 by some cameras.
		const amount: unknown = index > 0 && Number.isNaN(part) ? 0 : part;
		if (typeof amount !== "number" || !(amount >= 0) || (index > 0 && amount >= 60.001))
			return null;
		degrees += amount / 60 ** index;
	}
	if (!(degrees <= max)) return null;
	const letter = readText(hemisphere)?.toUpperCase();
	if (letter === letters[0]) return degrees;
	return letter === letters[1] ? -degrees : null;
}

/** Both or neither; 0, 0 in the Gulf of Guinea is a receiver without a fix. */
function readPlace(gps: Tags): Pick<PhotoMetadata, "latitude" | "longitude"> {
	const latitude = readDegrees(gps.GPSLatitude, gps.GPSLatitudeRef, ["N", "S"], 90);
	const longitude = readDegrees(gps.GPSLongitude, gps.GPSLongitudeRef, ["E", "W"], 180);
	const known = latitude !== null && longitude !== null && (latitude !== 0 || longitude !== 0);
	return known ? { latitude, longitude } : { latitude: null, longitude: null };
}

/** Never throws. @param exif the EXIF block, with or without its `Exif\0\0` prefix. */
export function readPhotoMetadata(exif: Buffer | undefined): PhotoMetadata {
	if (exif === undefined || exif.length > maxExifBytes) return emptyMetadata;
	let image: Tags;
	let photo: Tags;
	let gps: Tags;
	try {
		const tags = exifReader(exif);
		image = tags.Image ?? {};
		photo = tags.Photo ?? {};
		gps = tags.GPSInfo ?? {};
	} catch {
		return emptyMetadata;
	}
	return {
		...readCaptureTime(image, photo),
		...readPlace(gps),
		cameraMake: readText(image.Make),
		cameraModel: readText(image.Model),
		lens: readText(photo.LensModel),
		focalLengthMm: readPositive(photo.FocalLength, 10_000),
		aperture: readPositive(photo.FNumber, 1000),
		exposureSeconds: readPositive(photo.ExposureTime, 7 * 86_400),
		iso: readPositive(photo.ISOSpeedRatings ?? photo.PhotographicSensitivity, 1e8),
	};
}

/** @file Folders of photos whose right answers are known. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const captionsSchema = z.array(z.object({ file: z.string(), captions: z.array(z.string()) }));

/** Photos with sentences written for them; each sentence has exactly one right photo. */
export interface CaptionedSet {
	kind: "captions";
	photos: { path: string; captions: string[] }[];
}

/** Photos with one class each. */
export interface LabelledSet {
	kind: "labels";
	photos: { path: string; label: string }[];
	/** Sorted; as words: underscores become spaces, lower case. */
	labels: string[];
}

/** Reads `captions.json` or `labels.csv` in the folder. Throws a sentence when neither is there. */
export function readPhotoSet(folder: string): CaptionedSet | LabelledSet {
	const captionsPath = join(folder, "captions.json");
	if (existsSync(captionsPath)) {
		const entries = captionsSchema.parse(JSON.parse(readFileSync(captionsPath, "utf8")));
		const photos = entries.map(({ file, captions }) => ({ path: join(folder, file), captions }));
		return { kind: "captions", photos };
	}
	const labelsPath = join(folder, "labels.csv");
	if (existsSync(labelsPath)) return readLabels(folder, labelsPath);
	throw new Error(`${folder} has neither captions.json nor labels.csv.`);
}

function readLabels(folder: string, labelsPath: string): LabelledSet {
	const [header = "", ...lines] = readFileSync(labelsPath, "utf8").trim().split(/\r?\n/);
	const columns = header.split(",");
	const fileColumn = columns.indexOf("file");
	const classColumn = columns.indexOf("class");
	if (fileColumn < 0 || classColumn < 0) {
		throw new Error(`${labelsPath} must have the columns "file" and "class".`);
	}
	const photos = lines.map((line) => {
		const cells = line.split(",");
		const label = (cells[classColumn] ?? "").replaceAll("_", " ").toLowerCase();
		return { path: join(folder, cells[fileColumn] ?? ""), label };
	});
	const labels = [...new Set(photos.map(({ label }) => label))].sort();
	return { kind: "labels", photos, labels };
}

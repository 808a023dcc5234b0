/**
 * @file Automatic tags with the shipped vocabulary: how many photos get one, and how many are right.
 * Right or wrong was judged by a person looking at each photo (`tag-verdicts.csv`): on "tuning" rows
 * labels were dropped and reworded, "reporting" rows were judged once, afterwards, on other photos.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, extname, join, relative, sep } from "node:path";
import { z } from "zod";
import type { Decoder } from "../engine/decoder/decoder.ts";
import type { DualEncoder } from "../engine/encoder/dual-encoder.ts";
import { photoFileExtensions } from "../engine/photo-file-extensions.ts";
import { type ClassifierLabel, LabelClassifier } from "../engine/tagger/label-classifier.ts";
import {
	readVocabularyFolder,
	shippedVocabularyFolder,
} from "../engine/tagger/shipped-vocabulary.ts";
import { automaticThreshold } from "../engine/tagger/threshold.ts";
import { embedPhotos } from "./embed-photos.ts";
import { readPhotoSet } from "./photo-set.ts";

const verdictSchema = z.object({
	sample: z.enum(["tuning", "reporting"]),
	set: z.string(),
	file: z.string(),
	tag: z.string(),
	confidence: z.coerce.number(),
	verdict: z.enum(["right", "wrong"]),
	encoder: z.string(),
	vocabulary: z.string(),
});
export type TagVerdict = z.infer<typeof verdictSchema>;

/** The judged tags that come with the sources. No cell holds a comma. */
export function readTagVerdicts(
	path = join(import.meta.dirname, "tag-verdicts.csv"),
): TagVerdict[] {
	const [heading = "", ...lines] = readFileSync(path, "utf8").trim().split("\n");
	const columns = heading.split(",");
	return lines.map((line) => {
		const cells = line.split(",");
		return verdictSchema.parse(Object.fromEntries(columns.map((name, at) => [name, cells[at]])));
	});
}

/** First characters of the SHA-256 over the vocabulary's files, by name. */
export function vocabularyVersion(folder: string): string {
	const hash = createHash("sha256");
	const names = readdirSync(folder).filter((name) => name.endsWith(".txt"));
	for (const name of names.sort()) hash.update(readFileSync(join(folder, name)));
	return hash.digest("hex").slice(0, 12);
}

/** Share of right ones, in percent. */
export interface Precision {
	judged: number;
	right: number;
	precision: number;
}

/** @param verdicts any of one sample. */
export function precisionOf(verdicts: readonly TagVerdict[]): Precision {
	const right = verdicts.filter(({ verdict }) => verdict === "right").length;
	return { judged: verdicts.length, right, precision: (right / verdicts.length) * 100 };
}

/** Precision for each outermost tag. */
function precisionByGroup(verdicts: readonly TagVerdict[]): Record<string, Precision> {
	const groups = Map.groupBy(verdicts, ({ tag }) => tag.split("/")[0] ?? tag);
	return Object.fromEntries([...groups].map(([name, ofGroup]) => [name, precisionOf(ofGroup)]));
}

/**
 * Against the classes of a labelled set, without anyone looking: only tags named as one of its classes
 * count ("guitar" also for "electric guitar"), and as right only on photos of such a class. A photo of a garden that shows a flower too
 * counts against "flower", so the precision is a lower bound.
 */
function againstClasses(
	folder: string,
	labels: readonly ClassifierLabel[],
	isSuggested: (set: string, file: string, tag: string) => boolean,
) {
	if (!existsSync(join(folder, "labels.csv"))) return null;
	const set = readPhotoSet(folder);
	if (set.kind !== "labels") return null;
	const named = labels.flatMap(({ path, synonyms }) => {
		const names = [path.split("/").at(-1) ?? path, ...synonyms];
		const means = (label: string) =>
			names.some((name) => label === name || label.endsWith(` ${name}`));
		const classes = set.labels.filter(means);
		return classes.length === 0 ? [] : [{ path, classes }];
	});
	let [tags, right, photos] = [0, 0, 0];
	for (const photo of set.photos) {
		const file = relative(folder, photo.path).split(sep).join("/");
		if (named.some(({ classes }) => classes.includes(photo.label))) photos += 1;
		for (const { path, classes } of named) {
			if (!isSuggested(basename(folder), file, path)) continue;
			tags += 1;
			if (classes.includes(photo.label)) right += 1;
		}
	}
	return {
		classes: new Set(named.flatMap(({ classes }) => classes)).size,
		/** Photos of these classes, and how many got their own class as a tag. */
		photos,
		right,
		coverage: (right / photos) * 100,
		tags,
		precision: (right / tags) * 100,
	};
}

/** All folders' photos together are one library: thresholds follow what is in it. */
export async function measureTagPrecision(
	folders: readonly string[],
	resourcesPath: string,
	phrases: readonly string[],
	parts: { decoder: Decoder; encoder: DualEncoder },
) {
	const folder = shippedVocabularyFolder(resourcesPath);
	const { groups, problems } = readVocabularyFolder(folder);
	const classifier = await LabelClassifier.create(parts.encoder, phrases, groups);
	const photos = folders.flatMap((path) =>
		photoFiles(path).map((file) => ({ set: basename(path), file, path: join(path, file) })),
	);
	const vectors = await embedPhotos(
		photos.map(({ path }) => path),
		parts,
	);
	const confidences = await classifier.classify(vectors);
	const thresholds = classifier.labels.map((_, column) =>
		automaticThreshold(confidences.map((ofPhoto) => ofPhoto[column] ?? 0)),
	);
	const suggested = new Set<string>();
	let tagged = 0;
	for (const [row, { set, file }] of photos.entries()) {
		let tags = 0;
		for (const [column, { path }] of classifier.labels.entries()) {
			if ((confidences[row]?.[column] ?? 0) < (thresholds[column] ?? 1)) continue;
			suggested.add(key(set, file, path));
			tags += 1;
		}
		if (tags > 0) tagged += 1;
	}
	const verdicts = readTagVerdicts();
	const reporting = verdicts.filter(({ sample }) => sample === "reporting");
	const still = reporting.filter(({ set, file, tag }) => suggested.has(key(set, file, tag)));
	const version = vocabularyVersion(folder);
	const isSuggested = (set: string, file: string, tag: string) =>
		suggested.has(key(set, file, tag));
	return {
		vocabulary: version,
		labels: classifier.labels.length,
		problems: problems.length,
		photos: photos.length,
		tags: suggested.size,
		tagsPerPhoto: suggested.size / photos.length,
		/** Percent of photos with at least one tag. */
		coverage: (tagged / photos.length) * 100,
		knownClasses: Object.fromEntries(
			folders.flatMap((path) => {
				const figures = againstClasses(path, classifier.labels, isSuggested);
				return figures === null ? [] : [[basename(path), figures]];
			}),
		),
		handChecked: {
			tuning: precisionOf(verdicts.filter(({ sample }) => sample === "tuning")),
			reporting: precisionOf(reporting),
			reportingByGroup: precisionByGroup(reporting),
			/** Of the judged tags, those that are suggested in this run. */
			suggestedNow: precisionOf(still),
			sameVocabulary: reporting.every(({ vocabulary }) => vocabulary === version),
			sameEncoder: reporting.every(({ encoder }) => encoder === parts.encoder.manifest.id),
		},
	};
}

function key(set: string, file: string, tag: string): string {
	return JSON.stringify([set, file, tag]);
}

/** Relative, with `/`, sorted. */
function photoFiles(folder: string): string[] {
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && photoFileExtensions.has(extname(entry.name).toLowerCase()))
		.map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
		.sort();
}

/** @file `afterimage classify FOLDER`: what photos show, by labels, without any library. */

import { readFileSync } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { createDecoder } from "../../engine/decoder/create-decoder.ts";
import { createDualEncoder } from "../../engine/encoder/onnx-dual-encoder.ts";
import { pictureRule } from "../../engine/encoder/picture-rule.ts";
import { LabelClassifier } from "../../engine/tagger/label-classifier.ts";
import {
	readVocabularyFolder,
	shippedVocabularyFolder,
} from "../../engine/tagger/shipped-vocabulary.ts";
import type { VocabularyGroupLines } from "../../engine/tagger/vocabulary-lines.ts";
import { IgnoreRules } from "../../engine/watcher/ignore-rules.ts";
import { walkFolder } from "../../engine/watcher/walk.ts";
import type { CommandContext } from "../command-context.ts";
import { CommandError } from "../failure.ts";
import { whenInterrupted } from "../interruption.ts";
import { readLabelFile, refuseProblems } from "../label-file.ts";
import { resolveGiven } from "../library-path.ts";
import { ProgressLine, printJson, printLine, remark } from "../terminal.ts";

/** A label fits from here on: it is more likely right than wrong. */
const fitsFrom = 0.5;
/** Photos embedded at once. */
const chunkSize = 32;

export interface ClassifyOptions {
	labels?: string | undefined;
	oneOf: boolean;
	json: boolean;
	/** Best labels listed of each photo in JSON. */
	top: number;
}

/** What is known of one photo; the shape of a line of `--json`. */
interface Classified {
	path: string;
	/** Best first. */
	labels: { label: string; probability: number }[];
	/** Probability that none of the labels fits. */
	none: number;
}

/** One photo that cannot be read does not stop the rest. Nothing is stored. */
export async function classify(
	context: CommandContext,
	folder: string,
	options: ClassifyOptions,
): Promise<void> {
	const given = await readGroups(context, options.labels);
	const groups = options.oneOf ? [asOneGroup(given)] : given;
	const paths = await photosIn(resolveGiven(folder), context.signal);
	if (paths.length === 0) return remark(`There are no photos in ${resolveGiven(folder)}.`);
	const { resourcesPath } = context.installation;
	await using closing = new AsyncDisposableStack();
	const encoder = createDualEncoder({ packagePath: join(resourcesPath, "models", "starter") });
	closing.defer(() => encoder.close());
	const decoder = createDecoder();
	closing.defer(() => decoder.close());
	const line = new ProgressLine();
	closing.defer(() => line.clear());
	const work = async () => {
		const phrases = neutralPhrases(resourcesPath);
		const classifier = await LabelClassifier.create(encoder, phrases, groups);
		const pixels = pictureRule(encoder.manifest);
		for (let first = 0; first < paths.length; first += chunkSize) {
			context.signal.throwIfAborted();
			line.show(`${first} of ${paths.length} photos`);
			const chunk = paths.slice(first, first + chunkSize);
			const outcomes = await Promise.all(
				chunk.map((filePath) => decoder.decode({ filePath }, { pixels, thumbnail: false })),
			);
			const pictures = outcomes.flatMap((one) => (one.kind === "decoded" ? [one.pixels] : []));
			const vectors = pictures.length === 0 ? [] : await encoder.embedPictures(pictures);
			const confidences = (await classifier.classify(vectors)).values();
			line.clear();
			for (const [at, outcome] of outcomes.entries()) {
				const path = chunk[at] ?? "";
				if (outcome.kind === "failed") tellFailure(path, outcome, options.json);
				else tell(path, classifier, confidences.next().value ?? new Float32Array(0), options);
			}
		}
	};
	await Promise.race([work(), whenInterrupted(context.signal)]);
}

async function readGroups(
	{ installation, signal }: CommandContext,
	file: string | undefined,
): Promise<VocabularyGroupLines[]> {
	if (file !== undefined) return (await readLabelFile(file, signal)).groups;
	const shipped = readVocabularyFolder(shippedVocabularyFolder(installation.resourcesPath));
	refuseProblems(shipped);
	return shipped.groups;
}

function asOneGroup(groups: readonly VocabularyGroupLines[]): VocabularyGroupLines {
	return { name: "Labels", choose: "one-of", labels: groups.flatMap(({ labels }) => labels) };
}

/** Absolute, sorted. A single photo may be named as well. Folders that cannot be read are told. */
async function photosIn(path: string, signal: AbortSignal): Promise<string[]> {
	const stats = await stat(path).catch((error: unknown) => {
		throw new CommandError(`There is no folder ${path}, or it may not be read.`, error);
	});
	if (stats.isFile()) return [path];
	const root = await realpath(path);
	const found: string[] = [];
	for await (const { files, unread } of walkFolder(root, {
		rules: new IgnoreRules(root),
		signal,
	})) {
		for (const { relativePath } of files) found.push(join(root, relativePath));
		for (const { relativePath } of unread) {
			remark(`Could not be read, so its photos are missing: ${join(root, relativePath)}`);
		}
	}
	signal.throwIfAborted();
	return found.sort();
}

function neutralPhrases(resourcesPath: string): string[] {
	const path = join(resourcesPath, "vocabularies", "neutral-prompts.txt");
	return readFileSync(path, "utf8")
		.split("\n")
		.filter((phrase) => phrase.trim() !== "");
}

function tellFailure(path: string, failure: { reason: string; message: string }, json: boolean) {
	if (json) printJson({ path, error: failure.reason, message: failure.message });
	remark(`${failure.reason}: ${path}`);
}

function tell(
	path: string,
	{ labels: known }: LabelClassifier,
	confidences: Float32Array,
	{ oneOf, json, top }: ClassifyOptions,
): void {
	const ranked = known
		.map(({ path: label }, at) => ({ label, probability: rounded(confidences[at] ?? 0) }))
		.sort((one, other) => other.probability - one.probability);
	const sum = ranked.reduce((total, { probability }) => total + probability, 0);
	const best = ranked[0]?.probability ?? 0;
	const none = rounded(Math.max(0, 1 - (oneOf ? sum : best)));
	if (json) {
		printJson({ path, labels: ranked.slice(0, top), none } satisfies Classified);
		return;
	}
	const fitting = oneOf
		? ranked.slice(0, best > none ? 1 : 0)
		: ranked.filter(({ probability }) => probability >= fitsFrom);
	const words = fitting.map(({ label, probability }) => `${label} ${percent(probability)}`);
	printLine(`${path}  ${words.length === 0 ? `none of these ${percent(none)}` : words.join(", ")}`);
}

function rounded(probability: number): number {
	return Math.round(probability * 10_000) / 10_000;
}

function percent(probability: number): string {
	return `${Math.round(probability * 100)} %`;
}

/**
 * @file `npm run eval -- FOLDER… [--closer] [--look-alikes] [--recognised-text] [--tags]`: how good search is on photos with
 * known answers, through the app's own decoder. Prints JSON. Finding copies is measured when asked for:
 * it makes and reads thousands of pictures. Reading text is measured on pictures of its own and needs
 * no folder. `--closer` measures the starter's closer look. `--tags` measures automatic tags instead, on all folders as one library.
 */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { createDecoder } from "../engine/decoder/create-decoder.ts";
import { withCloserLook } from "../engine/encoder/closer-look.ts";
import type { DualEncoder } from "../engine/encoder/dual-encoder.ts";
import { loadModelPackage } from "../engine/encoder/model-package.ts";
import { createDualEncoder } from "../engine/encoder/onnx-dual-encoder.ts";
import { NeutralPrompts } from "../engine/search/calibration/neutral-prompts.ts";
import { measureComposition } from "./composition.ts";
import { embedPhotos } from "./embed-photos.ts";
import { measureExclusion } from "./exclusion.ts";
import { measureFewAnswers } from "./few-answers.ts";
import { measureHonestAnswers } from "./honest-answers.ts";
import { captionTrials, labelTrials } from "./honest-trials.ts";
import { measureLookAlikes } from "./look-alikes.ts";
import { type CaptionedSet, type LabelledSet, readPhotoSet } from "./photo-set.ts";
import { measureRecognisedText } from "./recognised-text.ts";
import { measureRetrieval } from "./retrieval.ts";
import { measureTagPrecision } from "./tag-precision.ts";
import { measureWords } from "./words.ts";
import { measureZeroShot } from "./zero-shot.ts";

const resourcesPath = join(import.meta.dirname, "..", "resources");
const starterPath = join(resourcesPath, "models", "starter");
const promptsPath = join(resourcesPath, "vocabularies", "neutral-prompts.txt");

interface Wanted {
	closer: boolean;
	lookAlikes: boolean;
	recognisedText: boolean;
	tags: boolean;
}

async function main(folders: readonly string[], wanted: Wanted): Promise<number> {
	if (folders.length === 0 && !wanted.recognisedText) {
		console.error(
			"Usage: npm run eval -- FOLDER…   (a folder with captions.json or labels.csv)\n   or: npm run eval -- --tags FOLDER…   (folders of photos)\n   or: npm run eval -- --recognised-text",
		);
		return 2;
	}
	if (wanted.tags) return measureTags(folders, wanted.closer);
	const { closer } = wanted;
	const sets = folders.map((folder) => ({ folder, set: readPhotoSet(folder) }));
	const encoder = openEncoder(closer);
	const decoder = createDecoder();
	try {
		const phrases = readFileSync(promptsPath, "utf8").trim().split("\n");
		const prompts = new NeutralPrompts(encoder, phrases);
		const results: Record<string, unknown> = {};
		for (const { folder, set } of sets) {
			const paths = (set.photos as { path: string }[]).map(({ path }) => path);
			const vectors = await embedPhotos(paths, { decoder, encoder });
			const figures = await measure(set, vectors, prompts);
			results[basename(folder)] = wanted.lookAlikes
				? { ...figures, lookAlikes: await measureLookAlikes(paths, { decoder, encoder }) }
				: figures;
		}
		const recognisedText = wanted.recognisedText
			? await measureRecognisedText(resourcesPath)
			: null;
		const environment = { node: process.version, platform: process.platform, arch: process.arch };
		console.log(
			JSON.stringify(
				{
					encoder: encoder.manifest.id,
					environment,
					results,
					...(recognisedText === null ? {} : { recognisedText }),
				},
				rounded,
				"\t",
			),
		);
		return 0;
	} finally {
		await Promise.all([encoder.close(), decoder.close()]);
	}

	async function measure(
		set: CaptionedSet | LabelledSet,
		vectors: Float32Array[],
		prompts: NeutralPrompts,
	) {
		const [figures, trials] =
			set.kind === "captions"
				? [
						await measureRetrieval(set, vectors, encoder),
						await captionTrials(set, vectors, encoder),
					]
				: [await measureZeroShot(set, vectors, encoder), await labelTrials(set, vectors, encoder)];
		const exclusion =
			set.kind === "captions" ? await measureExclusion(set, vectors, encoder) : null;
		const composition = await measureComposition(set, vectors, encoder, prompts);
		const words =
			set.kind === "captions" ? await measureWords(set, vectors, encoder, prompts) : null;
		const honestAnswers = await measureHonestAnswers(trials, encoder, prompts);
		const fewAnswers =
			set.kind === "labels" ? await measureFewAnswers(set, vectors, encoder, prompts) : null;
		const ofCaptions = exclusion === null ? {} : { exclusion, words };
		const ofLabels = fewAnswers === null ? {} : { fewAnswers };
		return { ...figures, ...ofLabels, composition, honestAnswers, ...ofCaptions };
	}
}

function openEncoder(closer: boolean): DualEncoder {
	const starter = loadModelPackage(starterPath);
	const { path, manifest } = closer ? withCloserLook(starter) : starter;
	return createDualEncoder({ packagePath: path, manifest });
}

async function measureTags(folders: readonly string[], closer: boolean): Promise<number> {
	const encoder = openEncoder(closer);
	const decoder = createDecoder();
	try {
		const phrases = readFileSync(promptsPath, "utf8").trim().split("\n");
		const parts = { decoder, encoder };
		const tags = await measureTagPrecision(folders, resourcesPath, phrases, parts);
		console.log(JSON.stringify({ encoder: encoder.manifest.id, tags }, rounded, "\t"));
		return 0;
	} finally {
		await Promise.all([encoder.close(), decoder.close()]);
	}
}

function rounded(_key: string, value: unknown): unknown {
	return typeof value === "number" ? Math.round(value * 100) / 100 : value;
}

try {
	const { positionals, values } = parseArgs({
		allowPositionals: true,
		options: {
			closer: { type: "boolean", default: false },
			"look-alikes": { type: "boolean", default: false },
			"recognised-text": { type: "boolean", default: false },
			tags: { type: "boolean", default: false },
		},
	});
	process.exitCode = await main(positionals, {
		closer: values.closer,
		lookAlikes: values["look-alikes"],
		recognisedText: values["recognised-text"],
		tags: values.tags,
	});
} catch (error) {
	console.error(error instanceof Error ? error.message : String(error));
	process.exitCode = 1;
}

/** @file A generator that draws with one installed model in Janus-Pro's layout. */
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { candidatesMax, checkAvoidable, temperatureMax } from "../../check-settings.ts";
import type { PictureGenerator } from "../../picture-generator.ts";
import {
	createProcessGenerator,
	type DrawingBackend,
	type ProcessOptions,
} from "../../process/process-generator.ts";
import {
	type JanusPackage,
	type JanusPart,
	janusParts,
	readJanusPackage,
} from "./janus-package.ts";

export interface JanusGeneratorOptions extends ProcessOptions {
	id: string;
	/** Folder of the package, and of the encoder that judges what was drawn. */
	path: string;
	encoderPath: string;
}

/** Of the reference implementation; only the number of candidates, 16 there, is less: each takes its time. */
const defaults = { guidance: 5, temperature: 1, topP: 1, candidates: 1 };
const usualVocabulary = 16_384;

/** Runtime and encoder. */
const memoryBaseBytes = 500 * 1024 * 1024;
/** Weights as ONNX Runtime lays them out, over their size on disk. An estimate. */
const weightsFactor = 1.3;
/** Of the autoencoder's last layers, for a pixel drawn. An estimate. */
const memoryBytesPerPixel = 4096;
/** What is kept of a token goes into a step and comes out of it anew. Measured without weights: 3.2. */
const copiesOfTheKept = 3.3;

/** @throws Refusal MODEL_UNAVAILABLE when the package is not whole or not of a kind that is known. */
export function createJanusGenerator(options: JanusGeneratorOptions): PictureGenerator {
	const { id, path, encoderPath } = options;
	const modelPackage = readJanusPackage(path);
	const { side, pixels } = modelPackage;
	const tokens = side ** 2;
	const codes = modelPackage.vocabulary ?? usualVocabulary;
	const shown = Math.min(1024, Math.max(64, pixels));
	const version = fingerprint(modelPackage);
	const usualSampling = {
		temperature: defaults.temperature,
		topK: codes,
		topP: defaults.topP,
	};
	const backend: DrawingBackend = {
		description: {
			backend: "autoregressive",
			// A picture is finished after its last token, no sooner and no later.
			steps: { default: tokens, min: tokens, max: tokens },
			size: { width: shown, height: shown },
			heeds: { start: false, palette: false, mask: false, negativePrompts: true },
			guidance: defaults.guidance,
			sampling: {
				temperature: { default: usualSampling.temperature, min: 0, max: temperatureMax },
				topK: { default: usualSampling.topK, min: 1, max: codes },
				topP: { default: usualSampling.topP, min: 0.01, max: 1 },
			},
			candidates: { default: defaults.candidates, min: 1, max: candidatesMax },
		},
		check: ({ prompts, guidance }) => checkAvoidable(prompts, guidance ?? defaults.guidance),
		// It draws at its own size whatever is asked for, and one candidate after the other.
		memoryBytes: ({ prompts, guidance }) => {
			const guided = (guidance ?? defaults.guidance) > 1;
			const rows = guided ? 1 + prompts.length : prompts.length;
			return memoryBaseBytes + weightBytes(modelPackage) + keptBytes(modelPackage, rows);
		},
		packagePaths: () => [path, encoderPath],
		stepWork: ({ candidates = defaults.candidates }) => candidates,
		jobOf({ guidance, sampling, candidates = defaults.candidates }, common) {
			const { temperature, topK, topP } = { ...usualSampling, ...sampling };
			return {
				...common,
				family: "autoregressive",
				guidance: guidance ?? defaults.guidance,
				sampling: { temperature, topK, topP },
				candidates,
				model: { kind: "janus", path, id, version },
				encoderPath,
			};
		},
		probeSteps: tokens,
	};
	return createProcessGenerator(backend, options);
}

/** What is loaded together: the embedding of words goes before the language model comes. */
function weightBytes({ graphs, pixels }: JanusPackage): number {
	const drawing = ["languageModel", "head", "imageEmbeds", "decoder"] as const;
	const together = drawing.reduce((sum, part) => sum + bytesOf(graphs[part]), 0);
	const before = bytesOf(graphs.embeds);
	return weightsFactor * Math.max(together, before) + memoryBytesPerPixel * pixels ** 2;
}

/** Keys and values in float32. */
function keptBytes({ languageModel, side, textTokensMax }: JanusPackage, rows: number): number {
	const { layers, heads, headWidth } = languageModel;
	const positions = side ** 2 + textTokensMax / 4;
	return copiesOfTheKept * 4 * 2 * rows * layers * heads * headWidth * positions;
}

/** With the weights beside it. */
function bytesOf(graph: string): number {
	return [graph, `${graph}_data`, `${graph}.data`].reduce((sum, path) => {
		const found = statSync(path, { throwIfNoEntry: false });
		return sum + (found?.size ?? 0);
	}, 0);
}

/** Such packages name no version: configuration, chosen graphs and their sizes stand in for one. */
function fingerprint({ path, graphs }: JanusPackage): string {
	const hash = createHash("sha256");
	hash.update(readFileSync(join(path, "config.json")));
	const sizes = janusParts.map((part: JanusPart) => {
		const name = graphs[part].slice(path.length + 1).replaceAll("\\", "/");
		return [name, bytesOf(graphs[part])];
	});
	hash.update(JSON.stringify(sizes));
	return hash.digest("hex").slice(0, 12);
}

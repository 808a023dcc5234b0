/** @file A generator that draws with one installed model in Stable Diffusion's layout. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { checkAvoidable } from "../../check-settings.ts";
import type { PictureGenerator } from "../../picture-generator.ts";
import {
	createProcessGenerator,
	type DrawingBackend,
	type ProcessOptions,
} from "../../process/process-generator.ts";
import { defaultsOf, readPipelinePackage } from "./pipeline-package.ts";

export interface PipelineGeneratorOptions extends ProcessOptions {
	id: string;
	title: string;
	/** Folder of the package, and of the encoder that judges what was drawn. */
	path: string;
	encoderPath: string;
}

/** Runtime and encoder. */
const memoryBaseBytes = 500 * 1024 * 1024;
/** Of the network's attention and the autoencoder's last layers, for a pixel drawn. An estimate. */
const memoryBytesPerPixel = 4096;
/** Weights as ONNX Runtime lays them out, over their size on disk. An estimate. */
const weightsFactor = 1.3;

/** @throws Refusal MODEL_UNAVAILABLE when the package is not whole or not of a kind that is known. */
export function createPipelineGenerator(options: PipelineGeneratorOptions): PictureGenerator {
	const { id, title, path, encoderPath } = options;
	const modelPackage = readPipelinePackage(path);
	const { latents, pixelsPerPlace, encodes } = modelPackage;
	const defaults = defaultsOf(modelPackage, title);
	const side = latents.side * pixelsPerPlace;
	const shown = Math.min(1024, Math.max(64, side));
	const weights = weightBytes(path);
	const version = fingerprint(path);
	const backend: DrawingBackend = {
		description: {
			backend: "diffusion",
			steps: { default: defaults.steps, min: 1, max: defaults.stepsMax },
			size: { width: shown, height: shown },
			heeds: { start: encodes, palette: false, mask: encodes, negativePrompts: true },
			guidance: defaults.guidance,
			sampling: null,
			candidates: null,
		},
		check: ({ prompts, guidance }) => checkAvoidable(prompts, guidance ?? defaults.guidance),
		// It draws at its own size whatever is asked for.
		memoryBytes: () => memoryBaseBytes + weightsFactor * weights + memoryBytesPerPixel * side ** 2,
		packagePaths: () => [path, encoderPath],
		jobOf: ({ guidance }, common) => ({
			...common,
			family: "diffusion",
			guidance: guidance ?? defaults.guidance,
			model: { kind: "pipeline", path, id, version },
			encoderPath,
		}),
		probeSteps: Math.min(2, defaults.stepsMax),
	};
	return createProcessGenerator(backend, options);
}

/** What is loaded together: the text encoders go before the network comes. */
function weightBytes(path: string): number {
	const together = ["unet", "vae_decoder"].reduce((sum, part) => sum + bytesOf(path, part), 0);
	const before = ["text_encoder", "text_encoder_2"].map((part) => bytesOf(path, part));
	return Math.max(together, ...before);
}

function bytesOf(path: string, part: string): number {
	try {
		return readdirSync(join(path, part))
			.map((name) => statSync(join(path, part, name)))
			.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
	} catch {
		return 0;
	}
}

/** Such packages name no version: the network's configuration and size stand in for one. */
function fingerprint(path: string): string {
	const hash = createHash("sha256");
	const index = join(path, "model_index.json");
	if (existsSync(index)) hash.update(readFileSync(index));
	hash.update(String(bytesOf(path, "unet")));
	return hash.digest("hex").slice(0, 12);
}

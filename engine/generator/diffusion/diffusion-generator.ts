/** @file The diffusion backend: pictures cleared out of noise, led by the prompt. */
import { candidatesMax } from "../check-settings.ts";
import { conditionCount } from "../guidance.ts";
import type { PictureGenerator } from "../picture-generator.ts";
import {
	createProcessGenerator,
	type DrawingBackend,
	type ProcessOptions,
} from "../process/process-generator.ts";
import { readSketchManifest } from "./sketch-package.ts";

export interface SketchGeneratorOptions extends ProcessOptions {
	/** Folders of the encoder's, the drawing network's and the autoencoder's packages. */
	encoderPath: string;
	velocityPath: string;
	autoencoderPath: string;
}

/** Measured with the bundled packages; a larger picture adds its own pixels only. */
const memoryBaseBytes = 300 * 1024 * 1024;
/** Of one candidate under one condition. */
const memoryBytesPerRow = 6 * 1024 * 1024;
const memoryBytesPerPixel = 120;

/** @throws Refusal MODEL_UNAVAILABLE when the drawing network's manifest cannot be read. */
export function createSketchGenerator(options: SketchGeneratorOptions): PictureGenerator {
	const { encoderPath, velocityPath, autoencoderPath } = options;
	const { defaults } = readSketchManifest(velocityPath);
	const backend: DrawingBackend = {
		description: {
			backend: "diffusion",
			steps: { default: defaults.steps, min: 1, max: 200 },
			size: { width: 256, height: 256 },
			heeds: { start: true, palette: false, mask: true, negativePrompts: true },
			guidance: defaults.guidance,
			sampling: null,
			candidates: { default: defaults.candidates, min: 1, max: candidatesMax },
		},
		check() {
			// Nothing beyond what every family checks.
		},
		memoryBytes({ width, height, prompts, candidates = defaults.candidates }) {
			const rows = conditionCount(prompts) * candidates;
			return memoryBaseBytes + memoryBytesPerRow * rows + memoryBytesPerPixel * width * height;
		},
		packagePaths: () => [encoderPath, velocityPath, autoencoderPath],
		stepWork: ({ candidates = defaults.candidates }) => candidates,
		jobOf: ({ guidance, candidates = defaults.candidates }, common) => ({
			...common,
			family: "diffusion",
			guidance: guidance ?? defaults.guidance,
			model: { kind: "sketch", velocityPath, autoencoderPath, candidates },
			encoderPath,
		}),
		probeSteps: defaults.steps,
	};
	return createProcessGenerator(backend, options);
}

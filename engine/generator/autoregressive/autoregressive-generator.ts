/** @file The autoregressive backend: pictures drawn code after code, the best of a few by the encoder. */
import { candidatesMax, temperatureMax } from "../check-settings.ts";
import { conditionCount } from "../guidance.ts";
import type { PictureGenerator } from "../picture-generator.ts";
import {
	createProcessGenerator,
	type DrawingBackend,
	type ProcessOptions,
} from "../process/process-generator.ts";
import { gridOf, readCodeManifest } from "./code-package.ts";

export interface CodeGeneratorOptions extends ProcessOptions {
	/** Folders of the encoder's, the drawing network's and the autoencoder's packages. */
	encoderPath: string;
	networkPath: string;
	autoencoderPath: string;
}

/** Measured with the bundled packages; a larger picture adds its own pixels only. */
const memoryBaseBytes = 330 * 1024 * 1024;
/** Of one candidate under one condition. */
const memoryBytesPerRow = 4 * 1024 * 1024;
const memoryBytesPerPixel = 120;

/** @throws Refusal MODEL_UNAVAILABLE when the drawing network's manifest cannot be read. */
export function createCodeGenerator(options: CodeGeneratorOptions): PictureGenerator {
	const { encoderPath, networkPath, autoencoderPath } = options;
	const manifest = readCodeManifest(networkPath);
	const { defaults } = manifest;
	const { groups, levels } = gridOf(manifest);
	const codes = levels.reduce((product, level) => product * level, 1);
	const sampling = {
		temperature: { default: defaults.temperature, min: 0, max: temperatureMax },
		topK: { default: defaults.topK, min: 1, max: codes },
		topP: { default: defaults.topP, min: 0.01, max: 1 },
	};
	const backend: DrawingBackend = {
		description: {
			backend: "autoregressive",
			// A picture is finished after its last group of codes, no sooner and no later.
			steps: { default: groups, min: groups, max: groups },
			size: { width: 256, height: 256 },
			heeds: { start: false, palette: false, mask: false, negativePrompts: true },
			guidance: defaults.guidance,
			sampling,
			candidates: { default: defaults.candidates, min: 1, max: candidatesMax },
		},
		check() {
			// Nothing beyond what every family checks.
		},
		memoryBytes({ width, height, prompts, candidates = defaults.candidates }) {
			const rows = conditionCount(prompts) * candidates;
			return memoryBaseBytes + memoryBytesPerRow * rows + memoryBytesPerPixel * width * height;
		},
		packagePaths: () => [encoderPath, networkPath, autoencoderPath],
		jobOf({ guidance, sampling: wished, candidates = defaults.candidates }, common) {
			const { temperature, topK, topP } = { ...defaults, ...wished };
			return {
				...common,
				family: "autoregressive",
				guidance: guidance ?? defaults.guidance,
				sampling: { temperature, topK, topP },
				candidates,
				model: { kind: "sketch", networkPath, autoencoderPath },
				encoderPath,
			};
		},
		probeSteps: groups,
	};
	return createProcessGenerator(backend, options);
}

/** @file The guided backend: VQGAN+CLIP's idea with the person's own encoder, and no download. */
import { notPossible } from "../check-settings.ts";
import { guidedCanvases, type PictureGenerator } from "../picture-generator.ts";
import {
	createProcessGenerator,
	type DrawingBackend,
	type ProcessOptions,
} from "../process/process-generator.ts";

export interface GuidedGeneratorOptions extends ProcessOptions {
	/** Folder of the dual encoder's package. */
	encoderPath: string;
	/** Folder of the autoencoder's package, and of the layout model; null where there is none. */
	autoencoderPath: string | null;
	layoutPath: string | null;
}

/** Measured with the bundled packages; a larger picture adds its own pixels only. */
const memoryBaseBytes = 720 * 1024 * 1024;
const memoryBytesPerPixel = 120;

export function createGuidedGenerator(options: GuidedGeneratorOptions): PictureGenerator {
	const { encoderPath, autoencoderPath, layoutPath } = options;
	const folders = [encoderPath, autoencoderPath, layoutPath].filter((path) => path !== null);
	const backend: DrawingBackend = {
		description: {
			backend: "guided",
			steps: { default: 120, min: 1, max: 2000 },
			size: { width: 256, height: 256 },
			heeds: { start: true, palette: true, mask: true, negativePrompts: true },
			guidance: null,
			sampling: null,
			candidates: null,
		},
		check({ guided }) {
			const { canvas } = guided ?? {};
			if (canvas !== undefined && !guidedCanvases.includes(canvas)) {
				throw notPossible("canvas", `The canvas has to be one of ${guidedCanvases.join(", ")}.`);
			}
		},
		memoryBytes: ({ width, height }) => memoryBaseBytes + memoryBytesPerPixel * width * height,
		packagePaths: () => folders,
		jobOf: ({ guided }, common) => ({
			...common,
			family: "guided",
			canvas: guided?.canvas ?? "auto",
			encoderPath,
			autoencoderPath,
			layoutPath,
		}),
		probeSteps: 6,
	};
	return createProcessGenerator(backend, options);
}

/** @file The families of drawing: which can draw here, what each is, and what the others would need. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "../../contract/errors.ts";
import type {
	DrawingFamily,
	DrawingFamilyStatus,
	DrawingSettings,
} from "../../contract/generation.ts";
import { promptMaxCharacters, sideMax, sideMin, sideMultiple } from "./check-settings.ts";
import { createGuidedGenerator } from "./guided/guided-generator.ts";
import type { GenerationSettings, PictureGenerator } from "./picture-generator.ts";

/** A family with what draws; a backend that comes later takes the place of a sentence. */
export interface Family {
	readonly family: DrawingFamily;
	readonly title: string;
	readonly sentence: string;
	readonly drawing:
		| { readonly kind: "ready"; readonly generator: PictureGenerator }
		/** `missing` says what it would take. */
		| { readonly kind: "needs-package"; readonly missing: string };
}

/** The families of an installation. Nothing is loaded before something is drawn. */
export function openFamilies(resourcesPath: string): Family[] {
	const models = join(resourcesPath, "models");
	const installed = (name: string) => {
		const path = join(models, name);
		return existsSync(path) ? path : null;
	};
	const generator = createGuidedGenerator({
		encoderPath: join(models, "starter"),
		autoencoderPath: installed("sketch-autoencoder"),
		layoutPath: installed("layout"),
	});
	return familiesWith(generator);
}

/** The same with another generator in the guided family's place. */
export function familiesWith(generator: PictureGenerator): Family[] {
	return [
		{
			family: "guided",
			title: "Guided",
			sentence:
				"Paints until the search model itself says that the picture fits your words: dreamlike, more mood than detail.",
			drawing: { kind: "ready", generator },
		},
		{
			family: "diffusion",
			title: "Diffusion",
			sentence:
				"Clears a picture out of noise, step by step: the most lifelike of the three, and the largest to keep.",
			drawing: {
				kind: "needs-package",
				missing:
					"It needs a diffusion model of one to several gigabytes, and this version cannot run one yet.",
			},
		},
		{
			family: "autoregressive",
			title: "Token by token",
			sentence:
				"Writes the picture piece by piece from the top, as one writes a sentence: follows long descriptions well.",
			drawing: {
				kind: "needs-package",
				missing:
					"It needs a picture-and-language model of two gigabytes or more, and this version cannot run one yet.",
			},
		},
	];
}

/** As clients see a family. */
export function statusOf({ family, title, sentence, drawing }: Family): DrawingFamilyStatus {
	if (drawing.kind === "needs-package") {
		return { family, title, sentence, missing: drawing.missing, limits: null };
	}
	const { steps, size } = drawing.generator.description;
	const limits = { steps, size, sideMin, sideMax, sideMultiple, promptMaxCharacters };
	return { family, title, sentence, missing: null, limits };
}

/** @throws Refusal MODEL_UNAVAILABLE with what is missing. */
export function generatorOf(families: readonly Family[], wanted: DrawingFamily): PictureGenerator {
	const drawing = families.find(({ family }) => family === wanted)?.drawing;
	if (drawing?.kind === "ready") return drawing.generator;
	const missing = drawing?.missing ?? "There is no such way of drawing.";
	throw new Refusal("MODEL_UNAVAILABLE", missing, { field: "family" });
}

/** Settings as the backends take them. @param startPicture a PNG of the drawing's size */
export function backendSettings(
	settings: DrawingSettings,
	startPicture: Uint8Array | null,
): GenerationSettings {
	const { prompts, seed, width, height, steps, palette, canvas, finish, strength } = settings;
	const start =
		startPicture === null ? null : { picture: { bytes: startPicture }, strength: strength ?? 0.6 };
	const guided = { ...(canvas !== null && { canvas }), ...(finish !== null && { finish }) };
	return { prompts, seed, width, height, steps, palette, mask: null, start, guided };
}

/** @file The families of drawing: which can draw here, what each is, and what the others would need. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "../../contract/errors.ts";
import {
	type DrawingFamily,
	type DrawingFamilyStatus,
	type DrawingLimits,
	type DrawingSettings,
	drawingFamilySchema,
} from "../../contract/generation.ts";
import type { ModelId } from "../../contract/model-package.ts";
import type { GivenPictures } from "../catalogue/drawing-table.ts";
import { createCodeGenerator } from "./autoregressive/autoregressive-generator.ts";
import { createJanusGenerator } from "./autoregressive/janus/janus-generator.ts";
import { isJanusPackage } from "./autoregressive/janus/janus-package.ts";
import {
	guidanceMax,
	promptMaxCharacters,
	sideMax,
	sideMin,
	sideMultiple,
} from "./check-settings.ts";
import { createSketchGenerator } from "./diffusion/diffusion-generator.ts";
import { createPipelineGenerator } from "./diffusion/pipeline/pipeline-generator.ts";
import { isPipelinePackage } from "./diffusion/pipeline/pipeline-package.ts";
import { createGuidedGenerator } from "./guided/guided-generator.ts";
import { installedGenerators } from "./packages/installed-generators.ts";
import type { GenerationSettings, PictureGenerator } from "./picture-generator.ts";
import type { ProcessOptions } from "./process/process-generator.ts";

/** A family with what draws; a backend that comes later takes the place of a sentence. */
export interface Family {
	readonly family: DrawingFamily;
	readonly title: string;
	readonly sentence: string;
	readonly drawing:
		| { readonly kind: "ready"; readonly generator: PictureGenerator }
		/** `missing` says what it would take. */
		| { readonly kind: "needs-package"; readonly missing: string };
	/** Models of the person's that draw this way. */
	readonly packages: GeneratorPackages;
}

/** Installed models of one family; which there are may change at any time. */
export interface GeneratorPackages {
	list(): readonly InstalledGenerator[];
	/** Ends their jobs. */
	close(): Promise<void>;
}

export interface InstalledGenerator {
	readonly id: ModelId;
	readonly title: string;
	readonly generator: PictureGenerator;
}

const noPackages: GeneratorPackages = { list: () => [], close: async () => {} };

/** What a family is called and does. */
const words: Readonly<Record<DrawingFamily, { title: string; sentence: string }>> = {
	guided: {
		title: "Guided",
		sentence:
			"Paints until the search model itself says that the picture fits your words: dreamlike, more mood than detail.",
	},
	diffusion: {
		title: "Diffusion",
		sentence:
			"Clears a picture out of noise, step by step. The model that comes with Afterimage is small and quick, and what it draws are sketches.",
	},
	autoregressive: {
		title: "Token by token",
		sentence:
			"Writes the picture piece by piece from the top, as one writes a sentence, and keeps the best of a few. The model that comes with Afterimage is small and draws sketches.",
	},
};

/**
 * The families of an installation. Nothing but manifests is read before something is drawn.
 * @param modelsPath where the person's models are installed; null for those that came with the app alone
 * @param options where it is remembered how fast each draws
 */
export function openFamilies(
	resourcesPath: string,
	modelsPath: string | null,
	options: Pick<ProcessOptions, "paces"> = {},
): Family[] {
	const models = join(resourcesPath, "models");
	const installed = (name: string) => {
		const path = join(models, name);
		return existsSync(path) ? path : null;
	};
	const encoderPath = join(models, "starter");
	const autoencoderPath = installed("sketch-autoencoder");
	const velocityPath = installed("sketch-diffusion");
	const networkPath = installed("sketch-autoregressive");
	const generators = {
		guided: createGuidedGenerator({
			encoderPath,
			autoencoderPath,
			layoutPath: installed("layout"),
			...options,
		}),
		...(autoencoderPath !== null &&
			velocityPath !== null && {
				diffusion: orWhyNot(() =>
					createSketchGenerator({ encoderPath, velocityPath, autoencoderPath, ...options }),
				),
			}),
		...(autoencoderPath !== null &&
			networkPath !== null && {
				autoregressive: orWhyNot(() =>
					createCodeGenerator({ encoderPath, networkPath, autoencoderPath, ...options }),
				),
			}),
	};
	return familiesWith(generators, {
		diffusion: installedGenerators(modelsPath, {
			isPackage: isPipelinePackage,
			open: (model) => createPipelineGenerator({ ...model, encoderPath, ...options }),
		}),
		autoregressive: installedGenerators(modelsPath, {
			isPackage: isJanusPackage,
			open: ({ id, path }) => createJanusGenerator({ id, path, encoderPath, ...options }),
		}),
	});
}

/** A damaged package takes one family away and nothing else. */
function orWhyNot(create: () => PictureGenerator): PictureGenerator | { missing: string } {
	try {
		return create();
	} catch (error) {
		if (error instanceof Refusal) return { missing: error.message };
		throw error;
	}
}

/** The families with these generators; those left out say what they would need. */
export function familiesWith(
	generators: Readonly<Partial<Record<DrawingFamily, PictureGenerator | { missing: string }>>>,
	packages: Readonly<Partial<Record<DrawingFamily, GeneratorPackages>>> = {},
): Family[] {
	return drawingFamilySchema.options.map((family) => {
		const generator = generators[family] ?? { missing: missing[family] };
		const drawing: Family["drawing"] =
			"missing" in generator
				? { kind: "needs-package", missing: generator.missing }
				: { kind: "ready", generator };
		return { family, ...words[family], drawing, packages: packages[family] ?? noPackages };
	});
}

const missing: Readonly<Record<DrawingFamily, string>> = {
	guided: "Its model is not there. Install Afterimage again.",
	diffusion: "Its model is not there. Install Afterimage again.",
	autoregressive: "Its model is not there. Install Afterimage again.",
};

/** As clients see a family. */
export function statusOf({
	family,
	title,
	sentence,
	drawing,
	packages,
}: Family): DrawingFamilyStatus {
	const installed = packages.list().map(({ id, title: name, generator }) => ({
		id,
		title: name,
		limits: limitsOf(generator),
	}));
	const common = { family, title, sentence, packages: installed };
	return drawing.kind === "ready"
		? { ...common, missing: null, limits: limitsOf(drawing.generator) }
		: { ...common, missing: drawing.missing, limits: null };
}

function limitsOf({ description }: PictureGenerator): DrawingLimits {
	const { steps, size, heeds, guidance: usual, sampling, candidates } = description;
	const guidance = usual === null ? null : { default: usual, min: 1, max: guidanceMax };
	const sides = { sideMin, sideMax, sideMultiple };
	return { steps, size, heeds, guidance, sampling, candidates, ...sides, promptMaxCharacters };
}

/** @throws Refusal MODEL_UNAVAILABLE with what is missing. */
export function generatorOf(
	families: readonly Family[],
	wanted: Pick<DrawingSettings, "family" | "package">,
): PictureGenerator {
	const family = families.find((one) => one.family === wanted.family);
	if (wanted.package !== null) {
		const found = family?.packages.list().find(({ id }) => id === wanted.package);
		if (found !== undefined) return found.generator;
		throw new Refusal(
			"MODEL_UNAVAILABLE",
			`The model "${wanted.package}" is not installed here. Install it, or draw with the one that came with Afterimage.`,
			{ field: "package" },
		);
	}
	const drawing = family?.drawing;
	if (drawing?.kind === "ready") return drawing.generator;
	const lacking = drawing?.missing ?? "There is no such way of drawing.";
	throw new Refusal("MODEL_UNAVAILABLE", lacking, { field: "family" });
}

/**
 * The same picture asked of every family that can draw here, by the model that came with it and in that
 * model's usual steps. What a family does not heed is left out.
 */
export function settingsForAll(
	families: readonly Family[],
	settings: DrawingSettings,
): DrawingSettings[] {
	return families.flatMap(({ family, drawing }) => {
		if (drawing.kind !== "ready") return [];
		const { steps, heeds } = drawing.generator.description;
		const { prompts, palette, strength, masked } = settings;
		return {
			...settings,
			family,
			package: null,
			steps: steps.default,
			guidance: null,
			sampling: null,
			candidates: null,
			canvas: null,
			prompts: heeds.negativePrompts ? prompts : prompts.filter(({ weight }) => weight > 0),
			palette: heeds.palette ? palette : [],
			strength: heeds.start ? strength : null,
			masked: heeds.start && heeds.mask && masked,
		};
	});
}

/** Ends everything that is being drawn. */
export async function closeFamilies(families: readonly Family[]): Promise<void> {
	await Promise.all(
		families.flatMap(({ drawing, packages }) => [
			drawing.kind === "ready" ? drawing.generator.close() : undefined,
			packages.close(),
		]),
	);
}

/** Settings as the backends take them. */
export function backendSettings(
	settings: DrawingSettings,
	{ startPicture, maskPicture }: GivenPictures,
): GenerationSettings {
	const { prompts, seed, width, height, steps, palette, canvas, finish, strength } = settings;
	const { guidance, sampling, candidates } = settings;
	const start =
		startPicture === null ? null : { picture: { bytes: startPicture }, strength: strength ?? 0.6 };
	return {
		prompts,
		seed,
		width,
		height,
		steps,
		palette,
		mask: maskPicture === null ? null : { bytes: maskPicture },
		start,
		...(finish !== null && { finish }),
		...(guidance !== null && { guidance }),
		...(sampling !== null && { sampling }),
		...(candidates !== null && { candidates }),
		guided: canvas === null ? {} : { canvas },
	};
}

/** @file What can be asked of every backend, checked before anything is loaded or started. */
import { Refusal } from "../../contract/errors.ts";
import {
	finishes,
	type GenerationSettings,
	type GeneratorDescription,
} from "./picture-generator.ts";

export const promptMaxCharacters = 1000;
export const promptsMax = 8;
export const promptWeightMax = 2;
/** Pixels; every backend draws at its own size and is resampled to what was asked. */
export const sideMin = 64;
export const sideMax = 1024;
export const sideMultiple = 8;
export const seedMax = 2 ** 32 - 1;
export const paletteMax = 16;
export const guidanceMax = 30;
export const temperatureMax = 4;
/** Pictures that one drawing chooses from. */
export const candidatesMax = 16;

/** @throws Refusal GENERATION_NOT_POSSIBLE with the first field at fault, in a sentence for the person. */
export function checkSettings(
	settings: GenerationSettings,
	description: GeneratorDescription,
): void {
	checkPrompts(settings.prompts);
	checkWhole("seed", settings.seed, 0, seedMax);
	checkWhole("steps", settings.steps, description.steps.min, description.steps.max);
	for (const side of ["width", "height"] as const) {
		checkWhole(side, settings[side], sideMin, sideMax);
		if (settings[side] % sideMultiple !== 0) {
			throw notPossible(side, `The ${side} has to be a multiple of ${sideMultiple} pixels.`);
		}
	}
	checkStart(settings.start);
	checkPalette(settings.palette);
	checkMask(settings);
	checkFinish(settings);
	checkSampling(settings, description);
	checkCandidates(settings, description);
	checkHeeded(settings, description);
}

/** @throws Refusal GENERATION_NOT_POSSIBLE where guidance 1 is to lead away from something. */
export function checkAvoidable(prompts: GenerationSettings["prompts"], guidance: number): void {
	if (guidance > 1 || prompts.every(({ weight }) => weight > 0)) return;
	throw notPossible(
		"prompts",
		"Without guidance this model cannot avoid anything. Give it a guidance above 1.",
	);
}

export function notPossible(field: string, message: string): Refusal {
	return new Refusal("GENERATION_NOT_POSSIBLE", message, { field });
}

function checkPrompts(prompts: GenerationSettings["prompts"]): void {
	if (prompts.length === 0 || prompts.length > promptsMax) {
		throw notPossible("prompts", `Give one to ${promptsMax} prompts.`);
	}
	for (const { text, weight } of prompts) {
		if (text.trim() === "") {
			throw notPossible("prompts", "The prompt is empty. Say what the picture should show.");
		}
		if (text.length > promptMaxCharacters) {
			throw notPossible(
				"prompts",
				`The prompt has ${text.length} characters; at most ${promptMaxCharacters} can be used. Shorten it.`,
			);
		}
		if (!Number.isFinite(weight) || weight === 0 || Math.abs(weight) > promptWeightMax) {
			throw notPossible(
				"prompts",
				`A prompt's weight has to be between -${promptWeightMax} and ${promptWeightMax}, and not 0.`,
			);
		}
	}
	if (!prompts.some(({ weight }) => weight > 0)) {
		throw notPossible("prompts", "Say what the picture should show, not only what it should not.");
	}
}

function checkWhole(field: string, value: number, min: number, max: number): void {
	if (!Number.isInteger(value) || value < min || value > max) {
		throw notPossible(field, `The ${field} has to be a whole number from ${min} to ${max}.`);
	}
}

function checkStart(start: GenerationSettings["start"]): void {
	if (start === null) return;
	if (!(start.strength >= 0 && start.strength <= 1)) {
		throw notPossible("start", "The strength has to be between 0 and 1.");
	}
	const { picture } = start;
	if ("bytes" in picture) return;
	const { width, height, pixels } = picture;
	if (!(width > 0 && height > 0) || pixels.length !== width * height * 3) {
		throw notPossible("start", "The start picture's pixels do not match its width and height.");
	}
}

function checkPalette(palette: GenerationSettings["palette"]): void {
	if (palette.length > paletteMax) {
		throw notPossible("palette", `A palette has at most ${paletteMax} colours.`);
	}
	if (palette.flat().some((part) => !(part >= 0 && part <= 255))) {
		throw notPossible("palette", "A colour's red, green and blue are numbers from 0 to 255.");
	}
}

function checkMask({ mask, start, width, height }: GenerationSettings): void {
	if (mask === null) return;
	if (start === null) throw maskWithoutStart();
	if ("bytes" in mask) return;
	if (mask.length !== width * height) {
		throw notPossible("mask", "The mask has to have the picture's width and height.");
	}
	checkMaskPixels(mask);
}

export function maskWithoutStart(): Refusal {
	return notPossible(
		"mask",
		"A mask needs a start picture to keep parts of. Choose one, or leave the mask out.",
	);
}

/**
 * @param mask as `GenerationSettings` has it
 * @throws Refusal GENERATION_NOT_POSSIBLE where it keeps nothing or all
 */
export function checkMaskPixels(mask: Uint8Array): void {
	if (mask.every((value) => value === 0)) {
		throw notPossible(
			"mask",
			"The mask is black all over, so nothing may change. Paint white what may.",
		);
	}
	if (mask.every((value) => value === 255)) {
		throw notPossible(
			"mask",
			"The mask is white all over, so everything may change, as without a mask. Leave it out, or paint black what is to stay.",
		);
	}
}

function checkFinish({ finish, guidance }: GenerationSettings): void {
	if (finish !== undefined && !finishes.includes(finish)) {
		throw notPossible("finish", `The finish has to be one of ${finishes.join(", ")}.`);
	}
	if (guidance !== undefined && !(guidance >= 1 && guidance <= guidanceMax)) {
		throw notPossible("guidance", `The guidance has to be a number from 1 to ${guidanceMax}.`);
	}
}

function checkSampling({ sampling }: GenerationSettings, description: GeneratorDescription): void {
	if (sampling === undefined || description.sampling === null) return;
	const { temperature, topK, topP } = description.sampling;
	for (const [name, value, { min, max }] of [
		["temperature", sampling.temperature, temperature],
		["top-p", sampling.topP, topP],
	] as const) {
		if (value >= min && value <= max) continue;
		throw notPossible("sampling", `The ${name} has to be a number from ${min} to ${max}.`);
	}
	const { min, max } = topK;
	if (Number.isInteger(sampling.topK) && sampling.topK >= min && sampling.topK <= max) return;
	throw notPossible("sampling", `The top-k has to be a whole number from ${min} to ${max}.`);
}

function checkCandidates(
	{ candidates }: GenerationSettings,
	{ candidates: range }: GeneratorDescription,
): void {
	if (candidates === undefined || range === null) return;
	if (Number.isInteger(candidates) && candidates >= range.min && candidates <= range.max) return;
	throw notPossible(
		"candidates",
		`The number of candidates has to be a whole number from ${range.min} to ${range.max}.`,
	);
}

function checkHeeded(settings: GenerationSettings, description: GeneratorDescription): void {
	const heeds = {
		...description.heeds,
		guidance: description.guidance !== null,
		sampling: description.sampling !== null,
		candidates: description.candidates !== null,
	};
	const given = {
		start: settings.start !== null,
		palette: settings.palette.length > 0,
		mask: settings.mask !== null,
		negativePrompts: settings.prompts.some(({ weight }) => weight < 0),
		guidance: settings.guidance !== undefined,
		sampling: settings.sampling !== undefined,
		candidates: settings.candidates !== undefined,
	};
	const names = {
		start: "a start picture",
		palette: "a palette",
		mask: "a mask",
		negativePrompts: "prompts with a negative weight",
		guidance: "a guidance",
		sampling: "a temperature, top-k or top-p",
		candidates: "candidates",
	};
	for (const key of [
		"start",
		"palette",
		"mask",
		"negativePrompts",
		"guidance",
		"sampling",
		"candidates",
	] as const) {
		if (given[key] && !heeds[key]) {
			const field = key === "negativePrompts" ? "prompts" : key;
			throw notPossible(field, `The ${description.backend} generator cannot use ${names[key]}.`);
		}
	}
}

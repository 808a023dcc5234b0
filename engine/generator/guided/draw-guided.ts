/**
 * @file Guided drawing: a canvas is changed step by step until the encoder, shown random views of it,
 * says that it fits the prompts.
 */
import { Refusal } from "../../../contract/errors.ts";
import {
	loadModelPackage,
	type ModelPackage,
	verifyModelPackage,
} from "../../encoder/model-package.ts";
import { openTextTower } from "../../encoder/text-tower.ts";
import type { GenerationEvent } from "../picture-generator.ts";
import { Adam } from "./adam.ts";
import { openAutoencoder, type SketchAutoencoder } from "./autoencoder-package.ts";
import type { Canvas } from "./canvas.ts";
import type { Target } from "./encoder-guide.ts";
import type { GuidedJob } from "./guided-job.ts";
import { openLatentCanvas } from "./latent-canvas.ts";
import { averageLayout } from "./layout-package.ts";
import { openLooking } from "./looking.ts";
import { renderBristles } from "./painted-finish.ts";
import { addDifference, addPalette, addTotalVariation } from "./penalties.ts";
import { createFourierCanvas, createPyramidCanvas } from "./pixel-canvases.ts";
import { emptyPlanes, type Planes, pictureOf, planesOf, resized } from "./planes.ts";
import { SeededRandom } from "./random.ts";
import { StrokeCanvas, scatterStrokes } from "./stroke-canvas.ts";

/** Pixels that are optimised, whatever the size asked for: canvases are enlarged without loss or blur. */
const workingArea = 128 * 128;
const strokeCount = 400;
/** Share of the steps that `auto` spends on the latent, before strokes take over. */
const latentShare = 0.6;
/** A preview every so many steps. */
const previewEvery = 4;
const weights = { totalVariation: 0.02, palette: 3, latentPull: 0.5, startPull: 4 };

/** One kind of canvas for a run of steps. */
interface Stage {
	canvas: Canvas;
	kind: "strokes" | "latent" | "pyramid" | "fourier";
	steps: number;
}

/** @throws Refusal MODEL_UNAVAILABLE when a package is missing, damaged or cannot be used this way. */
export async function* drawGuided(job: GuidedJob): AsyncGenerator<GenerationEvent> {
	const { steps } = job;
	yield { kind: "progress", step: 0, steps, preview: null, similarity: null };
	const modelPackage = loadModelPackage(job.encoderPath);
	await verifyModelPackage(modelPackage);
	const { targets, shortened } = await readPrompts(job, modelPackage);
	const random = new SeededRandom(job.seed);
	const size = workingSize(job.width, job.height);
	const start = await beginning(job, modelPackage, targets, size);
	const autoencoder = await autoencoderOf(job);
	const looking = await openLooking(modelPackage, targets, random, job.threads);
	const mask = job.mask === null ? null : shrunkMask(job.mask, job, size);
	let anchor =
		job.start === null
			? null
			: { picture: start, weight: weights.startPull * (1 - job.start.strength) };
	let stage = await firstStage(job, start, autoencoder, random);
	let adam = new Adam(stage.canvas.parameters.length);
	let stageStart = 0;
	let similarity = 0;
	for (let step = 0; step < steps; step++) {
		if (step - stageStart === stage.steps) {
			// The latent knows what photographs look like and strokes what paintings do: the second
			// begins with the first one's colours and is held near them.
			const drawn = copy(await stage.canvas.draw());
			await stage.canvas.close();
			anchor ??= { picture: drawn, weight: weights.latentPull };
			stage = { kind: "strokes", steps: steps - step, canvas: strokesOn(drawn, random) };
			adam = new Adam(stage.canvas.parameters.length);
			stageStart = step;
		}
		const { canvas } = stage;
		const answer = await looking.look(canvas, (picture, gradient) => {
			if (stage.kind === "pyramid" || stage.kind === "fourier") {
				addTotalVariation(picture, gradient, weights.totalVariation);
			}
			if (anchor !== null) addDifference(picture, anchor.picture, gradient, anchor.weight);
			if (job.palette.length > 0) addPalette(picture, job.palette, gradient, weights.palette);
			if (mask !== null) hold(gradient, mask);
		});
		adam.step(
			canvas.parameters,
			answer.gradient,
			ratesAt(canvas, (step - stageStart) / stage.steps),
		);
		canvas.constrain();
		similarity = step === 0 ? answer.similarity : 0.8 * similarity + 0.2 * answer.similarity;
		const preview = (step + 1) % previewEvery === 0 ? pictureOf(await canvas.draw()) : null;
		yield { kind: "progress", step: step + 1, steps, preview, similarity };
	}
	const drawn = await finished(stage, job);
	await stage.canvas.close();
	const picture = pictureOf(job.mask === null || job.start === null ? drawn : composed(drawn, job));
	const { id, version } = modelPackage.manifest;
	const packages = [
		{ id, version },
		...(autoencoder === null ? [] : [{ id: autoencoder.id, version: autoencoder.version }]),
	];
	yield {
		kind: "done",
		picture,
		similarity: await looking.judge(planesOf(picture)),
		packages,
		shortened,
	};
}

async function readPrompts(job: GuidedJob, modelPackage: ModelPackage) {
	const tower = await openTextTower(modelPackage, job.threads);
	const { vectors, shortened } = await tower.embed(job.prompts.map(({ text }) => text));
	await tower.close();
	const { dimensions } = modelPackage.manifest;
	const targets: Target[] = job.prompts.map(({ weight }, at) => ({
		vector: vectors.slice(at * dimensions, (at + 1) * dimensions),
		weight,
	}));
	return { targets, shortened: shortened.some(Boolean) };
}

/** Sides in the picture's proportions, multiples of 8, of about `workingArea` pixels. */
export function workingSize(width: number, height: number): { width: number; height: number } {
	const factor = Math.sqrt(workingArea / (width * height));
	const side = (length: number): number => Math.max(32, Math.round((length * factor) / 8) * 8);
	return { width: side(width), height: side(height) };
}

/** The start picture, or what pictures for these prompts look like on average, or grey. */
async function beginning(
	job: GuidedJob,
	{ manifest }: ModelPackage,
	targets: readonly Target[],
	{ width, height }: { width: number; height: number },
): Promise<Planes> {
	if (job.start !== null) return resized(planesOf(job.start.picture), width, height);
	const sum = new Float32Array(manifest.dimensions);
	for (const { vector, weight } of targets) {
		if (weight <= 0) continue;
		for (const [at, value] of vector.entries()) sum[at] = (sum[at] ?? 0) + weight * value;
	}
	const length = Math.hypot(...sum) || 1;
	const direction = sum.map((value) => value / length);
	const layout = await averageLayout(job.layoutPath, manifest.id, direction);
	if (layout !== null) return resized(layout, width, height);
	const grey = emptyPlanes(width, height);
	grey.values.fill(0.5);
	return grey;
}

async function autoencoderOf(job: GuidedJob): Promise<SketchAutoencoder | null> {
	const wanted = job.canvas === "latent" || (job.canvas === "auto" && job.start === null);
	if (!wanted) return null;
	if (job.autoencoderPath !== null) return openAutoencoder(job.autoencoderPath, job.threads);
	if (job.canvas === "auto") return null;
	throw new Refusal(
		"MODEL_UNAVAILABLE",
		"Drawing on the latent needs an autoencoder package, and none is installed. Choose another canvas.",
		{ field: "canvas" },
	);
}

async function firstStage(
	job: GuidedJob,
	start: Planes,
	autoencoder: SketchAutoencoder | null,
	random: SeededRandom,
): Promise<Stage> {
	const { steps } = job;
	if (autoencoder !== null) {
		const canvas = await openLatentCanvas(autoencoder, start, random, job.threads);
		const share = job.canvas === "auto" ? latentShare : 1;
		return { kind: "latent", canvas, steps: Math.max(1, Math.round(share * steps)) };
	}
	if (job.canvas === "pyramid") {
		return { kind: "pyramid", steps, canvas: createPyramidCanvas(start, random) };
	}
	if (job.canvas === "fourier") {
		return { kind: "fourier", steps, canvas: createFourierCanvas(start, random) };
	}
	return { kind: "strokes", steps, canvas: strokesOn(start, random) };
}

function strokesOn(start: Planes, random: SeededRandom): Canvas {
	return new StrokeCanvas(scatterStrokes(start, strokeCount, random), start);
}

/** A quick rise, then half a cosine down to a tenth. @param done share of the stage's steps. */
function ratesAt({ rates }: Canvas, done: number): number | Float32Array {
	const factor = Math.min(1, 0.2 + done * 16) * (0.1 + 0.45 * (1 + Math.cos(Math.PI * done)));
	return typeof rates === "number" ? rates * factor : rates.map((rate) => rate * factor);
}

async function finished(stage: Stage, job: GuidedJob): Promise<Planes> {
	const { width, height, finish, seed } = job;
	if (finish === "smooth") return stage.canvas.render(width, height);
	if (stage.kind === "strokes") {
		return renderBristles(stage.canvas.parameters, width, height, seed);
	}
	const drawn = await stage.canvas.draw();
	const strokes = scatterStrokes(drawn, 3 * strokeCount, new SeededRandom(seed));
	return renderBristles(strokes, width, height, seed);
}

/** The gradient only moves what may be painted. @param mask 0 to 1, of the picture's size. */
function hold(gradient: Planes, mask: Float32Array): void {
	for (let at = 0; at < gradient.values.length; at++) {
		gradient.values[at] = (gradient.values[at] ?? 0) * (mask[at % mask.length] ?? 0);
	}
}

function shrunkMask(
	mask: Uint8Array,
	{ width, height }: GuidedJob,
	size: { width: number; height: number },
): Float32Array {
	const planes = emptyPlanes(width, height);
	for (const [at, value] of mask.entries()) planes.values[at] = value / 255;
	return resized(planes, size.width, size.height).values.slice(0, size.width * size.height);
}

/** Outside the mask, the start picture as it was. */
function composed(drawn: Planes, { start, mask }: GuidedJob): Planes {
	if (start === null || mask === null) return drawn;
	const kept = planesOf(start.picture);
	const values = drawn.values.map((value, at) => {
		const share = (mask[at % mask.length] ?? 255) / 255;
		return share * value + (1 - share) * (kept.values[at] ?? 0);
	});
	return { ...drawn, values };
}

function copy({ width, height, values }: Planes): Planes {
	return { width, height, values: Float32Array.from(values) };
}

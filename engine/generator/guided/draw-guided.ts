/**
 * @file Guided drawing: a canvas is changed step by step until the encoder, shown random views of it,
 * says that it fits the prompts.
 */
import {
	loadModelPackage,
	type ModelPackage,
	verifyModelPackage,
} from "../../encoder/model-package.ts";
import { directionOf, readPrompts, type Target } from "../judging/targets.ts";
import { openAutoencoder } from "../picture/autoencoder-package.ts";
import { finished } from "../picture/finish.ts";
import { resizedMask } from "../picture/mask.ts";
import { emptyPlanes, type Planes, pictureOf, planesOf, resized } from "../picture/planes.ts";
import { SeededRandom } from "../picture/random.ts";
import type { GenerationEvent } from "../picture-generator.ts";
import { Adam } from "./adam.ts";
import type { Canvas } from "./canvas.ts";
import type { GuidedJob } from "./guided-job.ts";
import { averageLayout } from "./layout-package.ts";
import { type AddWishes, openLooking } from "./looking.ts";
import { addDifference, addPalette, addTotalVariation } from "./penalties.ts";
import { openStage, planStages, type StagePlan } from "./stages.ts";

/** A preview every so many steps. */
const previewEvery = 4;
const weights = { totalVariation: 0.02, palette: 3, startPull: 4 };

/** @throws Refusal MODEL_UNAVAILABLE when a package is missing, damaged or cannot be used this way. */
export async function* drawGuided(job: GuidedJob): AsyncGenerator<GenerationEvent> {
	const { steps } = job;
	yield { kind: "progress", step: 0, steps, preview: null, similarity: null };
	const modelPackage = loadModelPackage(job.encoderPath);
	await verifyModelPackage(modelPackage);
	const { targets, shortened } = await readPrompts(job.prompts, modelPackage, job.threads);
	const random = new SeededRandom(job.seed);
	const plans = planStages(job);
	const start = await beginning(job, modelPackage, targets);
	const autoencoder = plans.some(({ kind }) => kind === "latent")
		? await openAutoencoder(job.autoencoderPath ?? "", job.threads)
		: null;
	const looking = await openLooking(modelPackage, targets, random, job.threads);
	let step = 0;
	let similarity = 0;
	let drawn = start;
	let canvas: Canvas | null = null;
	for (const plan of plans) {
		await canvas?.close();
		canvas = await openStage(plan, drawn, autoencoder, random, job.threads);
		const addWishes = wishesOf(job, plan, start);
		const adam = new Adam(canvas.parameters.length);
		for (let own = 0; own < plan.steps; own++) {
			const answer = await looking.look(canvas, addWishes);
			adam.step(canvas.parameters, answer.gradient, ratesAt(canvas, own / plan.steps));
			canvas.constrain();
			similarity = step === 0 ? answer.similarity : 0.8 * similarity + 0.2 * answer.similarity;
			step++;
			const preview = step % previewEvery === 0 ? pictureOf(await canvas.draw()) : null;
			yield { kind: "progress", step, steps, preview, similarity };
		}
		drawn = copy(await canvas.draw());
	}
	if (canvas === null) throw new Error("A drawing without stages.");
	// Strokes are sharp at any size; what was drawn on other canvases is enlarged.
	const { width, height, finish } = job;
	const shown = finish === "smooth" ? await canvas.render(width, height) : drawn;
	const picture = finished(shown, job);
	await canvas.close();
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

/** The start picture, or what pictures for these prompts look like on average, or grey. */
async function beginning(
	job: GuidedJob,
	{ manifest }: ModelPackage,
	targets: readonly Target[],
): Promise<Planes> {
	if (job.start !== null) return planesOf(job.start.picture);
	const direction = directionOf(targets, "positive");
	const layout =
		direction === null ? null : await averageLayout(job.layoutPath, manifest.id, direction);
	if (layout !== null) return layout;
	const grey = emptyPlanes(16, 16);
	grey.values.fill(0.5);
	return grey;
}

/** What is asked for besides the prompts, on a canvas of this stage's size. */
function wishesOf(job: GuidedJob, plan: StagePlan, start: Planes): AddWishes {
	const { width, height, kind } = plan;
	const mask = job.mask === null ? null : resizedMask(job.mask, job, plan);
	const kept = job.start === null ? null : resized(start, width, height);
	const pull = weights.startPull * (1 - (job.start?.strength ?? 1)) ** 2;
	return (picture, gradient) => {
		if (kind === "pyramid" || kind === "fourier") {
			addTotalVariation(picture, gradient, weights.totalVariation);
		}
		if (kept !== null) addDifference(picture, kept, gradient, pull);
		if (job.palette.length > 0) addPalette(picture, job.palette, gradient, weights.palette);
		if (mask !== null) hold(gradient, mask);
	};
}

/** A quick rise, then half a cosine down to a tenth. @param done share of the stage's steps. */
function ratesAt({ rates }: Canvas, done: number): number | Float32Array {
	const factor = Math.min(1, 0.2 + done * 16) * (0.1 + 0.45 * (1 + Math.cos(Math.PI * done)));
	return typeof rates === "number" ? rates * factor : rates.map((rate) => rate * factor);
}

/** The gradient only moves what may be painted. @param mask 0 to 1, of the picture's size. */
function hold(gradient: Planes, mask: Float32Array): void {
	for (let at = 0; at < gradient.values.length; at++) {
		gradient.values[at] = (gradient.values[at] ?? 0) * (mask[at % mask.length] ?? 0);
	}
}

function copy({ width, height, values }: Planes): Planes {
	return { width, height, values: Float32Array.from(values) };
}

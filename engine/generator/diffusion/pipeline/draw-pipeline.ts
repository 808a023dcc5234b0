/** @file Draws with an installed model in Stable Diffusion's layout (Rombach et al. 2022, arXiv:2112.10752). */
import { loadModelPackage } from "../../../encoder/model-package.ts";
import { similarityOfWhole } from "../../judging/picture-judge.ts";
import { readPrompts } from "../../judging/targets.ts";
import { unusable } from "../../packages/package-settings.ts";
import { finished } from "../../picture/finish.ts";
import { resizedMask } from "../../picture/mask.ts";
import { type Planes, pictureOf, planesOf, resized } from "../../picture/planes.ts";
import { SeededRandom } from "../../picture/random.ts";
import type { GenerationEvent } from "../../picture-generator.ts";
import type { DiffusionJob, DiffusionModel } from "../diffusion-job.ts";
import { schedulerFor } from "../schedulers/choose-scheduler.ts";
import { encodePicture, openPictureDecoder } from "./autoencoder.ts";
import { openGuesses } from "./guesses.ts";
import { type PipelinePackage, readPipelinePackage } from "./pipeline-package.ts";
import { readConditions } from "./text-conditions.ts";

type InstalledModel = Extract<DiffusionModel, { kind: "pipeline" }>;

/** The network halves its input several times. */
const placesMultiple = 8;
/** Places of a preview's shorter side, at most; a whole picture takes as long as a step. */
const previewPlaces = 24;

/** @throws Refusal MODEL_UNAVAILABLE when the package is not whole or not of a kind that is known. */
export async function* drawPipeline(
	job: DiffusionJob,
	model: InstalledModel,
): AsyncGenerator<GenerationEvent> {
	const { steps, threads } = job;
	yield { kind: "progress", step: 0, steps, preview: null, similarity: null };
	const modelPackage = readPipelinePackage(model.path);
	const conditions = await readConditions(modelPackage, job.prompts, threads);
	const { width, height } = workingPlaces(modelPackage, job);
	const length = modelPackage.latents.channels * width * height;
	const random = new SeededRandom(job.seed);
	const noise = Float32Array.from({ length }, () => random.normal());
	const scheduler = schedulerFor(modelPackage.scheduler, stepsInAll(job, modelPackage));
	const kept = await startLatents(modelPackage, job, width, height);
	const first = scheduler.timesteps.length - steps;
	let latents =
		kept === null
			? noise.map((value) => value * scheduler.noiseScale)
			: scheduler.noised(kept, noise, first);
	const paintable = job.mask === null ? null : resizedMask(job.mask, job, { width, height });
	const guesses = await openGuesses(modelPackage, {
		conditions,
		guidance: job.guidance,
		width,
		height,
		threads,
	});
	const decoder = await openPictureDecoder(modelPackage, threads);
	for (const [at, timestep] of scheduler.timesteps.entries()) {
		if (at < first) continue;
		const guess = await guesses.guess(scheduler.scaled(latents, at), timestep);
		const step = scheduler.step(latents, guess, at, () => random.normal());
		latents = step.latents;
		if (kept !== null && paintable !== null) {
			latents = composed(latents, scheduler.noised(kept, noise, at + 1), paintable);
		}
		const last = at + 1 === scheduler.timesteps.length;
		const preview = last ? null : await small(step.foreseen, width, height);
		yield { kind: "progress", step: at + 1 - first, steps, preview, similarity: null };
	}
	await guesses.close();
	const picture = finished(await decoder.decode(latents, width, height), job);
	await decoder.close();
	const encoder = loadModelPackage(job.encoderPath);
	const { targets } = await readPrompts(job.prompts, encoder, threads);
	yield {
		kind: "done",
		picture,
		similarity: await similarityOfWhole(encoder, targets, planesOf(picture), threads),
		packages: [
			{ id: model.id, version: model.version },
			{ id: encoder.manifest.id, version: encoder.manifest.version },
		],
		shortened: conditions.shortened,
	};

	/** What is foreseen, from fewer places than there are. */
	async function small(foreseen: Float32Array, columns: number, rows: number) {
		const factor = Math.max(1, Math.floor(Math.min(columns, rows) / previewPlaces));
		const reduced = factor === 1 ? foreseen : reducedLatents(foreseen, columns, rows, factor);
		return pictureOf(
			await decoder.decode(reduced, Math.floor(columns / factor), Math.floor(rows / factor)),
		);
	}
}

/**
 * With a start picture, the schedule's first steps are left out, so that noise begins at the strength;
 * the steps that remain are the job's.
 */
function stepsInAll({ start, steps }: DiffusionJob, { scheduler }: PipelinePackage): number {
	if (start === null) return steps;
	const most =
		scheduler._class_name === "LCMScheduler"
			? scheduler.original_inference_steps
			: scheduler.num_train_timesteps;
	const wanted = Math.round(steps / Math.max(0.01, start.strength));
	return Math.min(most, Math.max(steps, wanted));
}

/** Places of the latents: about as many as the network was trained at, in the job's proportions. */
function workingPlaces({ latents }: PipelinePackage, job: { width: number; height: number }) {
	const factor = latents.side / Math.sqrt(job.width * job.height);
	const places = (pixels: number): number =>
		Math.max(placesMultiple, Math.round((pixels * factor) / placesMultiple) * placesMultiple);
	return { width: places(job.width), height: places(job.height) };
}

async function startLatents(
	modelPackage: PipelinePackage,
	job: DiffusionJob,
	width: number,
	height: number,
): Promise<Float32Array | null> {
	if (job.start === null) return null;
	if (!modelPackage.encodes) {
		throw unusable(modelPackage.path, "it has no vae_encoder, so it cannot begin with a picture");
	}
	const { pixelsPerPlace } = modelPackage;
	const picture: Planes = resized(
		planesOf(job.start.picture),
		width * pixelsPerPlace,
		height * pixelsPerPlace,
	);
	return encodePicture(modelPackage, picture, job.threads);
}

/** @param paintable 0 to 1 a place */
function composed(
	latents: Float32Array,
	known: Float32Array,
	paintable: Float32Array,
): Float32Array {
	return latents.map((value, at) => {
		const share = paintable[at % paintable.length] ?? 1;
		return share * value + (1 - share) * (known[at] ?? 0);
	});
}

/** Each place the mean of `factor` x `factor`. */
function reducedLatents(
	latents: Float32Array,
	width: number,
	height: number,
	factor: number,
): Float32Array {
	const [columns, rows] = [Math.floor(width / factor), Math.floor(height / factor)];
	const channels = latents.length / (width * height);
	return Float32Array.from({ length: channels * columns * rows }, (_, at) => {
		const column = (at % columns) * factor;
		const row = (Math.floor(at / columns) % rows) * factor;
		const channel = Math.floor(at / (columns * rows));
		let sum = 0;
		for (let down = 0; down < factor; down++) {
			for (let across = 0; across < factor; across++) {
				sum += latents[(channel * height + row + down) * width + column + across] ?? 0;
			}
		}
		return sum / factor ** 2;
	});
}

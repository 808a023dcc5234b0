/** @file Draws with the bundled flow: DALL-E 2's decoder in small, from the encoder's embedding of the prompt. */
import { loadModelPackage, verifyModelPackage } from "../../encoder/model-package.ts";
import { conditionsOf } from "../guidance.ts";
import { bestOf, similarityOfWhole } from "../judging/picture-judge.ts";
import { readPrompts } from "../judging/targets.ts";
import { checkTrainedFor } from "../package-manifest.ts";
import { openAutoencoder, type SketchAutoencoder } from "../picture/autoencoder-package.ts";
import { sideBySide } from "../picture/contact-sheet.ts";
import { finished } from "../picture/finish.ts";
import { resizedMask } from "../picture/mask.ts";
import { type Planes, pictureOf, planesOf, resized } from "../picture/planes.ts";
import { randomsOfCandidates } from "../picture/random.ts";
import type { GenerationEvent } from "../picture-generator.ts";
import type { DiffusionJob, DiffusionModel } from "./diffusion-job.ts";
import { foreseen, guidedVelocity, mixedWithNoise, stepAlong, timesFrom } from "./flow.ts";
import { openSketchFlow, type SketchFlow } from "./sketch-package.ts";

type SketchModel = Extract<DiffusionModel, { kind: "sketch" }>;

/** @throws Refusal MODEL_UNAVAILABLE when a package is missing, damaged or made for another encoder. */
export async function* drawSketch(
	job: DiffusionJob,
	model: SketchModel,
): AsyncGenerator<GenerationEvent> {
	const { steps, threads } = job;
	yield { kind: "progress", step: 0, steps, preview: null, similarity: null };
	const encoder = loadModelPackage(job.encoderPath);
	await verifyModelPackage(encoder);
	const { targets, shortened } = await readPrompts(job.prompts, encoder, threads);
	const flow = await openSketchFlow(model.velocityPath, threads);
	const autoencoder = await openAutoencoder(model.autoencoderPath, threads);
	checkTrainedFor(flow.manifest, { encoder: encoder.manifest.id, autoencoder: autoencoder.id });

	const kept = job.start === null ? null : await latentsOf(job.start.picture, flow, autoencoder);
	const from = job.start?.strength ?? 1;
	const candidates = randomsOfCandidates(job.seed, model.candidates).map((random): Candidate => {
		const noise = Float32Array.from({ length: flow.length }, () => random.normal());
		const latents = kept === null ? Float32Array.from(noise) : mixedWithNoise(kept, noise, from);
		return { noise, latents };
	});
	const paintable = job.mask === null ? null : maskOf(job.mask, job, flow);
	const { free, leads } = conditionsOf(targets, flow.manifest.condition.dimensions);
	const times = timesFrom(from, steps);
	for (let step = 0; step < steps; step++) {
		const [time = 0, following = 0] = times.slice(step, step + 2);
		const asked = [free, ...leads.map(({ condition }) => condition)];
		const points = candidates.map(({ latents }) => latents);
		const answers = await flow.velocities(points, time, asked);
		const shown: Planes[] = [];
		for (const [row, { noise, latents }] of candidates.entries()) {
			const [freely = noise, ...led] = answers[row] ?? [];
			const weighted = led.map((answer, at) => ({ answer, weight: leads[at]?.weight ?? 0 }));
			const velocity = guidedVelocity(freely, weighted, job.guidance, time);
			shown.push(await draw(foreseen(latents, velocity, time), flow, autoencoder));
			stepAlong(latents, velocity, time, following);
			if (kept !== null && paintable !== null) {
				keep(latents, mixedWithNoise(kept, noise, following), paintable);
			}
		}
		const preview = pictureOf(sideBySide(shown));
		yield { kind: "progress", step: step + 1, steps, preview, similarity: null };
	}
	const drawn: Planes[] = [];
	for (const { latents } of candidates) {
		// The decoder draws codes more sharply than what lies between them, of which only a start picture has any need.
		drawn.push(await draw(latents, flow, autoencoder, { rounded: kept === null }));
	}
	const picture = finished(await bestOf(drawn, encoder, targets, threads), job);
	const similarity = await similarityOfWhole(encoder, targets, planesOf(picture), threads);
	const used = [encoder.manifest, autoencoder, flow.manifest];
	const packages = used.map(({ id, version }) => ({ id, version }));
	yield { kind: "done", picture, similarity, packages, shortened };
}

interface Candidate {
	readonly noise: Float32Array;
	/** Where it stands on the way from the noise to a picture. */
	readonly latents: Float32Array;
}

async function latentsOf(
	picture: Parameters<typeof planesOf>[0],
	flow: SketchFlow,
	autoencoder: SketchAutoencoder,
): Promise<Float32Array> {
	const { width, height } = pixelSize(flow, autoencoder);
	const encoded = await autoencoder.encode(resized(planesOf(picture), width, height));
	return flow.normalised(encoded);
}

/** At the size the network was trained at; a picture of another shape is drawn squeezed into it. */
function draw(
	latents: Float32Array,
	flow: SketchFlow,
	autoencoder: SketchAutoencoder,
	{ rounded }: { rounded: boolean } = { rounded: false },
): Promise<Planes> {
	const { width, height } = pixelSize(flow, autoencoder);
	const restored = flow.restored(latents);
	autoencoder.clamp(restored);
	return autoencoder.decode(rounded ? autoencoder.rounded(restored) : restored, width, height);
}

function pixelSize({ manifest }: SketchFlow, { pixelsPerPlace }: SketchAutoencoder) {
	const [height, width] = manifest.latents.size;
	return { width: width * pixelsPerPlace, height: height * pixelsPerPlace };
}

/** 0 to 1 a place, what may be painted. */
function maskOf(mask: Uint8Array, size: DiffusionJob, { manifest }: SketchFlow): Float32Array {
	const [height, width] = manifest.latents.size;
	return resizedMask(mask, size, { width, height });
}

/** Brings what may not be painted back onto the start picture's own line, in place. */
function keep(latents: Float32Array, known: Float32Array, paintable: Float32Array): void {
	for (const [at, value] of known.entries()) {
		const share = paintable[at % paintable.length] ?? 1;
		latents[at] = share * (latents[at] ?? 0) + (1 - share) * value;
	}
}

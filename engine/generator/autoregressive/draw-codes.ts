/**
 * @file Draws as DALL-E 1 did (Ramesh et al. 2021, arXiv:2102.12092): code after code from the top left, each
 * chosen by lot among the likely ones; several candidates side by side, of which the encoder picks the best.
 */
import { loadModelPackage, verifyModelPackage } from "../../encoder/model-package.ts";
import { conditionsOf, guidedAnswer, type LeadingConditions } from "../guidance.ts";
import { bestOf, similarityOfWhole } from "../judging/picture-judge.ts";
import { readPrompts } from "../judging/targets.ts";
import { checkTrainedFor } from "../package-manifest.ts";
import { openAutoencoder, type SketchAutoencoder } from "../picture/autoencoder-package.ts";
import { sideBySide } from "../picture/contact-sheet.ts";
import { finished } from "../picture/finish.ts";
import { type Planes, pictureOf, planesOf } from "../picture/planes.ts";
import { randomsOfCandidates, type SeededRandom } from "../picture/random.ts";
import type { GenerationEvent, RgbPicture } from "../picture-generator.ts";
import type { AutoregressiveJob, AutoregressiveModel } from "./autoregressive-job.ts";
import { type CodeDrawing, type CodeNetwork, openCodeNetwork } from "./code-package.ts";
import { CodePicture } from "./code-picture.ts";
import { choiceOf, draw } from "./sampling.ts";

type SketchModel = Extract<AutoregressiveModel, { kind: "sketch" }>;

/** @throws Refusal MODEL_UNAVAILABLE when a package is missing, damaged or made for another encoder. */
export async function* drawCodes(
	job: AutoregressiveJob,
	model: SketchModel,
): AsyncGenerator<GenerationEvent> {
	const { threads, steps } = job;
	yield { kind: "progress", step: 0, steps, preview: null, similarity: null };
	const encoder = loadModelPackage(job.encoderPath);
	await verifyModelPackage(encoder);
	const { targets, shortened } = await readPrompts(job.prompts, encoder, threads);
	const network = await openCodeNetwork(model.networkPath, threads);
	const autoencoder = await openAutoencoder(model.autoencoderPath, threads);
	checkTrainedFor(network.manifest, { encoder: encoder.manifest.id, autoencoder: autoencoder.id });

	const conditions = conditionsOf(targets, network.manifest.condition.dimensions);
	const drawing = await CandidateDrawing.begin(job, network, conditions);
	for (let group = 0; group < network.grid.groups; group++) {
		await drawing.drawGroup(group);
		const isRowEnd = (group + 1) % network.grid.columns === 0;
		const preview = isRowEnd ? await previewOf(drawing.candidates, network, autoencoder) : null;
		yield { kind: "progress", step: group + 1, steps, preview, similarity: null };
	}
	const drawn = await pixelsOf(drawing.candidates, network, autoencoder);
	const picture = finished(await bestOf(drawn, encoder, targets, threads), job);
	const similarity = await similarityOfWhole(encoder, targets, planesOf(picture), threads);
	const used = [encoder.manifest, autoencoder, network.manifest];
	const packages = used.map(({ id, version }) => ({ id, version }));
	yield { kind: "done", picture, similarity, packages, shortened };
}

/** Candidates drawn side by side, each with random numbers of its own. */
class CandidateDrawing {
	readonly candidates: readonly CodePicture[];
	readonly #randoms: readonly SeededRandom[];
	readonly #job: AutoregressiveJob;
	readonly #network: CodeNetwork;
	readonly #conditions: LeadingConditions;
	readonly #drawing: CodeDrawing;

	private constructor(
		job: AutoregressiveJob,
		network: CodeNetwork,
		conditions: LeadingConditions,
		drawing: CodeDrawing,
	) {
		this.candidates = Array.from({ length: job.candidates }, () => new CodePicture(network.grid));
		this.#randoms = randomsOfCandidates(job.seed, job.candidates);
		this.#job = job;
		this.#network = network;
		this.#conditions = conditions;
		this.#drawing = drawing;
	}

	static async begin(
		job: AutoregressiveJob,
		network: CodeNetwork,
		conditions: LeadingConditions,
	): Promise<CandidateDrawing> {
		const asked = [conditions.free, ...conditions.leads.map(({ condition }) => condition)];
		const drawing = await network.begin(Array.from({ length: job.candidates }, () => asked).flat());
		return new CandidateDrawing(job, network, conditions, drawing);
	}

	/** Draws the codes of one group of every candidate. */
	async drawGroup(group: number): Promise<void> {
		await this.#drawing.nextGroup(this.#forEach((candidate) => candidate.around(group)));
		for (let place = 0; place < this.#network.grid.codesAGroup; place++) {
			const logits = await this.#drawing.logits(
				this.#forEach((candidate) => candidate.drawnOf(group)),
				place,
			);
			for (const [at, candidate] of this.candidates.entries()) {
				candidate.set(group, place, this.#choose(logits, at));
			}
		}
	}

	#choose(logits: readonly Float32Array[], candidate: number): number {
		const { leads } = this.#conditions;
		const { guidance, sampling } = this.#job;
		const start = candidate * (1 + leads.length);
		const [free, ...led] = logits.slice(start, start + 1 + leads.length);
		const random = this.#randoms[candidate];
		if (free === undefined || random === undefined) throw new Error("A candidate has no logits.");
		const weighted = led.map((answer, at) => ({ answer, weight: leads[at]?.weight ?? 0 }));
		return draw(choiceOf(guidedAnswer(free, weighted, guidance), sampling), random);
	}

	/** One row for every condition a candidate is asked under. */
	#forEach(rowOf: (candidate: CodePicture) => Int32Array): Int32Array[] {
		const asked = 1 + this.#conditions.leads.length;
		return this.candidates.flatMap((candidate) => {
			const row = rowOf(candidate);
			return Array.from({ length: asked }, () => row);
		});
	}
}

function pixelsOf(
	candidates: readonly CodePicture[],
	{ manifest }: CodeNetwork,
	autoencoder: SketchAutoencoder,
): Promise<Planes[]> {
	const [rows, columns] = manifest.codes.size;
	const [height, width] = [rows, columns].map((places) => places * autoencoder.pixelsPerPlace);
	return Promise.all(
		candidates.map((candidate) => autoencoder.decode(candidate.latents(), width ?? 0, height ?? 0)),
	);
}

async function previewOf(
	candidates: readonly CodePicture[],
	network: CodeNetwork,
	autoencoder: SketchAutoencoder,
): Promise<RgbPicture> {
	return pictureOf(sideBySide(await pixelsOf(candidates, network, autoencoder)));
}

/**
 * @file Draws with an installed model in Janus-Pro's layout (Chen et al. 2025, arXiv:2501.17811): a language
 * model that goes on with image tokens, led by the difference that the words make. Candidates are drawn one
 * after another by the model that is loaded once, and the search encoder keeps the one that fits best.
 */
import { loadModelPackage } from "../../../encoder/model-package.ts";
import { guidedAnswer } from "../../guidance.ts";
import { bestOf, similarityOfWhole } from "../../judging/picture-judge.ts";
import { readPrompts } from "../../judging/targets.ts";
import { sideBySide } from "../../picture/contact-sheet.ts";
import { finished } from "../../picture/finish.ts";
import { emptyPlanes, type Planes, pictureOf, planesOf } from "../../picture/planes.ts";
import { SeededRandom } from "../../picture/random.ts";
import type { GenerationEvent, RgbPicture, WeightedPrompt } from "../../picture-generator.ts";
import type { AutoregressiveJob, AutoregressiveModel } from "../autoregressive-job.ts";
import { choiceOf, draw } from "../sampling.ts";
import { decodeTokens, embedWords, type OpenPart, openPart } from "./janus-graphs.ts";
import { type JanusPackage, readJanusPackage } from "./janus-package.ts";
import { PreviewShare } from "./preview-share.ts";
import { openPromptReader } from "./prompt-tokens.ts";
import { openTokenStream, type StreamState } from "./token-stream.ts";

type InstalledModel = Extract<AutoregressiveModel, { kind: "janus" }>;

/** @throws Refusal MODEL_UNAVAILABLE when the package is not whole or not of a kind that is known. */
export async function* drawJanus(
	job: AutoregressiveJob,
	model: InstalledModel,
): AsyncGenerator<GenerationEvent> {
	const { steps, threads } = job;
	yield { kind: "progress", step: 0, steps, preview: null, similarity: null };
	const modelPackage = readJanusPackage(model.path);
	const { rows, shortened } = requestsOf(modelPackage, job);
	const requests = await embedWords(
		modelPackage,
		rows.map(({ ids }) => ids),
		threads,
	);
	const stream = await openTokenStream(modelPackage, threads);
	const decoder = await openPart(modelPackage, "decoder", threads);
	const begun = await stream.begin(requests);
	const previews = new PreviewShare();
	const seeds = new SeededRandom(job.seed);
	const places = modelPackage.side ** 2;
	const drawn: Planes[] = [];
	for (let candidate = 0; candidate < job.candidates; candidate++) {
		const random = new SeededRandom(seeds.uniform() * 2 ** 32);
		const tokens: number[] = [];
		let state: StreamState = begun;
		while (tokens.length < places) {
			const token = draw(choiceOf(led(state, rows, job.guidance), job.sampling), random);
			tokens.push(token);
			if (tokens.length < places) state = await stream.next(state, token);
			const isRowEnd = tokens.length % modelPackage.side === 0;
			const preview =
				isRowEnd && tokens.length < places && previews.isDue()
					? await previews.of(() => soFar(modelPackage, decoder, drawn, tokens, job.candidates))
					: null;
			const all = candidate * places + tokens.length;
			const step = Math.floor(all / job.candidates);
			if (preview !== null || all % job.candidates === 0) {
				yield { kind: "progress", step, steps, preview, similarity: null };
			}
		}
		drawn.push(await decodeTokens(decoder, tokens));
	}
	await stream.close();
	await decoder.session.release();
	const encoder = loadModelPackage(job.encoderPath);
	const { targets } = await readPrompts(job.prompts, encoder, threads);
	const picture = finished(await bestOf(drawn, encoder, targets, threads), job);
	yield {
		kind: "done",
		picture,
		similarity: await similarityOfWhole(encoder, targets, planesOf(picture), threads),
		packages: [
			{ id: model.id, version: model.version },
			{ id: encoder.manifest.id, version: encoder.manifest.version },
		],
		shortened,
	};
}

/** One row of the batch: what is asked, and how much it leads; null for the row without words. */
interface Request {
	ids: readonly number[];
	weight: number | null;
}

/**
 * Each prompt is a request of its own, those wanted by their share of the whole; beside them, one without
 * words, which without guidance is not needed.
 */
function requestsOf(
	modelPackage: JanusPackage,
	{ prompts, guidance }: { prompts: readonly WeightedPrompt[]; guidance: number },
): { rows: Request[]; shortened: boolean } {
	const reader = openPromptReader(modelPackage);
	const used = guidance > 1 ? prompts : prompts.filter(({ weight }) => weight > 0);
	const wanted = used.reduce((sum, { weight }) => sum + Math.max(0, weight), 0);
	const read = used.map(({ text, weight }) => ({
		...reader.read(text),
		weight: weight > 0 ? weight / wanted : weight,
	}));
	const longest = Math.max(...read.map(({ ids }) => ids.length));
	const free = { ids: reader.without(longest), weight: null };
	return {
		rows: guidance > 1 ? [free, ...read] : read,
		shortened: read.some(({ shortened }) => shortened),
	};
}

/** Without guidance the requests are only mixed, each by its weight. */
function led({ logits }: StreamState, rows: readonly Request[], guidance: number): Float32Array {
	const [first] = logits;
	if (first === undefined) throw new Error("There are no logits.");
	const leads = rows.flatMap(({ weight }, at) => {
		const answer = logits[at];
		return weight === null || answer === undefined ? [] : { answer, weight };
	});
	return guidedAnswer(first, leads, guidance);
}

/** All candidates side by side, grey where nothing is drawn yet. */
async function soFar(
	modelPackage: JanusPackage,
	decoder: OpenPart,
	finishedOnes: readonly Planes[],
	tokens: readonly number[],
	candidates: number,
): Promise<RgbPicture> {
	const { side } = modelPackage;
	// What is still to come has the last row's tokens, so that the edge looks as it would.
	const filled = Array.from({ length: side ** 2 }, (_, at) => {
		const last = tokens.length - side + (at % side);
		return tokens[at] ?? tokens[last] ?? 0;
	});
	const present = await decodeTokens(decoder, filled);
	const { width, height } = present;
	const known = Math.round((height * tokens.length) / side ** 2);
	for (let channel = 0; channel < 3; channel++) {
		const start = channel * width * height;
		present.values.fill(0.5, start + known * width, start + width * height);
	}
	const empty = emptyPlanes(width, height);
	empty.values.fill(0.5);
	const all = [...finishedOnes, present];
	while (all.length < candidates) all.push(empty);
	return pictureOf(sideBySide(all));
}

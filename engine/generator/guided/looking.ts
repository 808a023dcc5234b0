/** @file One look of the encoder at a canvas: by gradients where it has them, by trying where not. */
import type { ModelPackage } from "../../encoder/model-package.ts";
import { meanOfPositive, openEncoderJudge, similarityOfWhole } from "../judging/picture-judge.ts";
import type { Target } from "../judging/targets.ts";
import { emptyPlanes, type Planes } from "../picture/planes.ts";
import type { SeededRandom } from "../picture/random.ts";
import type { Canvas } from "./canvas.ts";
import { encoderAbilities } from "./encoder-abilities.ts";
import { openEncoderGuide } from "./encoder-guide.ts";
import { estimateGradient, lossOf } from "./evolution-guide.ts";
import { Views } from "./views.ts";

/** Views a step, and pixels of a view's side where the encoder takes any size. */
const viewCount = 8;
const viewSide = 128;
/** Crops are at least this share of the picture's sides. */
const smallestView = 0.6;

export interface Look {
	/** By the canvas's parameters. */
	gradient: Float32Array;
	/** Mean cosine of the views to the prompts with positive weight. */
	similarity: number;
}

/** Adds the gradients of further wishes to a picture's. */
export type AddWishes = (picture: Planes, gradient: Planes) => void;

export interface Looking {
	look(canvas: Canvas, addWishes: AddWishes): Promise<Look>;
	/** Similarity of a finished picture, seen whole as search sees it. */
	judge(picture: Planes): Promise<number>;
	close(): Promise<void>;
}

export async function openLooking(
	modelPackage: ModelPackage,
	targets: readonly Target[],
	random: SeededRandom,
	threads: number,
): Promise<Looking> {
	const { image } = modelPackage.manifest;
	const [ownWidth, ownHeight] = image.size;
	const { gradients, anySide } = encoderAbilities(modelPackage);
	const evolves = !gradients;
	const side = anySide ? viewSide : Math.min(ownWidth, ownHeight);
	const count = evolves ? 2 : viewCount;
	const views = new Views({
		count,
		side,
		smallest: smallestView,
		largest: 1,
		mean: image.mean,
		std: image.std,
	});
	const similarityOf = (similarities: Float32Array): number =>
		meanOfPositive(similarities, targets);
	const judge = (picture: Planes): Promise<number> =>
		similarityOfWhole(modelPackage, targets, picture, threads);
	if (evolves) {
		const judging = await openEncoderJudge(modelPackage, targets, { count, side }, threads);
		const loss = async (picture: Planes): Promise<number> =>
			lossOf(await judging.judge(views.take(picture, random)), targets);
		return {
			judge,
			async look(canvas, addWishes) {
				const estimated = await estimateGradient(canvas, loss, random);
				const picture = await canvas.draw();
				const similarities = await judging.judge(views.take(picture, random));
				const wishes = emptyPlanes(picture.width, picture.height);
				addWishes(picture, wishes);
				const wished = await canvas.pullBack(wishes);
				const gradient = estimated.map((value, at) => value + (wished[at] ?? 0));
				return { gradient, similarity: similarityOf(similarities) };
			},
			close: () => judging.close(),
		};
	}
	const guide = await openEncoderGuide(modelPackage, targets, { count, side }, threads);
	return {
		judge,
		async look(canvas, addWishes) {
			const picture = await canvas.draw();
			const answer = await guide.look(views.take(picture, random));
			const byPicture = views.pullBack(answer.gradient);
			addWishes(picture, byPicture);
			const gradient = await canvas.pullBack(byPicture);
			return { gradient, similarity: similarityOf(answer.similarities) };
		},
		close: () => guide.close(),
	};
}

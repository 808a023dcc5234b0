/** @file How well a picture fits what was asked, as the encoder of the search sees it. */
import { join } from "node:path";
import type { ModelPackage } from "../../encoder/model-package.ts";
import { openSession, unitRows } from "../../encoder/onnx-session.ts";
import ort from "../../onnx-runtime.ts";
import { type Planes, resized } from "../picture/planes.ts";
import type { Target } from "./targets.ts";

export interface EncoderJudge {
	/** @returns [views, targets], cosines. */
	judge(views: Float32Array): Promise<Float32Array>;
	close(): Promise<void>;
}

/** The encoder forward only, by any execution its package allows. */
export async function openEncoderJudge(
	modelPackage: ModelPackage,
	targets: readonly Target[],
	views: { count: number; side: number },
	threads: number,
): Promise<EncoderJudge> {
	const { image, dimensions } = modelPackage.manifest;
	const session = await openSession(join(modelPackage.path, image.file), {
		provider: "cpu",
		intraOpNumThreads: threads,
		inputs: [image.input],
		output: image.output,
	});
	return {
		async judge(values) {
			const input = new ort.Tensor("float32", values, [views.count, 3, views.side, views.side]);
			const data = (await session.run({ [image.input]: input }))[image.output]?.data;
			if (!(data instanceof Float32Array)) throw new Error(`${image.output} is not float32.`);
			const rows = unitRows(data, dimensions);
			return Float32Array.from({ length: views.count * targets.length }, (_, at) => {
				const row = Math.floor(at / targets.length) * dimensions;
				const vector = targets[at % targets.length]?.vector;
				return (
					vector?.reduce((sum, value, index) => sum + value * (rows[row + index] ?? 0), 0) ?? 0
				);
			});
		},
		close: () => session.release(),
	};
}

/** Cosine of a finished picture, seen whole, to the prompts with positive weight; their mean. */
export async function similarityOfWhole(
	modelPackage: ModelPackage,
	targets: readonly Target[],
	picture: Planes,
	threads: number,
): Promise<number> {
	const [similarity = 0] = await similaritiesOfWhole(modelPackage, targets, [picture], threads);
	return similarity;
}

/** Of several pictures the one that fits the prompts best. @throws Error when there is none. */
export async function bestOf(
	pictures: readonly Planes[],
	modelPackage: ModelPackage,
	targets: readonly Target[],
	threads: number,
): Promise<Planes> {
	const [first] = pictures;
	if (first === undefined) throw new Error("There is no candidate.");
	if (pictures.length === 1) return first;
	const similarities = await similaritiesOfWhole(modelPackage, targets, pictures, threads);
	return pictures[similarities.indexOf(Math.max(...similarities))] ?? first;
}

/** The same of several pictures, one after another. */
async function similaritiesOfWhole(
	modelPackage: ModelPackage,
	targets: readonly Target[],
	pictures: readonly Planes[],
	threads: number,
): Promise<number[]> {
	const { image } = modelPackage.manifest;
	const [width, height] = image.size;
	const plane = width * height;
	const judge = await openEncoderJudge(modelPackage, targets, { count: 1, side: width }, threads);
	const similarities: number[] = [];
	for (const picture of pictures) {
		const values = resized(picture, width, height).values.map((value, at) => {
			const channel = Math.floor(at / plane);
			return (value - (image.mean[channel] ?? 0)) / (image.std[channel] ?? 1);
		});
		similarities.push(meanOfPositive(await judge.judge(values), targets));
	}
	await judge.close();
	return similarities;
}

/** @param similarities [views, targets] */
export function meanOfPositive(similarities: Float32Array, targets: readonly Target[]): number {
	const positive = targets.flatMap(({ weight }, at) => (weight > 0 ? [at] : []));
	const chosen = [...similarities].filter((_, at) => positive.includes(at % targets.length));
	return chosen.reduce((sum, value) => sum + value, 0) / chosen.length;
}

/** @file Zero-shot classification: the label whose text is nearest to the photo. */
import type { DualEncoder } from "../engine/encoder/dual-encoder.ts";
import { namePrompts } from "../engine/tagger/label-prompts.ts";
import { cosineSimilarity } from "./embed-photos.ts";
import type { LabelledSet } from "./photo-set.ts";

/** Prompt ensemble: the texts' embeddings are averaged and renormalised (arXiv:2103.00020, 3.1.4). */
const ensemblePrompts = [
	"a photo of a {}",
	"{}",
	"a close-up photo of a {}",
	"a photo of the {} outdoors",
];

export interface ZeroShotFigures {
	photos: number;
	classes: number;
	/** Percent of photos whose class is the first, or among the first five. */
	plain: { top1: number; top5: number };
	ensemble: { top1: number; top5: number };
	/** As the app takes a label that is one name on a line. */
	asLabels: { top1: number; top5: number };
}

export async function measureZeroShot(
	set: LabelledSet,
	photoVectors: readonly Float32Array[],
	encoder: DualEncoder,
): Promise<ZeroShotFigures> {
	const judge = async (prompts: readonly string[]) => {
		const labelVectors = await Promise.all(
			set.labels.map((label) => embedLabel(label, prompts, encoder)),
		);
		const ranks = set.photos.map(({ label }, photo) => {
			const vector = photoVectors[photo];
			if (vector === undefined) throw new Error("An embedding is missing.");
			const scores = labelVectors.map((labelVector) => cosineSimilarity(vector, labelVector));
			const own = scores[set.labels.indexOf(label)] ?? Number.NaN;
			return scores.filter((score) => score > own).length;
		});
		const percentBelow = (count: number) =>
			(ranks.filter((rank) => rank < count).length / ranks.length) * 100;
		return { top1: percentBelow(1), top5: percentBelow(5) };
	};
	return {
		photos: set.photos.length,
		classes: set.labels.length,
		plain: await judge(["{}"]),
		ensemble: await judge(ensemblePrompts),
		asLabels: await judge(namePrompts),
	};
}

/** Float32 [dimensions], unit length: the mean over the prompts. */
export async function embedLabel(
	label: string,
	prompts: readonly string[],
	encoder: DualEncoder,
): Promise<Float32Array> {
	const texts = await encoder.embedTexts(prompts.map((prompt) => prompt.replace("{}", label)));
	const sum = new Float32Array(encoder.manifest.dimensions);
	for (const { vector } of texts) {
		for (const [at, value] of vector.entries()) sum[at] = (sum[at] ?? 0) + value;
	}
	const length = Math.hypot(...sum);
	return sum.map((value) => value / length);
}

/**
 * @file `node eval/guided.ts [--pictures FOLDER] [--sheet FILE] [--from N] [--to N]`: how well guided
 * drawings show what was asked, on the 24 prompts of guided-prompts.txt at default settings, judged by
 * views that drawing did not use. Prints JSON; with --sheet writes a contact sheet. Pictures already in
 * FOLDER are not drawn again, so that a long run can be done in parts.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import sharp from "sharp";
import type { DualEncoder } from "../engine/encoder/dual-encoder.ts";
import { createDualEncoder } from "../engine/encoder/onnx-dual-encoder.ts";
import { createGuidedGenerator } from "../engine/generator/guided/guided-generator.ts";
import type {
	GenerationSettings,
	PictureGenerator,
} from "../engine/generator/picture-generator.ts";
import { writeSheet } from "./drawings/contact-sheet.ts";
import { freshViews } from "./drawings/fresh-views.ts";
import { cosineSimilarity } from "./embed-photos.ts";

const modelsPath = join(import.meta.dirname, "..", "resources", "models");
const promptsPath = join(import.meta.dirname, "guided-prompts.txt");

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			pictures: { type: "string" },
			sheet: { type: "string" },
			from: { type: "string", default: "0" },
			to: { type: "string", default: "24" },
		},
	});
	const prompts = readFileSync(promptsPath, "utf8").trim().split("\n");
	const folder = values.pictures ?? mkdtempSync(join(tmpdir(), "afterimage-guided-"));
	mkdirSync(folder, { recursive: true });
	const encoder = createDualEncoder({ packagePath: join(modelsPath, "starter") });
	const generator = createGuidedGenerator({
		encoderPath: join(modelsPath, "starter"),
		autoencoderPath: join(modelsPath, "sketch-autoencoder"),
		layoutPath: join(modelsPath, "layout"),
	});
	try {
		for (const [at, text] of prompts.entries()) {
			if (at < Number(values.from) || at >= Number(values.to)) continue;
			await drawOnce(generator, text, pathOf(folder, at));
		}
		const drawn = prompts.map((_, at) => pathOf(folder, at));
		if (!drawn.every((path) => existsSync(path))) return;
		if (values.sheet !== undefined) {
			const pictures = drawn.map((picture, at) => ({ picture, words: prompts[at] ?? "" }));
			await writeSheet(pictures, 6, values.sheet);
		}
		console.log(JSON.stringify(await judge(drawn, prompts, encoder), null, "\t"));
	} finally {
		await Promise.all([encoder.close(), generator.close()]);
		if (values.pictures === undefined) rmSync(folder, { recursive: true });
	}
}

const pathOf = (folder: string, at: number): string =>
	join(folder, `${String(at + 1).padStart(2, "0")}.png`);

async function drawOnce(generator: PictureGenerator, text: string, path: string): Promise<void> {
	if (existsSync(path)) return;
	const { size, steps } = generator.description;
	const settings: GenerationSettings = {
		prompts: [{ text, weight: 1 }],
		seed: 1,
		...size,
		steps: steps.default,
		start: null,
		palette: [],
		mask: null,
	};
	const startedAt = performance.now();
	for await (const event of generator.generate(settings)) {
		if (event.kind !== "done") continue;
		const { width, height, pixels } = event.picture;
		await sharp(pixels, { raw: { width, height, channels: 3 } }).toFile(path);
		const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
		console.error(`${text}: ${event.similarity?.toFixed(3)}, ${seconds} s`);
	}
}

/** Of pictures, how many are nearer to their own prompt than to each of the others. */
async function judge(paths: readonly string[], prompts: readonly string[], encoder: DualEncoder) {
	const vectors = (await encoder.embedTexts(prompts)).map(({ vector }) => vector);
	const nearer = (similarities: readonly number[], own: number): boolean =>
		similarities.every((value, at) => at === own || value < (similarities[own] ?? 0));
	const whole: boolean[] = [];
	const throughViews: boolean[] = [];
	const ownSimilarity: number[] = [];
	const otherSimilarity: number[] = [];
	for (const [own, path] of paths.entries()) {
		const pictures = await encoder.embedPictures(await freshViews(path, own));
		const [first, ...views] = pictures.map((picture) =>
			vectors.map((vector) => cosineSimilarity(picture, vector)),
		);
		const mean = vectors.map(
			(_, at) => views.reduce((sum, view) => sum + (view[at] ?? 0), 0) / views.length,
		);
		whole.push(nearer(first ?? [], own));
		throughViews.push(nearer(mean, own));
		ownSimilarity.push(mean[own] ?? 0);
		otherSimilarity.push(
			(mean.reduce((sum, value) => sum + value, 0) - (mean[own] ?? 0)) / (mean.length - 1),
		);
	}
	const average = (values: readonly number[]): number =>
		Math.round((1000 * values.reduce((sum, value) => sum + value, 0)) / values.length) / 1000;
	return {
		pictures: paths.length,
		nearestToOwnPrompt: whole.filter(Boolean).length,
		nearestToOwnPromptThroughFreshViews: throughViews.filter(Boolean).length,
		missed: prompts.filter((_, at) => throughViews[at] === false),
		similarityToOwnPrompt: average(ownSimilarity),
		similarityToOtherPrompts: average(otherSimilarity),
	};
}

await main();

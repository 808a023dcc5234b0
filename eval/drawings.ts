/**
 * @file `node eval/drawings.ts FAMILY FOLDER [--photos FOLDER] [--training FOLDER] [--candidates 4]`: how well
 * a family's drawings show what was asked, on the 64 prompts of drawings/prompts.txt at default settings, the
 * best of four candidates by the encoder, judged by views that drawing did not use. Pictures and sheets go into
 * FOLDER (what is there already is not drawn again); figures are printed as JSON.
 *
 * --photos: a folder with captions.json. The same figures of real photos and their own captions are the ceiling;
 * of the same photos and the prompts, which have nothing to do with them, the floor.
 * --training: a work folder of training. For 32 drawings the nearest picture of it, by the encoder: what a
 * model has learned by heart would be found here. Their sheet shows training pictures and stays in FOLDER.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { drawingFamilySchema } from "../contract/generation.ts";
import type { DualEncoder } from "../engine/encoder/dual-encoder.ts";
import { createDualEncoder } from "../engine/encoder/onnx-dual-encoder.ts";
import { createCodeGenerator } from "../engine/generator/autoregressive/autoregressive-generator.ts";
import { createSketchGenerator } from "../engine/generator/diffusion/diffusion-generator.ts";
import { createGuidedGenerator } from "../engine/generator/guided/guided-generator.ts";
import type { PictureGenerator } from "../engine/generator/picture-generator.ts";
import type { ProcessOptions } from "../engine/generator/process/process-generator.ts";
import { writeSheet } from "./drawings/contact-sheet.ts";
import { type Drawn, drawCandidates } from "./drawings/draw-candidates.ts";
import { readDrawingPrompts } from "./drawings/drawing-prompts.ts";
import { freshViews } from "./drawings/fresh-views.ts";
import { mean, rankOwnWords } from "./drawings/own-rank.ts";
import { openTrainingPictures, type TrainingPictures } from "./drawings/training-pictures.ts";
import { readPhotoSet } from "./photo-set.ts";

const modelsPath = join(import.meta.dirname, "..", "resources", "models");
const model = (name: string): string => join(modelsPath, name);
/** Drawings whose nearest training picture is looked for. */
const comparedDrawings = 32;

const create: Record<string, (options: ProcessOptions) => PictureGenerator> = {
	guided: (options) =>
		createGuidedGenerator({
			...options,
			encoderPath: model("starter"),
			autoencoderPath: model("sketch-autoencoder"),
			layoutPath: model("layout"),
		}),
	diffusion: (options) =>
		createSketchGenerator({
			...options,
			encoderPath: model("starter"),
			velocityPath: model("sketch-diffusion"),
			autoencoderPath: model("sketch-autoencoder"),
		}),
	autoregressive: (options) =>
		createCodeGenerator({
			...options,
			encoderPath: model("starter"),
			networkPath: model("sketch-autoregressive"),
			autoencoderPath: model("sketch-autoencoder"),
		}),
};

async function main(): Promise<void> {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: {
			photos: { type: "string" },
			training: { type: "string" },
			candidates: { type: "string", default: "4" },
		},
	});
	const [given, folder] = positionals;
	const family = drawingFamilySchema.safeParse(given);
	if (!family.success || folder === undefined) {
		console.error("Usage: node eval/drawings.ts guided|diffusion|autoregressive FOLDER");
		process.exitCode = 2;
		return;
	}
	mkdirSync(folder, { recursive: true });
	let processId: number | null = null;
	const generator = create[family.data]?.({
		onStart: (id) => {
			processId = id;
		},
	});
	if (generator === undefined) throw new Error("No such family.");
	const encoder = createDualEncoder({ packagePath: model("starter") });
	try {
		const prompts = readDrawingPrompts();
		const part = { generator, processId: () => processId };
		const drawn = await drawCandidates(prompts, folder, Number(values.candidates), part);
		const done = drawn.filter((one) => one !== null);
		await writeSheet(
			done.map(({ path, prompt }) => ({ picture: path, words: prompt })),
			8,
			join(folder, "sheet.jpg"),
		);
		const paths = drawn.map((one) => one?.path ?? null);
		const figures = {
			family: family.data,
			encoder: encoder.manifest.id,
			drawings: await rankOwnWords(paths, prompts, encoder),
			...(values.photos !== undefined && (await photoFigures(values.photos, prompts, encoder))),
			...(values.training !== undefined && {
				training: await trainingFigures(values.training, done, folder, encoder),
			}),
			secondsACandidate: mean(done.map(({ seconds }) => seconds)),
			peakMemoryMegabytes:
				Math.max(...done.map(({ peakMemoryBytes }) => peakMemoryBytes ?? 0)) / 1024 ** 2,
		};
		console.log(JSON.stringify(figures, rounded, "\t"));
	} finally {
		await Promise.all([encoder.close(), generator.close()]);
	}
}

/** Evenly out of the set, so that it is not one photographer's morning. */
async function photoFigures(folder: string, prompts: readonly string[], encoder: DualEncoder) {
	const set = readPhotoSet(folder);
	if (set.kind !== "captions") throw new Error(`${folder} has no captions.json.`);
	const apart = set.photos.length / prompts.length;
	const photos = prompts.flatMap((_, at) => set.photos[Math.floor(at * apart)] ?? []);
	const paths = photos.map(({ path }) => path);
	const captions = photos.map((photo) => photo.captions[0] ?? "");
	return {
		ceilingPhotosAndTheirCaptions: await rankOwnWords(paths, captions, encoder),
		floorPhotosAndThePrompts: await rankOwnWords(paths, prompts, encoder),
	};
}

async function trainingFigures(
	work: string,
	drawn: readonly Drawn[],
	folder: string,
	encoder: DualEncoder,
) {
	const pictures = openTrainingPictures(work);
	try {
		const tiles: { picture: string | Uint8Array; words: string }[] = [];
		const similarities: number[] = [];
		const differences: number[] = [];
		for (const [at, { path, prompt }] of drawn.slice(0, comparedDrawings).entries()) {
			const [whole] = await freshViews(path, at);
			const [vector] = whole === undefined ? [] : await encoder.embedPictures([whole]);
			if (vector === undefined) continue;
			const { row, similarity } = pictures.nearest(vector);
			similarities.push(similarity);
			differences.push(await pictures.differenceTo(row, path));
			tiles.push({ picture: path, words: prompt });
			tiles.push({
				picture: await pictures.picture(row),
				words: `nearest: ${similarity.toFixed(3)}`,
			});
		}
		await writeSheet(tiles, 8, join(folder, "nearest-training-pictures.jpg"));
		return {
			pictures: pictures.count,
			nearestByEncoder: { mean: mean(similarities), most: Math.max(...similarities) },
			differenceToNearest: { mean: mean(differences), least: Math.min(...differences) },
			betweenTrainingPictures: amongThemselves(pictures),
		};
	} finally {
		pictures.close();
	}
}

/** How near the nearest other picture is to real ones: what is usual without any copying. */
function amongThemselves(pictures: TrainingPictures): { mean: number } {
	const apart = Math.floor(pictures.count / comparedDrawings);
	const similarities = Array.from({ length: comparedDrawings }, (_, at) => {
		const row = at * apart;
		return pictures.nearest(pictures.vector(row), row).similarity;
	});
	return { mean: mean(similarities) };
}

function rounded(_key: string, value: unknown): unknown {
	return typeof value === "number" ? Math.round(value * 1000) / 1000 : value;
}

await main();

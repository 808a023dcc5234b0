/** @file `afterimage generate`: draws pictures from a prompt into files, without a library. */
import { randomInt } from "node:crypto";
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { dirname, extname } from "node:path";
import { errorMap, Refusal } from "../../contract/errors.ts";
import { candidatesAtMost, type DrawingSettings } from "../../contract/generation.ts";
import { type ModelId, modelIdSchema } from "../../contract/model-package.ts";
import type { GivenPictures } from "../../engine/catalogue/drawing-table.ts";
import { createDecoder } from "../../engine/decoder/create-decoder.ts";
import { checkSettings, seedMax } from "../../engine/generator/check-settings.ts";
import { backendSettings, generatorOf, openFamilies } from "../../engine/generator/families.ts";
import { checkGiven, givenPictures, nothingGiven } from "../../engine/generator/given-pictures.ts";
import type {
	GenerationDone,
	GeneratorDescription,
} from "../../engine/generator/picture-generator.ts";
import { drawnFile, type Provenance, readProvenance } from "../../engine/generator/provenance.ts";
import { checkRoom } from "../../engine/generator/room-for-drawing.ts";
import { createFile, errorCode, replaceFile } from "../../engine/library/replace-file.ts";
import { usualModelsPath } from "../../engine/models/usual-models-path.ts";
import type { CommandContext } from "../command-context.ts";
import { CommandError, UsageError } from "../failure.ts";
import { readGiven } from "../given-files.ts";
import { resolveGiven } from "../library-path.ts";
import { ProgressLine, printJson, printLine, remark } from "../terminal.ts";

export interface GenerateOptions {
	out: string;
	backend: "guided" | "diffusion" | "autoregressive";
	/** A drawn file whose settings are taken in place of a prompt and everything but the seed. */
	again?: string;
	not?: string;
	seed?: number;
	size?: { width: number; height: number };
	steps?: number;
	from?: string;
	/** White where the start picture may change. */
	mask?: string;
	strength?: number;
	guidance?: number;
	temperature?: number;
	topK?: number;
	topP?: number;
	candidates?: number;
	model?: string;
	count: number;
	force?: boolean;
	json: boolean;
}

const startMaxBytes = 256 * 1024 * 1024;

export async function generate(
	context: CommandContext,
	prompt: string,
	options: GenerateOptions,
): Promise<void> {
	const { installation, signal } = context;
	const { count, json } = options;
	if (options.out === "") throw new UsageError("Say which file to write: --out FILE.");
	if (count > candidatesAtMost) throw new UsageError(`--count is at most ${candidatesAtMost}.`);
	if ((prompt === "") === (options.again === undefined)) {
		throw new UsageError("Give a prompt, or --again FILE to draw what a drawn file says it is.");
	}
	if (options.mask !== undefined && options.from === undefined) {
		throw new UsageError("A mask needs a start picture to keep parts of: add --from FILE.");
	}
	if (options.strength !== undefined && options.from === undefined) {
		throw new UsageError("--strength says how far to leave a start picture: add --from FILE.");
	}
	const families = openFamilies(installation.resourcesPath, usualModelsPath());
	const told = options.again === undefined ? null : await readDrawn(options.again, signal);
	const chosen = options.model === undefined ? null : parsePackage(options.model);
	const way = told?.settings ?? { family: options.backend, package: chosen };
	const generator = generatorOf(families, way);
	const { description } = generator;
	const first = told?.settings ?? settingsOf(prompt, options, description, chosen);
	if (options.seed !== undefined) first.seed = options.seed;
	checkSettings(backendSettings(first, nothingGiven), description);
	const paths = outPaths(resolveGiven(options.out), count);
	for (const path of paths) await refuseUnwritable(path, options.force === true);
	await checkRoom(dirname(paths[0] ?? ""), first);
	const given = told ?? (await readPictures(options, first, signal));
	checkGiven(first, given);
	const made: { path: string; seed: number; done: GenerationDone }[] = [];
	const line = new ProgressLine();
	try {
		for (const [at, path] of paths.entries()) {
			const settings = { ...first, seed: (first.seed + at) % (seedMax + 1) };
			const which = count === 1 ? "" : `picture ${at + 1} of ${count}, `;
			const drawing = generator.generate(backendSettings(settings, given), { signal });
			let done: GenerationDone | null = null;
			for await (const event of drawing) {
				if (event.kind === "done") done = event;
				else {
					const fits = event.similarity === null ? "" : `, fits ${event.similarity.toFixed(3)}`;
					line.show(`Drawing: ${which}step ${event.step} of ${event.steps}${fits}`);
				}
			}
			if (done === null) throw new CommandError("The drawing ended without a picture.");
			const { packages } = done;
			const { startPicture, maskPicture } = given;
			const own = { settings, packages, startPicture, maskPicture };
			const bytes = await drawnFile(done.picture, own);
			signal.throwIfAborted();
			await writeOut(path, bytes, options.force === true);
			made.push({ path, seed: settings.seed, done });
		}
	} finally {
		line.clear();
		await generator.close();
	}
	// Best first, as the encoder judges them.
	made.sort((one, other) => (other.done.similarity ?? 0) - (one.done.similarity ?? 0));
	if (made.some(({ done }) => done.shortened)) {
		remark("The prompt is longer than the model reads; its end was left out.");
	}
	if (told !== null) remarkOtherModels(told, made[0]?.done ?? told);
	const results = made.map(({ path, seed, done }) => ({
		path,
		seed,
		similarity: done.similarity,
		packages: done.packages,
	}));
	if (json) return printJson({ settings: first, pictures: results });
	for (const { path, seed, similarity } of results) {
		printLine(
			`${path}  seed ${seed}${similarity === null ? "" : `  fits ${similarity.toFixed(3)}`}`,
		);
	}
}

/** The same settings give the same picture only by the same models. */
function remarkOtherModels(
	told: Pick<Provenance, "packages">,
	now: Pick<Provenance, "packages">,
): void {
	for (const { id, version } of told.packages) {
		const here = now.packages.find((one) => one.id === id);
		if (here?.version === version) continue;
		const instead = here === undefined ? "" : ` Version ${here.version} drew this time.`;
		remark(
			`It was drawn by version ${version} of ${id}, which is not here.${instead} The picture is another one.`,
		);
	}
}

/** What is not said is the model's own; a family without sampling is told what it cannot use. */
function samplingOf(
	{ temperature, topK, topP }: GenerateOptions,
	ranges: GeneratorDescription["sampling"],
): DrawingSettings["sampling"] {
	const given = [temperature, topK, topP];
	if (ranges === null && given.every((value) => value === undefined)) return null;
	return {
		temperature: temperature ?? ranges?.temperature.default ?? 1,
		topK: topK ?? ranges?.topK.default ?? 1,
		topP: topP ?? ranges?.topP.default ?? 1,
	};
}

/** @throws UsageError */
function parsePackage(text: string): ModelId {
	const id = modelIdSchema.safeParse(text);
	if (id.success) return id.data;
	throw new UsageError("Give --model as `afterimage models` lists it.");
}

/** What may change of a masked picture is meant to become something else. */
const usualStrength = ({ mask }: GenerateOptions) => (mask === undefined ? 0.6 : 0.9);

function settingsOf(
	prompt: string,
	options: GenerateOptions,
	description: GeneratorDescription,
	chosen: ModelId | null,
): DrawingSettings {
	return {
		family: options.backend,
		prompts: [
			{ text: prompt, weight: 1 },
			...(options.not === undefined ? [] : [{ text: options.not, weight: -0.5 }]),
		],
		seed: randomInt(seedMax),
		...(options.size ?? description.size),
		steps: options.steps ?? description.steps.default,
		palette: [],
		canvas: null,
		finish: null,
		strength: options.from === undefined ? null : (options.strength ?? usualStrength(options)),
		masked: options.mask !== undefined,
		guidance: options.guidance ?? null,
		sampling: samplingOf(options, description.sampling),
		candidates: options.candidates ?? description.candidates?.default ?? null,
		package: chosen,
	};
}

/** What a drawn file says of itself. @throws Refusal IMAGE_UNREADABLE naming the file */
async function readDrawn(given: string, signal: AbortSignal): Promise<Provenance> {
	const path = resolveGiven(given);
	const bytes = await readGiven(path, startMaxBytes, signal);
	try {
		return readProvenance(bytes);
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		throw new Refusal(error.code, `${path}: ${error.message}`, { path });
	}
}

/** One file, or `name-1.png`, `name-2.png`, … */
function outPaths(path: string, count: number): string[] {
	const extension = extname(path);
	if (extension.toLowerCase() !== ".png") {
		throw new UsageError("Pictures are written as PNG: let the name after --out end in .png.");
	}
	if (count === 1) return [path];
	const stem = path.slice(0, -extension.length);
	return Array.from({ length: count }, (_, at) => `${stem}-${at + 1}${extension}`);
}

/** Asked before minutes are spent on drawing. */
async function refuseUnwritable(path: string, force: boolean): Promise<void> {
	const folder = dirname(path);
	const there = await stat(path).catch(() => null);
	if (there?.isDirectory()) throw new CommandError(`${path} is a folder.`);
	if (there !== null && !force) {
		throw new CommandError(`${path} is there already. Choose another name, or add --force.`);
	}
	try {
		await access(folder, constants.W_OK);
	} catch (error) {
		const code = errorCode(error);
		if (code === "ENOENT") throw new CommandError(`There is no folder ${folder}.`, error);
		throw new CommandError(`The folder ${folder} may not be written.`, error);
	}
	if (!(await stat(folder)).isDirectory()) throw new CommandError(`${folder} is no folder.`);
}

/** Start picture and mask, each named in what is said of it. */
async function readPictures(
	{ from, mask }: GenerateOptions,
	size: { width: number; height: number },
	signal: AbortSignal,
): Promise<GivenPictures> {
	if (from === undefined) return nothingGiven;
	const paths = { start: resolveGiven(from), mask: mask === undefined ? null : resolveGiven(mask) };
	const sources = {
		start: { bytes: await readGiven(paths.start, startMaxBytes, signal) },
		mask:
			paths.mask === null ? null : { bytes: await readGiven(paths.mask, startMaxBytes, signal) },
	};
	const decoder = createDecoder({ parallelism: 1 });
	try {
		return await givenPictures(decoder, size, sources);
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		const path = error.detail.field === "mask" ? paths.mask : paths.start;
		throw new CommandError(`${path}: ${error.message}`, error);
	} finally {
		await decoder.close();
	}
}

async function writeOut(path: string, bytes: Uint8Array, force: boolean): Promise<void> {
	try {
		if (force) return await replaceFile(path, bytes);
		if (await createFile(path, bytes)) return;
	} catch (error) {
		const code = errorCode(error);
		if (code === "ENOSPC" || code === "EDQUOT") {
			throw new CommandError(errorMap.DISK_FULL.message, error);
		}
		throw new CommandError(`${path} cannot be written (${code ?? "unknown cause"}).`, error);
	}
	throw new CommandError(`${path} is there already. Choose another name, or add --force.`);
}

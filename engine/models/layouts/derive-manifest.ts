/** @file From a CLIP-style ONNX export as it is published to the manifest this app reads. */
import { createHash } from "node:crypto";
import { access } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { Refusal } from "../../../contract/errors.ts";
import { encoderIdSchema } from "../../../contract/ids.ts";
import { type ModelManifest, manifestFormat } from "../../encoder/model-manifest.ts";
import type { OnnxValue } from "../../generator/gradient/onnx-model.ts";
import {
	chooseTowers,
	type PackageGraph,
	type TowerPair,
	type UnusedGraph,
} from "./graph-choice.ts";
import { readGraphHead } from "./graph-head.ts";
import { type PackageFile, readPackageFile, unusable } from "./package-file.ts";
import { type PictureRule, readPictureRule } from "./picture-rule.ts";
import {
	type PackageConfig,
	packageConfigSchema,
	readTextRule,
	type TextFamily,
} from "./text-rule.ts";

/** What the manifest says that the files do not. */
export interface PackageFacts {
	id: string;
	title: string;
	licence: string;
	source?: string;
}

/** More graphs than one model comes in. */
const mostGraphs = 40;

/**
 * [Note: Derived manifests] A published export has no `model.json`. Everything it would say is in the
 * export: names, types and sizes in the graphs, the resize rule in the picture processor's settings, the
 * length and padding of texts in configuration and tokenizer. Where a fact is nowhere, the package is
 * refused with the file and field that should hold it: a guess would give plausible noise. What cannot be
 * read from files, whether both halves are of one model, is then asked of the model itself
 * (`check-towers.ts`).
 *
 * @param folder of the package.
 * @param sha256 of every file of the package, by name.
 * @returns manifests to try, best first; more than one where the package has several forms of a tower.
 * @throws Refusal MODEL_DAMAGED naming the file, and the field where one is at fault.
 */
export async function deriveManifests(
	folder: string,
	sha256: Readonly<Record<string, string>>,
	facts: PackageFacts,
): Promise<ModelManifest[]> {
	const graphs = await readGraphs(folder, Object.keys(sha256));
	const { pairs, unused } = chooseTowers(graphs);
	if (pairs.length === 0) throw noTowers(folder, graphs, unused);
	const picture = await readPictureRule(folder);
	const config = await readPackageFile(
		folder,
		["config.json", "open_clip_config.json"],
		packageConfigSchema,
	);
	const manifests: ModelManifest[] = [];
	let problem: unknown = null;
	for (const pair of pairs) {
		try {
			manifests.push(await manifestOf({ folder, graphs, pair, picture, config, sha256, facts }));
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			problem ??= error;
		}
	}
	if (manifests.length === 0) throw problem;
	return manifests;
}

async function readGraphs(folder: string, names: readonly string[]): Promise<PackageGraph[]> {
	const files = names.filter((name) => name.endsWith(".onnx"));
	if (files.length === 0 || files.length > mostGraphs) {
		throw new Refusal(
			"MODEL_DAMAGED",
			`${folder} holds ${files.length} .onnx files; a model has one or two.`,
			{
				path: folder,
			},
		);
	}
	const graphs: PackageGraph[] = [];
	for (const name of files) {
		const head = await readGraphHead(join(folder, name), name);
		for (const beside of head.weightFiles) {
			const weights = posix.join(posix.dirname(name), beside);
			await access(join(folder, dirname(name), beside)).catch(() => {
				throw new Refusal(
					"MODEL_DAMAGED",
					`${weights} is missing: ${name} keeps its weights in it.`,
					{
						path: join(folder, weights),
					},
				);
			});
			if (!names.includes(weights)) {
				throw new Refusal(
					"MODEL_DAMAGED",
					`${name} keeps its weights outside the package, in ${beside}.`,
					{
						path: join(folder, name),
					},
				);
			}
		}
		graphs.push({ name, head });
	}
	return graphs;
}

interface Given {
	folder: string;
	graphs: readonly PackageGraph[];
	pair: TowerPair;
	picture: PictureRule;
	config: PackageFile<PackageConfig> | null;
	sha256: Readonly<Record<string, string>>;
	facts: PackageFacts;
}

async function manifestOf(given: Given): Promise<ModelManifest> {
	const { folder, graphs, pair, picture, config, sha256, facts } = given;
	const { picture: seeing, text: reading } = pair;
	const fixed = reading.ids.shape?.[1];
	const { rule, family } = await readTextRule(folder, config, {
		fixedTokens: typeof fixed === "number" && fixed > 0 ? fixed : null,
		takesMask: reading.mask !== null,
	});
	checkPictureSize(folder, seeing.file, seeing.input, picture.size);
	const used = new Set([seeing.file, reading.file, rule.tokenizer]);
	for (const { name, head } of graphs) {
		if (!used.has(name)) continue;
		for (const beside of head.weightFiles) used.add(posix.join(posix.dirname(name), beside));
	}
	const sums = Object.fromEntries([...used].sort().map((name) => [name, sha256[name] ?? ""]));
	return {
		format: manifestFormat,
		id: encoderIdSchema.parse(facts.id),
		kind: "dual-encoder",
		version: versionOf(sums),
		title: facts.title,
		licence: facts.licence,
		...(facts.source !== undefined && { source: facts.source }),
		dimensions: commonWidth(folder, pair, config),
		image: {
			file: seeing.file,
			input: seeing.input.name,
			output: seeing.output.name,
			layout: "NCHW",
			...picture,
			...(seeing.output.shape?.length === 3 && { pool: "first" as const }),
		},
		text: {
			file: reading.file,
			...rule,
			inputs: {
				ids: reading.ids.name,
				...(reading.mask && { mask: reading.mask.name }),
				...(reading.positions && { positions: reading.positions.name }),
				...(reading.types && { types: reading.types.name }),
			},
			output: reading.output.name,
			...(reading.output.shape?.length === 3 && { pool: poolOf(family) }),
		},
		logitScale: usualLogitScale,
		sha256: sums,
	};
}

/** CLIP's, at its upper limit (arXiv:2103.00020, section 2.5); a measured one takes its place. */
const usualLogitScale = 100;

function poolOf(family: TextFamily): "end-of-text" | "mean" {
	return family === "masked" ? "mean" : "end-of-text";
}

/** Other weights are another encoder, whatever the folder is called. */
function versionOf(sums: Readonly<Record<string, string>>): string {
	return createHash("sha256").update(JSON.stringify(sums)).digest("hex").slice(0, 12);
}

/** @throws Refusal where the towers give vectors of different sizes, or nobody says of what size. */
function commonWidth(
	folder: string,
	{ picture, text }: TowerPair,
	config: PackageFile<PackageConfig> | null,
): number {
	const [seen, read] = [lastSide(picture.output), lastSide(text.output)];
	if (seen !== null && read !== null && seen !== read) {
		throw new Refusal(
			"MODEL_DAMAGED",
			`${text.file} gives ${read} numbers a text and ${picture.file} ${seen} a picture, so they are not of one model, or were exported without the layer that brings both to one size.`,
			{ path: join(folder, text.file) },
		);
	}
	const { projection_dim, embed_dim, text_config, vision_config } = config?.value ?? {};
	const told =
		projection_dim ?? embed_dim ?? text_config?.projection_dim ?? vision_config?.hidden_size;
	const width = seen ?? read ?? told;
	if (width !== undefined) return width;
	throw unusable(
		folder,
		config?.name ?? "config.json",
		"projection_dim",
		`it is missing, and ${picture.file} does not say how many numbers it gives`,
	);
}

function lastSide({ shape }: OnnxValue): number | null {
	const last = shape?.at(-1);
	return typeof last === "number" && last > 0 ? last : null;
}

/** @throws Refusal where the graph takes pictures of one size and the settings make another. */
function checkPictureSize(
	folder: string,
	file: string,
	input: OnnxValue,
	[width, height]: readonly [number, number],
): void {
	const [, , down, across] = input.shape ?? [];
	const differs = (side: number | string | undefined, made: number) =>
		typeof side === "number" && side > 0 && side !== made;
	if (!differs(down, height) && !differs(across, width)) return;
	throw new Refusal(
		"MODEL_DAMAGED",
		`${file} takes pictures of ${across} x ${down}, but the settings bring them to ${width} x ${height}; they are not of one model.`,
		{ path: join(folder, file), field: input.name },
	);
}

function noTowers(
	folder: string,
	graphs: readonly PackageGraph[],
	unused: readonly UnusedGraph[],
): Refusal {
	const usable = graphs.filter(({ name }) => !unused.some(({ file }) => file === name));
	const reasons = unused.map(({ file, reason }) => `${file}: ${reason}`);
	const [only] = usable;
	if (only === undefined) {
		return new Refusal(
			"MODEL_DAMAGED",
			`This is no model that searches photos. ${reasons.join("; ")}.`,
			{ path: folder },
		);
	}
	const sees = only.head.inputs.some(({ shape }) => shape?.length === 4);
	const lacking = sees
		? "texts (usually onnx/text_model.onnx)"
		: "pictures (usually onnx/vision_model.onnx)";
	return new Refusal(
		"MODEL_DAMAGED",
		[`${only.name} is there, but the half that reads ${lacking} is missing.`, ...reasons].join(" "),
		{ path: folder },
	);
}

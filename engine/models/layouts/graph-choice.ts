/** @file Which ONNX files of a package make its two towers, by what they take and give. */
import { elementType, type OnnxValue } from "../../generator/gradient/onnx-model.ts";
import type { GraphHead } from "./graph-head.ts";

/** A graph of the package. */
export interface PackageGraph {
	/** Relative to the package, with forward slashes. */
	name: string;
	head: GraphHead;
}

/** A graph, the inputs it takes and the output that is the embedding. */
export interface PictureHalf {
	file: string;
	input: OnnxValue;
	output: OnnxValue;
}

export interface TextHalf {
	file: string;
	ids: OnnxValue;
	mask: OnnxValue | null;
	positions: OnnxValue | null;
	types: OnnxValue | null;
	output: OnnxValue;
}

/** Two towers that may belong together; one file where the export is a single graph. */
export interface TowerPair {
	picture: PictureHalf;
	text: TextHalf;
}

/** Why a graph is neither tower. */
export interface UnusedGraph {
	file: string;
	reason: string;
}

/**
 * How exports mark the precision of their weights, from the most exact. The plain file is float32. Where
 * a package holds several, the most exact that runs is taken: whoever wants the small one leaves the
 * others out.
 */
const precisionMarks = ["", "fp16", "quantized", "int8", "uint8", "q4f16", "q4", "bnb4"];

/** Outputs that are the embedding, in the order of preference; `l2norm_` is jina-clip's. */
const embeddingNames = [
	"{half}_embeds",
	"{half}_embeddings",
	"{half}_features",
	"l2norm_{half}_embeddings",
	"embedding",
	"embeddings",
	"sentence_embedding",
	"pooler_output",
];

/** Pairs to try, best first; and what was left out, with the reason. */
export function chooseTowers(graphs: readonly PackageGraph[]): {
	pairs: TowerPair[];
	unused: UnusedGraph[];
} {
	const pictures: PictureHalf[] = [];
	const texts: TextHalf[] = [];
	const unused: UnusedGraph[] = [];
	for (const graph of inOrderOfPrecision(graphs)) {
		const halves = halvesOf(graph);
		if (typeof halves === "string") unused.push({ file: graph.name, reason: halves });
		else {
			if (halves.picture !== null) pictures.push(halves.picture);
			if (halves.text !== null) texts.push(halves.text);
		}
	}
	const pairs = pictures.flatMap((picture) => texts.map((text) => ({ picture, text })));
	const sensible = pairs.filter(({ picture, text }) => {
		const both = (file: string) =>
			pictures.some((one) => one.file === file) && texts.some((one) => one.file === file);
		// Half of a graph of both would only waste the other half.
		return picture.file === text.file || (!both(picture.file) && !both(text.file));
	});
	sensible.sort((a, b) => cost(a) - cost(b));
	return { pairs: sensible, unused };
}

/** Exact and alike first; at the same precision two graphs before one, which always runs both halves. */
function cost({ picture, text }: TowerPair): number {
	const [one, other] = [precisionOf(picture.file), precisionOf(text.file)];
	return (one + other) * 10 + (one === other ? 0 : 5) + (picture.file === text.file ? 1 : 0);
}

/** Its place in `precisionMarks`. */
function precisionOf(file: string): number {
	const stem = file.replace(/\.onnx$/, "");
	const found = precisionMarks.findIndex(
		(mark) => mark !== "" && new RegExp(`[_.-]${mark}$`).test(stem),
	);
	return Math.max(0, found);
}

function inOrderOfPrecision(graphs: readonly PackageGraph[]): PackageGraph[] {
	return [...graphs].sort(
		(a, b) => precisionOf(a.name) - precisionOf(b.name) || a.name.localeCompare(b.name),
	);
}

/** The tower or towers a graph is; else why it is none. */
function halvesOf({
	name: file,
	head,
}: PackageGraph): { picture: PictureHalf | null; text: TextHalf | null } | string {
	const left = new Set(head.inputs);
	const take = (fits: (input: OnnxValue) => boolean): OnnxValue | null => {
		const found = [...left].find(fits) ?? null;
		if (found !== null) left.delete(found);
		return found;
	};
	const pixels = take((input) => isFloat(input) && input.shape?.length === 4);
	const mask = take((input) => isWhole(input) && /mask/.test(input.name));
	const positions = take((input) => isWhole(input) && /position/.test(input.name));
	const types = take((input) => isWhole(input) && /token_type|segment/.test(input.name));
	const ids = take((input) => isWhole(input) && input.shape?.length === 2);
	const [stranger] = left;
	if (stranger !== undefined) return `its input ${stranger.name} is not known here`;
	if (pixels === null && ids === null) return "it takes neither pictures nor texts";
	const channels = pixels?.shape?.[1];
	if (typeof channels === "number" && channels !== 3) {
		return `its input ${pixels?.name} takes ${channels} channels where red, green and blue should be`;
	}
	const picture = pixels && embeddingOutput(head.outputs, "image", ids !== null);
	const text = ids && embeddingOutput(head.outputs, "text", pixels !== null);
	if (picture === undefined || text === undefined) {
		return `none of its outputs is an embedding (it has ${head.outputs.map(({ name }) => name).join(", ")})`;
	}
	return {
		picture: pixels && picture && { file, input: pixels, output: picture },
		text: ids && text && { file, ids, mask, positions, types, output: text },
	};
}

/** In a graph of both halves only a name tells which output is whose. */
function embeddingOutput(
	outputs: readonly OnnxValue[],
	half: "image" | "text",
	named: boolean,
): OnnxValue | undefined {
	const floats = outputs.filter((output) => isFloat(output) && !/logits|loss/.test(output.name));
	for (const pattern of embeddingNames) {
		const name = pattern.replace("{half}", half);
		if (named && name === pattern) continue;
		const found = floats.find((output) => output.name === name);
		if (found !== undefined && found.shape?.length !== 1) return found;
	}
	if (named) return undefined;
	return (
		floats.find(({ shape }) => shape?.length === 2) ??
		floats.find(({ shape, name }) => shape?.length === 3 && name === "last_hidden_state")
	);
}

function isFloat({ elementType: type }: OnnxValue): boolean {
	return type === elementType.float32 || type === elementType.float16;
}

function isWhole({ elementType: type }: OnnxValue): boolean {
	return type === elementType.int64 || type === elementType.int32;
}

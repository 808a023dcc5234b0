/**
 * @file Reads a package in the ONNX layout of Janus-Pro (Chen et al. 2025, arXiv:2501.17811), as transformers.js
 * draws with it: settings beside a folder `onnx` of five graphs, each perhaps in several precisions.
 * Settings and names of files only; graphs are opened where they are drawn with. Where each fact comes from
 * is told in ../README.md.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { checkNames, type GraphNames, readGraphNames } from "../../packages/graph-names.ts";
import { readConfig, unusable } from "../../packages/package-settings.ts";

const count = z.number().int().positive();
const tokenId = z.number().int().min(0);
const imageTokens = z.object({
	params: z.object({ image_token_size: count.optional() }).optional(),
});
const configSchema = z.object({
	model_type: z.literal("multi_modality"),
	gen_vision_config: imageTokens.optional(),
	gen_head_config: imageTokens.optional(),
	language_config: z.object({
		hidden_size: count,
		num_hidden_layers: count,
		num_attention_heads: count,
		num_key_value_heads: count.optional(),
		head_dim: count.nullish(),
		max_position_embeddings: count.default(2048),
	}),
});
const generationSchema = z.object({
	bos_token_id: tokenId,
	pad_token_id: tokenId,
	num_image_tokens: count.optional(),
});
const processorSchema = z.object({
	image_start_tag: z.string().default("<begin_of_image>"),
	num_image_tokens: count.optional(),
});
const preprocessorSchema = z.object({ image_size: count });

/** What each graph is for, in the order they are used. */
export const janusParts = ["embeds", "languageModel", "head", "imageEmbeds", "decoder"] as const;
export type JanusPart = (typeof janusParts)[number];

/** Published names; newer exports keep the embedding of words in a graph of its own. */
const stems: Readonly<Record<JanusPart, readonly [string, ...string[]]>> = {
	embeds: ["embed_tokens", "prepare_inputs_embeds"],
	languageModel: ["language_model"],
	head: ["gen_head"],
	imageEmbeds: ["gen_img_embeds"],
	decoder: ["image_decode"],
};

/**
 * How exports mark the precision of weights. Of the two large graphs the smallest that is reckoned in float32
 * is taken, for memory is what they are short of; of the small ones the most exact.
 */
const smallFirst = ["_q4", "_quantized", "_int8", "_uint8", "_bnb4", "", "_q4f16", "_fp16"];
const exactFirst = ["", "_fp16", "_quantized", "_int8", "_uint8", "_q4", "_q4f16", "_bnb4"];
const forms: Readonly<Record<JanusPart, readonly string[]>> = {
	embeds: smallFirst,
	languageModel: smallFirst,
	head: exactFirst,
	imageEmbeds: exactFirst,
	decoder: exactFirst,
};

export interface JanusPackage {
	readonly path: string;
	/** The chosen form of each. */
	readonly graphs: Readonly<Record<JanusPart, string>>;
	/** Image tokens of a picture's row, and rows. */
	readonly side: number;
	/** Of a drawn picture's side. */
	readonly pixels: number;
	/** How many image tokens there are to choose from; null where nothing says so before drawing. */
	readonly vocabulary: number | null;
	readonly languageModel: { layers: number; heads: number; headWidth: number };
	readonly tokens: { begin: number; pad: number; imageStart: string };
	/** Of the text's tokens with all that surrounds it. */
	readonly textTokensMax: number;
}

/** Room for a long description; more would only take memory. */
const usefulTextTokens = 512;

/** The graph's file name in the order of preference, for what is at hand. */
export function chosenForm(part: JanusPart, names: ReadonlySet<string>): string | null {
	const wanted = stems[part].flatMap((stem) =>
		forms[part].map((form) => `onnx/${stem}${form}.onnx`),
	);
	return wanted.find((name) => names.has(name)) ?? null;
}

/** True for files, or a folder, that are meant to be such a package, whole or not. */
export function isJanusLayout(names: readonly string[]): boolean {
	return names.some((name) => /^onnx\/(gen_head|gen_img_embeds|image_decode)\w*\.onnx$/.test(name));
}
export function isJanusPackage(folder: string): boolean {
	return isJanusLayout(graphNamesIn(folder));
}

function graphNamesIn(folder: string): string[] {
	try {
		return readdirSync(join(folder, "onnx")).map((name) => `onnx/${name}`);
	} catch {
		return [];
	}
}

/** @throws Refusal MODEL_UNAVAILABLE naming the files that are missing, or the field this version does not know. */
export function readJanusPackage(folder: string): JanusPackage {
	const config = readConfig(folder, "config.json", configSchema);
	const generation = readConfig(folder, "generation_config.json", generationSchema);
	const processor = readConfig(folder, "processor_config.json", processorSchema, {});
	const { image_size: pixels } = readConfig(folder, "preprocessor_config.json", preprocessorSchema);
	const tokenizer = join(folder, "tokenizer.json");
	if (!existsSync(tokenizer)) throw unusable(tokenizer, "it is missing");
	const places = generation.num_image_tokens ?? processor.num_image_tokens;
	const generationPath = join(folder, "generation_config.json");
	if (places === undefined) {
		throw unusable(generationPath, "it does not say num_image_tokens", "num_image_tokens");
	}
	const side = Math.round(Math.sqrt(places));
	if (side ** 2 !== places) {
		throw unusable(generationPath, `${places} image tokens make no square`, "num_image_tokens");
	}
	const { language_config: language, gen_vision_config, gen_head_config } = config;
	const textRoom = language.max_position_embeddings - places;
	if (textRoom < 16) {
		throw unusable(
			join(folder, "config.json"),
			`its ${language.max_position_embeddings} positions leave no room for words beside ${places} image tokens`,
			"language_config.max_position_embeddings",
		);
	}
	return {
		path: folder,
		graphs: chosenGraphs(folder),
		side,
		pixels,
		vocabulary:
			gen_vision_config?.params?.image_token_size ??
			gen_head_config?.params?.image_token_size ??
			null,
		languageModel: {
			layers: language.num_hidden_layers,
			heads: language.num_key_value_heads ?? language.num_attention_heads,
			headWidth: language.head_dim ?? language.hidden_size / language.num_attention_heads,
		},
		tokens: {
			begin: generation.bos_token_id,
			pad: generation.pad_token_id,
			imageStart: processor.image_start_tag,
		},
		textTokensMax: Math.min(usefulTextTokens, textRoom),
	};
}

function chosenGraphs(folder: string): JanusPackage["graphs"] {
	const names = new Set(graphNamesIn(folder));
	const missing: string[] = [];
	const path = (part: JanusPart): string => {
		const name = chosenForm(part, names);
		if (name === null) missing.push(`${stems[part].at(-1)}.onnx`);
		return join(folder, ...(name ?? "").split("/"));
	};
	const graphs = {
		embeds: path("embeds"),
		languageModel: path("languageModel"),
		head: path("head"),
		imageEmbeds: path("imageEmbeds"),
		decoder: path("decoder"),
	};
	const [first, ...others] = missing;
	if (first === undefined) return graphs;
	const more =
		others.length === 0
			? ""
			: `, and so ${others.length === 1 ? "is" : "are"} ${others.join(", ")}`;
	throw unusable(
		join(folder, "onnx", first),
		`it is missing in every precision, such as q4 or fp16${more}`,
	);
}

/** @throws Refusal MODEL_UNAVAILABLE naming the graph and what it lacks. */
export function checkJanusGraph(part: JanusPart, path: string, graph: GraphNames): void {
	checkNames(path, graph, wantedNames[part]);
	if (part === "languageModel") {
		const past = graph.inputs.filter((name) => name.startsWith("past_key_values."));
		checkNames(path, graph, { outputs: past.map(presentOf) });
		hiddenOutput(path, graph);
	}
	if (part === "head" && graph.inputs.length !== 1) {
		const taken = graph.inputs.join(", ");
		throw unusable(path, `it takes ${taken}, where it should take one thing only`);
	}
}

const wantedNames: Readonly<Record<JanusPart, Partial<GraphNames>>> = {
	embeds: { inputs: ["input_ids"], outputs: ["inputs_embeds"] },
	languageModel: { inputs: ["inputs_embeds", "attention_mask", "past_key_values.0.key"] },
	// What its input is called is not settled; it is the only one.
	head: { outputs: ["logits"] },
	imageEmbeds: { inputs: ["image_ids"], outputs: ["inputs_embeds"] },
	decoder: { inputs: ["generated_tokens"], outputs: ["decoded_image"] },
};

/** What is kept of a layer comes out under another name than it goes in. */
export const presentOf = (past: string): string => past.replace(/^past_key_values\./, "present.");

/** The states the head reads: the one output that is nothing kept. */
export function hiddenOutput(path: string, { outputs }: GraphNames): string {
	const [hidden, ...others] = outputs.filter((name) => !name.startsWith("present."));
	if (hidden !== undefined && others.length === 0) return hidden;
	throw unusable(path, `of its outputs ${outputs.join(", ")} just one should be its states`);
}

/**
 * Looks at the graphs without opening them.
 * @throws Refusal naming the file that is cut off, lacks its weights or takes something else.
 */
export async function checkJanusGraphs({ graphs }: JanusPackage): Promise<void> {
	for (const part of janusParts) {
		checkJanusGraph(part, graphs[part], await readGraphNames(graphs[part]));
	}
}

/** @file Prompts as the network reads them: the text encoder's states, one for each token. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Graph, openGraph, type Values } from "../../packages/graphs.ts";
import { unusable } from "../../packages/package-settings.ts";
import type { WeightedPrompt } from "../../picture-generator.ts";
import { openClipTokenizer } from "./clip-tokens.ts";
import { graphPath, type PipelinePackage } from "./pipeline-package.ts";

/** What one text says. */
export interface TextCondition {
	/** [1, tokens, dimensions] */
	states: Values;
	/** [1, dimensions], of the large models only. */
	pooled: Values | null;
}

export interface TextConditions {
	wanted: TextCondition;
	/** What guidance leads away from: nothing, mixed with what is to be avoided. */
	avoided: TextCondition;
	shortened: boolean;
}

/**
 * Several prompts become one by the weighted mean of their states. What is to be avoided takes the place
 * of nothing by its weight: at -1 wholly, as Stable Diffusion's negative prompts do.
 * @throws Refusal MODEL_UNAVAILABLE
 */
export async function readConditions(
	modelPackage: PipelinePackage,
	prompts: readonly WeightedPrompt[],
	threads: number,
): Promise<TextConditions> {
	const texts = ["", ...prompts.map(({ text }) => text)];
	const { conditions, shortened } = await readTexts(modelPackage, texts, threads);
	const [empty, ...read] = conditions;
	if (empty === undefined) throw new Error("No text was read.");
	const nothing = modelPackage.emptyIsZero ? zeros(empty) : empty;
	const weighted = read.map((condition, at) => ({ condition, weight: prompts[at]?.weight ?? 0 }));
	const positive = weighted.filter(({ weight }) => weight > 0);
	const negative = weighted
		.filter(({ weight }) => weight < 0)
		.map(({ condition, weight }) => ({ condition, weight: -weight }));
	const total = (list: readonly { weight: number }[]): number =>
		list.reduce((sum, { weight }) => sum + weight, 0);
	const nothingWeight = Math.max(0, 1 - total(negative));
	return {
		wanted: mean(positive),
		avoided: mean([{ condition: nothing, weight: nothingWeight }, ...negative]),
		shortened,
	};
}

async function readTexts(
	modelPackage: PipelinePackage,
	texts: readonly string[],
	threads: number,
): Promise<{ conditions: TextCondition[]; shortened: boolean }> {
	const first = await readWith(modelPackage, "", texts, threads);
	if (!modelPackage.large) {
		return {
			conditions: first.read.map(({ states }) => ({ states, pooled: null })),
			shortened: first.shortened,
		};
	}
	const second = await readWith(modelPackage, "_2", texts, threads);
	const conditions = first.read.map(({ states }, at) => {
		const other = second.read[at];
		if (other === undefined) throw new Error("A text was not read.");
		return { states: joined(states, other.states), pooled: other.pooled };
	});
	return { conditions, shortened: first.shortened || second.shortened };
}

async function readWith(
	modelPackage: PipelinePackage,
	suffix: "" | "_2",
	texts: readonly string[],
	threads: number,
) {
	const ownTokenizer = join(modelPackage.path, `tokenizer${suffix}`);
	const tokenizer = existsSync(ownTokenizer) ? ownTokenizer : join(modelPackage.path, "tokenizer");
	const tokensOf = openClipTokenizer(tokenizer);
	const graph = await openGraph(graphPath(modelPackage, `text_encoder${suffix}`), threads);
	const states = statesOutput(graph, modelPackage.large);
	const pooled = suffix === "_2" ? outputNamed(graph, "text_embeds") : null;
	const input = graph.inputs.find((name) => name === "input_ids") ?? graph.inputs[0] ?? "";
	const read = [];
	let shortened = false;
	for (const text of texts) {
		const tokens = tokensOf(text);
		shortened ||= tokens.shortened;
		const wanted = pooled === null ? [states] : [states, pooled];
		const [seen, drawn] = await graph.run({ [input]: tokens.ids }, wanted);
		if (seen === undefined) throw unusable(graph.path, `it has no output ${states}`);
		read.push({ states: copied(seen), pooled: drawn === undefined ? null : copied(drawn) });
	}
	await graph.close();
	return { read, shortened };
}

/** The last layer's states, or for the large models those of the last but one (arXiv:2307.01952, table 1). */
function statesOutput(graph: Graph, large: boolean): string {
	if (!large) return outputNamed(graph, "last_hidden_state");
	const layers = graph.outputs.flatMap((name) => {
		const layer = /^hidden_states\.(\d+)$/.exec(name)?.[1];
		return layer === undefined ? [] : Number(layer);
	});
	return outputNamed(graph, `hidden_states.${Math.max(0, ...layers) - 1}`);
}

function outputNamed(graph: Graph, name: string): string {
	if (graph.outputs.includes(name)) return name;
	throw unusable(graph.path, `it has no output ${name}; it has ${graph.outputs.join(", ")}`);
}

function mean(list: readonly { condition: TextCondition; weight: number }[]): TextCondition {
	const used = list.filter(({ weight }) => weight > 0);
	const [first] = used;
	if (first === undefined) throw new Error("Nothing to take the mean of.");
	const total = used.reduce((sum, { weight }) => sum + weight, 0);
	const mixed = (pick: (condition: TextCondition) => Values | null): Values | null => {
		const own = pick(first.condition);
		if (own === null) return null;
		const data = new Float32Array(own.data.length);
		for (const { condition, weight } of used) {
			for (const [at, value] of pick(condition)?.data.entries() ?? []) {
				data[at] = (data[at] ?? 0) + (weight / total) * value;
			}
		}
		return { data, dims: own.dims };
	};
	const states = mixed((condition) => condition.states);
	if (states === null) throw new Error("A condition without states.");
	return { states, pooled: mixed((condition) => condition.pooled) };
}

function zeros({ states, pooled }: TextCondition): TextCondition {
	const none = ({ data, dims }: Values): Values => ({ data: new Float32Array(data.length), dims });
	return { states: none(states), pooled: pooled === null ? null : none(pooled) };
}

/** Side by side along the last axis. */
function joined(one: Values, other: Values): Values {
	const [batch = 1, tokens = 0, width = 0] = one.dims;
	const [, , otherWidth = 0] = other.dims;
	const data = new Float32Array(batch * tokens * (width + otherWidth));
	for (let row = 0; row < batch * tokens; row++) {
		data.set(one.data.subarray(row * width, (row + 1) * width), row * (width + otherWidth));
		data.set(
			other.data.subarray(row * otherWidth, (row + 1) * otherWidth),
			row * (width + otherWidth) + width,
		);
	}
	return { data, dims: [batch, tokens, width + otherWidth] };
}

/** Answers may be views that the next run writes over. */
function copied({ data, dims }: Values): Values {
	return { data: Float32Array.from(data), dims: [...dims] };
}

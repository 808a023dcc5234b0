/** @file The network's guesses, with and without the prompt, put together. */

import { checkNames } from "../../packages/graph-names.ts";
import { type Graph, openGraph, type Values } from "../../packages/graphs.ts";
import { unusable } from "../../packages/package-settings.ts";
import { graphPath, networkInputs, type PipelinePackage } from "./pipeline-package.ts";
import type { TextCondition, TextConditions } from "./text-conditions.ts";

export interface Guesses {
	/** @param latents [channels, height, width] as the scheduler scaled them. */
	guess(latents: Float32Array, timestep: number): Promise<Float32Array>;
	close(): Promise<void>;
}

export interface GuessWishes {
	conditions: TextConditions;
	guidance: number;
	/** Of latents. */
	width: number;
	height: number;
	threads: number;
}

/**
 * Classifier-free guidance (Ho and Salimans 2022, arXiv:2207.12598): avoided + guidance x (wanted -
 * avoided). One run after the other, so that memory is that of one and graphs of a fixed batch serve.
 * Models that were taught guidance are told of it in place of a second run (Meng et al. 2022,
 * arXiv:2210.03142).
 */
export async function openGuesses(
	modelPackage: PipelinePackage,
	{ conditions, guidance, width, height, threads }: GuessWishes,
): Promise<Guesses> {
	const graph = await openGraph(graphPath(modelPackage, "unet"), threads);
	const [output] = graph.outputs;
	if (output === undefined) throw unusable(graph.path, "it has no output");
	checkNames(graph.path, graph, { inputs: networkInputs });
	const { channels } = modelPackage.latents;
	const extra = extraInputs(graph, modelPackage, { guidance, width, height });
	const told = modelPackage.guidanceEmbedding !== null;
	const ask = async (
		latents: Float32Array,
		timestep: number,
		{ states, pooled }: TextCondition,
	): Promise<Float32Array> => {
		const feeds = {
			sample: { data: latents, dims: [1, channels, height, width] },
			timestep: [timestep],
			encoder_hidden_states: states,
			...(pooled !== null && graph.inputs.includes("text_embeds") && { text_embeds: pooled }),
			...extra,
		};
		const [answer] = await graph.run(feeds, [output]);
		if (answer?.data.length !== latents.length) {
			throw unusable(graph.path, "its answer has another shape than its input");
		}
		return Float32Array.from(answer.data);
	};
	return {
		async guess(latents, timestep) {
			const wanted = await ask(latents, timestep, conditions.wanted);
			if (told || guidance === 1) return wanted;
			const avoided = await ask(latents, timestep, conditions.avoided);
			return avoided.map((value, at) => value + guidance * ((wanted[at] ?? 0) - value));
		},
		close: () => graph.close(),
	};
}

function extraInputs(
	graph: Graph,
	{ guidanceEmbedding, pixelsPerPlace }: PipelinePackage,
	{ guidance, width, height }: { guidance: number; width: number; height: number },
): Record<string, Values> {
	const extra: Record<string, Values> = {};
	if (guidanceEmbedding !== null && graph.inputs.includes("timestep_cond")) {
		const data = embeddedGuidance(guidance - 1, guidanceEmbedding);
		extra.timestep_cond = { data, dims: [1, guidanceEmbedding] };
	}
	if (graph.inputs.includes("time_ids")) {
		// Size of the original, where it was cut, size aimed at (Podell et al. 2023, arXiv:2307.01952, 2.2).
		const size = [height * pixelsPerPlace, width * pixelsPerPlace];
		extra.time_ids = { data: Float32Array.from([...size, 0, 0, ...size]), dims: [1, 6] };
	}
	for (const name of graph.inputs) {
		const known = [...networkInputs, "text_embeds"];
		if (!known.includes(name) && extra[name] === undefined) {
			throw unusable(graph.path, `it asks for ${name}, which this version does not know`);
		}
	}
	return extra;
}

/** Sines, then cosines, of 1000 x the guidance, as timesteps are told (Vaswani et al. 2017, arXiv:1706.03762, 3.5). */
export function embeddedGuidance(guidance: number, dimensions: number): Float32Array {
	const half = Math.floor(dimensions / 2);
	const embedding = new Float32Array(dimensions);
	for (let at = 0; at < half; at++) {
		const angle = 1000 * guidance * Math.exp((-Math.log(10_000) * at) / (half - 1));
		embedding[at] = Math.sin(angle);
		embedding[half + at] = Math.cos(angle);
	}
	return embedding;
}

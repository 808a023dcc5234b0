/** @file The text half of a dual encoder. Blocks its thread. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Refusal } from "../../contract/errors.ts";
import type { Tensor } from "../onnx-runtime.ts";
import { floatTensor, integerTensor } from "../onnx-tensor.ts";
import type { ModelPackage } from "./model-package.ts";
import { openSession, runForUnitVectors } from "./onnx-session.ts";
import { createTextLayout } from "./text-layout.ts";

/** Vectors and whether each text was shortened, in the order of the texts. */
export interface EmbeddedTexts {
	/** Float32 [count, dimensions], unit rows. */
	vectors: Float32Array<ArrayBuffer>;
	shortened: boolean[];
}

export interface TextTower {
	embed(texts: readonly string[]): Promise<EmbeddedTexts>;
	close(): Promise<void>;
}

/**
 * Always on the CPU: a query is one short text, and sending it to another device costs more than it
 * saves.
 * @throws Refusal MODEL_UNAVAILABLE or ONNX Runtime's Error when it cannot be opened.
 */
export async function openTextTower(
	modelPackage: ModelPackage,
	threads: number,
): Promise<TextTower> {
	const { image, text, dimensions } = modelPackage.manifest;
	const { ids, mask, positions, types } = text.inputs;
	const layout = createTextLayout(await readTokenizer(modelPackage), text);
	const session = await openSession(join(modelPackage.path, text.file), {
		provider: "cpu",
		intraOpNumThreads: threads,
		inputs: [ids, mask, positions, types].filter((name) => name !== undefined),
		output: text.output,
	});

	// A graph of both halves asks for a picture too; what it shows does not touch the text's vector.
	const company: Record<string, Tensor> = {};
	if (image.file === text.file) {
		const [width, height] = image.size;
		const grey = new Float32Array(3 * height * width);
		company[image.input] = floatTensor(session, image.input, grey, [1, 3, height, width]);
	}

	/**
	 * One text a run: in an int8 graph the scale of the activations is taken over the whole batch, so
	 * neighbours and their padding would change a text's vector. The same words give the same vector.
	 */
	async function embedOne(words: string): Promise<{ vector: Float32Array; shortened: boolean }> {
		const tokens = layout(words);
		const count = tokens.mask.reduce((sum, one) => sum + one, 0);
		const feeds: Record<string, Tensor> = {
			...company,
			[ids]: integerTensor(session, ids, tokens.ids),
		};
		if (mask !== undefined) {
			const values = text.masks === "all" ? tokens.mask.map(() => 1) : tokens.mask;
			feeds[mask] = integerTensor(session, mask, values);
		}
		if (positions !== undefined) {
			feeds[positions] = integerTensor(session, positions, [...tokens.ids.keys()]);
		}
		if (types !== undefined) {
			feeds[types] = integerTensor(
				session,
				types,
				tokens.ids.map(() => 0),
			);
		}
		const pool = text.pool && {
			from: text.pool === "end-of-text" ? count - 1 : 0,
			to: text.pool === "first" ? 1 : count,
		};
		const vector = await runForUnitVectors(session, feeds, text.output, 1, dimensions, pool);
		return { vector, shortened: tokens.shortened };
	}

	return {
		async embed(texts) {
			const vectors = new Float32Array(texts.length * dimensions);
			const shortened: boolean[] = [];
			for (const [at, words] of texts.entries()) {
				const embedded = await embedOne(words);
				vectors.set(embedded.vector, at * dimensions);
				shortened.push(embedded.shortened);
			}
			return { vectors, shortened };
		},
		close: () => session.release(),
	};
}

async function readTokenizer(modelPackage: ModelPackage): Promise<unknown> {
	const path = join(modelPackage.path, modelPackage.manifest.text.tokenizer);
	try {
		return JSON.parse(await readFile(path, "utf8"));
	} catch {
		throw new Refusal("MODEL_UNAVAILABLE", `${path} is not JSON. Install the model again.`, {
			path,
		});
	}
}

/** @file The text half of a dual encoder. Blocks its thread. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Refusal } from "../../contract/errors.ts";
import ort, { type Tensor } from "../onnx-runtime.ts";
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
	const { text, dimensions } = modelPackage.manifest;
	const { ids, mask } = text.inputs;
	const layout = createTextLayout(await readTokenizer(modelPackage), text);
	const session = await openSession(join(modelPackage.path, text.file), {
		provider: "cpu",
		intraOpNumThreads: threads,
		inputs: mask === undefined ? [ids] : [ids, mask],
		output: text.output,
	});

	/**
	 * One text a run: in an int8 graph the scale of the activations is taken over the whole batch, so
	 * neighbours and their padding would change a text's vector. The same words give the same vector.
	 */
	async function embedOne(words: string): Promise<{ vector: Float32Array; shortened: boolean }> {
		const tokens = layout(words);
		const feeds: Record<string, Tensor> = { [ids]: integers(tokens.ids, text.idType) };
		if (mask !== undefined) feeds[mask] = integers(tokens.mask, text.idType);
		const vector = await runForUnitVectors(session, feeds, text.output, 1, dimensions);
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

function integers(values: readonly number[], type: "int64" | "int32"): Tensor {
	const shape = [1, values.length];
	return type === "int32"
		? new ort.Tensor("int32", Int32Array.from(values), shape)
		: new ort.Tensor("int64", BigInt64Array.from(values, BigInt), shape);
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

/** @file The graphs of a Janus package as functions of numbers; each is opened when it is asked for. */
import ort, { type InferenceSession, type Tensor } from "../../../onnx-runtime.ts";
import { elementTypeOf, floatsOf, integerTensor } from "../../../onnx-tensor.ts";
import { openGraphSession, type Values } from "../../packages/graphs.ts";
import { unusable } from "../../packages/package-settings.ts";
import { emptyPlanes, type Planes } from "../../picture/planes.ts";
import { checkJanusGraph, type JanusPackage, type JanusPart } from "./janus-package.ts";

export interface OpenPart {
	readonly path: string;
	readonly session: InferenceSession;
}

/** @throws Refusal MODEL_UNAVAILABLE naming the file, where it cannot be opened or lacks a name. */
export async function openPart(
	{ graphs }: JanusPackage,
	part: JanusPart,
	threads: number,
): Promise<OpenPart> {
	const path = graphs[part];
	const session = await openGraphSession(path, threads);
	const { inputNames: inputs, outputNames: outputs } = session;
	checkJanusGraph(part, path, { inputs, outputs });
	return { path, session };
}

/** @throws Refusal MODEL_UNAVAILABLE where the answer is not of floats, or the graph cannot be run so. */
export async function runPart(
	{ path, session }: OpenPart,
	feeds: Readonly<Record<string, Tensor>>,
	output: string,
): Promise<Values> {
	const tensor = (await runGraph(path, session, feeds, [output]))[output];
	const data = tensor === undefined ? null : floatsOf(tensor);
	if (tensor === undefined || data === null) {
		throw unusable(path, `its output ${output} is not of floats`);
	}
	return { data, dims: tensor.dims };
}

/** What ONNX Runtime says against a run is said of the file: it comes of a graph of another shape. */
export async function runGraph(
	path: string,
	session: InferenceSession,
	feeds: Readonly<Record<string, Tensor>>,
	wanted: readonly string[],
): Promise<Readonly<Record<string, Tensor>>> {
	try {
		return await session.run(feeds, wanted);
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw unusable(path, `it does not run (${reason.slice(0, 200)})`);
	}
}

/** Words as the language model reads them; the graph is gone before a larger one comes. */
export async function embedWords(
	modelPackage: JanusPackage,
	rows: readonly (readonly number[])[],
	threads: number,
): Promise<Values[]> {
	const part = await openPart(modelPackage, "embeds", threads);
	const embedded: Values[] = [];
	for (const ids of rows) {
		// One row after the other, as the published graph is used when it is shown no picture.
		const given = { input_ids: integerTensor(part.session, "input_ids", ids) };
		const nothing = withoutPictures(part, modelPackage, ids.length);
		const { data, dims } = await runPart(part, { ...given, ...nothing }, "inputs_embeds");
		embedded.push({ data: Float32Array.from(data), dims: [...dims] });
	}
	await part.session.release();
	return embedded;
}

/** The graph that also reads pictures is told that there are none. */
function withoutPictures(
	{ path, session }: OpenPart,
	{ pixels, side }: JanusPackage,
	length: number,
): Record<string, Tensor> {
	const feeds: Record<string, Tensor> = {};
	for (const name of session.inputNames) {
		if (name === "input_ids") continue;
		if (name === "pixel_values") {
			const shape = [0, 0, 3, pixels, pixels];
			feeds[name] =
				elementTypeOf(session, name) === "float16"
					? new ort.Tensor("float16", new Uint16Array(0), shape)
					: new ort.Tensor("float32", new Float32Array(0), shape);
		} else if (name === "images_seq_mask") {
			feeds[name] = new ort.Tensor("bool", new Uint8Array(length), [1, length]);
		} else if (name === "images_emb_mask") {
			feeds[name] = new ort.Tensor("bool", new Uint8Array(0), [1, 0, side ** 2]);
		} else {
			throw unusable(path, `it asks for ${name}, which this version does not know`);
		}
	}
	return feeds;
}

/** An image token's place in the language model's space, for each row. @returns [rows, 1, width] */
export function embedImageTokens(part: OpenPart, ids: readonly number[]): Promise<Values> {
	const given = integerTensor(part.session, "image_ids", ids, [ids.length, 1]);
	return runPart(part, { image_ids: given }, "inputs_embeds");
}

/** @param tokens all of a picture's. @returns its pixels, 0 to 1 where they can be shown */
export async function decodeTokens(part: OpenPart, tokens: readonly number[]): Promise<Planes> {
	const given = integerTensor(part.session, "generated_tokens", tokens);
	const { data, dims } = await runPart(part, { generated_tokens: given }, "decoded_image");
	const [, colours, height = 0, width = 0] = dims;
	const planes = emptyPlanes(width, height);
	if (colours !== 3 || data.length !== planes.values.length) {
		throw unusable(part.path, "its answer is no picture of three colours");
	}
	for (const [at, value] of data.entries()) planes.values[at] = (value + 1) / 2;
	return planes;
}

/** @file Image tokens one after the other: what follows a request, with all that came before kept. */
import ort, { type InferenceSession, type Tensor } from "../../../onnx-runtime.ts";
import { elementTypeOf, floatsOf, floatTensor, integerTensor } from "../../../onnx-tensor.ts";
import type { Values } from "../../packages/graphs.ts";
import { unusable } from "../../packages/package-settings.ts";
import { embedImageTokens, type OpenPart, openPart, runGraph, runPart } from "./janus-graphs.ts";
import { hiddenOutput, type JanusPackage, presentOf } from "./janus-package.ts";

/** Where a picture stands: it can be gone on from more than once, for nothing in it is written over. */
export interface StreamState {
	/** For each row, a logit for every image token that may come next. */
	readonly logits: readonly Float32Array[];
	/** Keys and values of every layer, by the names they go in. */
	readonly past: Readonly<Record<string, Tensor>>;
	/** Positions so far, padding included. */
	readonly length: number;
}

export interface TokenStream {
	/** @param requests of each row, its words' embeddings [1, tokens, width]. */
	begin(requests: readonly Values[]): Promise<StreamState>;
	/** @param token the image token that every row goes on with. */
	next(state: StreamState, token: number): Promise<StreamState>;
	close(): Promise<void>;
}

/** @throws Refusal MODEL_UNAVAILABLE naming the graph that does not open or is another's. */
export async function openTokenStream(
	modelPackage: JanusPackage,
	threads: number,
): Promise<TokenStream> {
	const parts = {
		model: await openPart(modelPackage, "languageModel", threads),
		head: await openPart(modelPackage, "head", threads),
		imageEmbeds: await openPart(modelPackage, "imageEmbeds", threads),
	};
	return new OpenStream(modelPackage, parts);
}

type Parts = Readonly<Record<"model" | "head" | "imageEmbeds", OpenPart>>;

class OpenStream implements TokenStream {
	readonly #package: JanusPackage;
	readonly #parts: Parts;
	readonly #hidden: string;
	readonly #pastNames: readonly string[];
	/** Padding before each row's first token, so that rows of several lengths end together. */
	#padding: readonly number[] = [];

	constructor(modelPackage: JanusPackage, parts: Parts) {
		this.#package = modelPackage;
		this.#parts = parts;
		const { inputNames: inputs, outputNames: outputs } = parts.model.session;
		this.#hidden = hiddenOutput(parts.model.path, { inputs, outputs });
		this.#pastNames = inputs.filter((name) => name.startsWith("past_key_values."));
	}

	begin(requests: readonly Values[]): Promise<StreamState> {
		const lengths = requests.map(({ dims }) => dims[1] ?? 0);
		const longest = Math.max(...lengths);
		this.#padding = lengths.map((length) => longest - length);
		const width = requests[0]?.dims[2] ?? 0;
		const data = new Float32Array(requests.length * longest * width);
		for (const [row, request] of requests.entries()) {
			data.set(request.data, (row * longest + (this.#padding[row] ?? 0)) * width);
		}
		const nothing = Object.fromEntries(this.#pastNames.map((name) => [name, this.#empty(name)]));
		return this.#feed({ data, dims: [requests.length, longest, width] }, nothing, 0);
	}

	async next({ past, length }: StreamState, token: number): Promise<StreamState> {
		const ids = this.#padding.map(() => token);
		return this.#feed(await embedImageTokens(this.#parts.imageEmbeds, ids), past, length);
	}

	async close(): Promise<void> {
		await Promise.all(Object.values(this.#parts).map(({ session }) => session.release()));
	}

	async #feed(
		embeds: Values,
		past: Readonly<Record<string, Tensor>>,
		before: number,
	): Promise<StreamState> {
		const { path, session } = this.#parts.model;
		const [rows = 0, tokens = 0, width = 0] = embeds.dims;
		const length = before + tokens;
		const feeds: Record<string, Tensor> = {
			...past,
			inputs_embeds: floatTensor(session, "inputs_embeds", embeds.data, [rows, tokens, width]),
			attention_mask: this.#mask(session, length),
		};
		for (const name of session.inputNames) {
			if (feeds[name] === undefined) feeds[name] = this.#other(name, before, tokens);
		}
		const wanted = [this.#hidden, ...this.#pastNames.map(presentOf)];
		const answer = await runGraph(path, session, feeds, wanted);
		const hidden = answer[this.#hidden];
		if (hidden === undefined) throw unusable(path, `it gives no ${this.#hidden}`);
		const present = Object.fromEntries(
			this.#pastNames.flatMap((name) => {
				const kept = answer[presentOf(name)];
				return kept === undefined ? [] : [[name, kept]];
			}),
		);
		return { logits: await this.#logitsOf(hidden), past: present, length };
	}

	/** 1 for what is there, 0 for the padding before it. */
	#mask(session: InferenceSession, length: number): Tensor {
		const mask = this.#padding.flatMap((padding) =>
			Array.from({ length }, (_, at) => (at < padding ? 0 : 1)),
		);
		return integerTensor(session, "attention_mask", mask, [this.#padding.length, length]);
	}

	/** Inputs that only some exports have. */
	#other(name: string, before: number, tokens: number): Tensor {
		const { path, session } = this.#parts.model;
		if (name === "position_ids") {
			const positions = this.#padding.flatMap((padding) =>
				Array.from({ length: tokens }, (_, at) => Math.max(0, before + at - padding)),
			);
			return integerTensor(session, name, positions, [this.#padding.length, tokens]);
		}
		// How many of the last states are wanted.
		if (name === "num_logits_to_keep") return integerTensor(session, name, [1], []);
		throw unusable(path, `it asks for ${name}, which this version does not know`);
	}

	/** Of the last state of each row. */
	async #logitsOf(hidden: Tensor): Promise<Float32Array[]> {
		const { head, model } = this.#parts;
		const [rows = 0, tokens = 0, width = 0] = hidden.dims;
		const input = head.session.inputNames[0] ?? "";
		const data = floatsOf(hidden);
		if (data === null) throw unusable(model.path, `its output ${this.#hidden} is not of floats`);
		const last = new Float32Array(rows * width);
		for (let row = 0; row < rows; row++) {
			const start = (row * tokens + tokens - 1) * width;
			last.set(data.subarray(start, start + width), row * width);
		}
		const given = { [input]: floatTensor(head.session, input, last, [rows, 1, width]) };
		const answer = await runPart(head, given, "logits");
		const length = answer.data.length / rows;
		return Array.from({ length: rows }, (_, row) =>
			answer.data.slice(row * length, (row + 1) * length),
		);
	}

	/** Keys or values of no token yet. */
	#empty(name: string): Tensor {
		const { session } = this.#parts.model;
		const { heads, headWidth } = this.#package.languageModel;
		const shape = [this.#padding.length, heads, 0, headWidth];
		return elementTypeOf(session, name) === "float16"
			? new ort.Tensor("float16", new Uint16Array(0), shape)
			: new ort.Tensor("float32", new Float32Array(0), shape);
	}
}

/** @file Opens an ONNX graph, runs it, and takes unit vectors out of its answer. */

import { Refusal } from "../../contract/errors.ts";
import type { ExecutionProvider } from "../../contract/model.ts";
import ort, { type InferenceSession, type Tensor } from "../onnx-runtime.ts";
import { floatsOf } from "../onnx-tensor.ts";

export interface SessionOptions {
	provider: ExecutionProvider;
	/** Threads for one operator; more than the machine has cores is slower. */
	intraOpNumThreads: number;
	/** Names the graph must have, from the manifest. */
	inputs: readonly string[];
	output: string;
}

/**
 * What this build can be asked for. A provider it does not know is silently left out and the CPU runs
 * in its place, so it must never be asked for one.
 */
export function availableProviders(): Set<string> {
	return new Set(ort.listSupportedBackends().map((backend) => backend.name));
}

/**
 * Blocks the calling thread while it loads: only for worker threads and child processes.
 * @throws Refusal MODEL_UNAVAILABLE when the graph lacks a name the manifest gives.
 * @throws Error from ONNX Runtime when the provider or the graph cannot be used.
 */
export async function openSession(
	path: string,
	options: SessionOptions,
): Promise<InferenceSession> {
	const { provider, intraOpNumThreads } = options;
	if (provider !== "cpu" && !availableProviders().has(provider)) {
		throw new Error(`This build of ONNX Runtime has no ${provider}.`);
	}
	const session = await ort.InferenceSession.create(path, {
		executionProviders: provider === "cpu" ? ["cpu"] : [provider, "cpu"],
		intraOpNumThreads,
		interOpNumThreads: 1,
		graphOptimizationLevel: "all",
		// What goes wrong is thrown as well; the runtime's own log would only reach a terminal.
		logSeverityLevel: 4,
		// Threads that spin while they wait take a quarter more time from the decoders and gain nothing.
		extra: { session: { intra_op: { allow_spinning: "0" } } },
	});
	for (const name of options.inputs) {
		if (!session.inputNames.includes(name)) {
			throw missingName(path, "input", name, session.inputNames);
		}
	}
	if (!session.outputNames.includes(options.output)) {
		throw missingName(path, "output", options.output, session.outputNames);
	}
	return session;
}

/**
 * @param feeds the graph's inputs, [count, ...].
 * @param pool how to take one row out of many, for an output [count, rows, dimensions].
 * @returns Float32 [count, dimensions], each row of unit length; a copy the caller owns.
 * @throws Refusal MODEL_UNAVAILABLE when the answer has another shape or is not a finite number.
 */
export async function runForUnitVectors(
	session: InferenceSession,
	feeds: Record<string, Tensor>,
	output: string,
	count: number,
	dimensions: number,
	pool?: RowPool,
): Promise<Float32Array<ArrayBuffer>> {
	const answer = (await session.run(feeds, [output]))[output];
	const numbers = answer === undefined ? null : floatsOf(answer);
	if (answer === undefined || numbers === null) {
		throw new Refusal("MODEL_UNAVAILABLE", `The model's output ${output} is not of floats.`);
	}
	const rows = pool === undefined ? numbers : pooled(numbers, answer.dims, pool);
	if (rows.length !== count * dimensions) {
		throw new Refusal(
			"MODEL_UNAVAILABLE",
			`The model's output ${output} is [${answer.dims.join(", ")}]; model.json promises [${count}, ${dimensions}].`,
			{ field: "dimensions" },
		);
	}
	return unitRows(rows, dimensions);
}

/** The first so many rows, averaged: from `from` up to but without `to`. */
export interface RowPool {
	from: number;
	/** Null: to the last. */
	to: number | null;
}

function pooled(numbers: Float32Array, dims: readonly number[], pool: RowPool): Float32Array {
	const [count = 0, rows = 0, width = 0] = dims;
	if (dims.length !== 3) return numbers;
	const means = new Float32Array(count * width);
	const to = Math.min(rows, pool.to ?? rows);
	for (let item = 0; item < count; item++) {
		for (let row = pool.from; row < to; row++) {
			const start = (item * rows + row) * width;
			for (let at = 0; at < width; at++) {
				const target = item * width + at;
				means[target] = (means[target] ?? 0) + (numbers[start + at] ?? 0);
			}
		}
	}
	// The length of a row is of no matter: it becomes a unit vector.
	return means;
}

/** Copies rows scaled to unit length, so that the inner product is the cosine. */
export function unitRows(rows: Float32Array, dimensions: number): Float32Array<ArrayBuffer> {
	const scaled = new Float32Array(rows.length);
	for (let start = 0; start < rows.length; start += dimensions) {
		const row = rows.subarray(start, start + dimensions);
		let sum = 0;
		for (const value of row) sum += value * value;
		const length = Math.sqrt(sum);
		if (!Number.isFinite(length) || length === 0) {
			throw new Refusal("MODEL_UNAVAILABLE", "The model gave a vector that is not a direction.");
		}
		for (let at = 0; at < dimensions; at++) scaled[start + at] = (row[at] ?? 0) / length;
	}
	return scaled;
}

function missingName(path: string, what: string, name: string, present: readonly string[]) {
	return new Refusal(
		"MODEL_UNAVAILABLE",
		`${path} has no ${what} ${name}, which model.json names; it has ${present.join(", ")}.`,
		{ path },
	);
}

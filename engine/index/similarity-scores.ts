/** @file Similarities of one query to many vectors: by ONNX Runtime, or by a plain loop without it. */
import ort, { type InferenceSession } from "../onnx-runtime.ts";
import { matmulGraph } from "./matmul-graph.ts";

/** One session for all indexes, since its graph holds no weights; null where none can be made. */
let session: Promise<InferenceSession | null> | null = null;

function matmulSession(): Promise<InferenceSession | null> {
	session ??= ort.InferenceSession.create(matmulGraph(), {
		executionProviders: ["cpu"],
		interOpNumThreads: 1,
		// One product at a time, of ever other sizes: an arena would only keep the largest of each.
		enableCpuMemArena: false,
		enableMemPattern: false,
		logSeverityLevel: 4,
		// Between searches nothing should run.
		extra: { session: { intra_op: { allow_spinning: "0" } } },
	}).catch(() => null);
	return session;
}

/**
 * [Note: Search by matrix product] A matrix product in ONNX Runtime reads memory as fast as it comes
 * and on all cores: five times a JavaScript loop. The vectors are not copied; the runtime reads the
 * very buffer. It blocks the thread for the product itself, some 7 ms at 100,000 vectors of 384.
 * @param vectors Float32 [rows, dimensions], unit rows.
 * @param query Float32 [dimensions].
 * @returns Float32 [rows], the inner products.
 */
export async function similarityScores(
	vectors: Float32Array,
	query: Float32Array,
): Promise<Float32Array> {
	const dimensions = query.length;
	const rows = vectors.length / dimensions;
	const matmul = rows === 0 ? null : await matmulSession();
	if (matmul !== null) {
		const answer = await matmul.run({
			vectors: new ort.Tensor("float32", vectors, [rows, dimensions]),
			query: new ort.Tensor("float32", query, [dimensions, 1]),
		});
		if (answer.scores?.data instanceof Float32Array) return answer.scores.data;
	}
	return Float32Array.from({ length: rows }, (_, row) =>
		innerProduct(vectors, row * dimensions, query),
	);
}

/**
 * Many queries at once.
 * @param vectors Float32 [rows, dimensions]. @param queries Float32 [queries, dimensions].
 * @returns Float32 [rows, queries], the inner products.
 */
export async function similarityMatrix(
	vectors: Float32Array,
	queries: Float32Array,
	dimensions: number,
): Promise<Float32Array> {
	const rows = vectors.length / dimensions;
	const count = queries.length / dimensions;
	if (rows === 0 || count === 0) return new Float32Array(rows * count);
	const columns = new Float32Array(queries.length);
	for (let query = 0; query < count; query++) {
		for (let at = 0; at < dimensions; at++) {
			columns[at * count + query] = queries[query * dimensions + at] ?? 0;
		}
	}
	const answer = await (await matmulSession())?.run({
		vectors: new ort.Tensor("float32", vectors, [rows, dimensions]),
		query: new ort.Tensor("float32", columns, [dimensions, count]),
	});
	if (answer?.scores?.data instanceof Float32Array) return answer.scores.data;
	const scores = new Float32Array(rows * count);
	for (let query = 0; query < count; query++) {
		const wanted = queries.subarray(query * dimensions, (query + 1) * dimensions);
		for (let row = 0; row < rows; row++) {
			scores[row * count + query] = innerProduct(vectors, row * dimensions, wanted);
		}
	}
	return scores;
}

/**
 * A few queries at once, which reads the vectors once for all of them.
 * @param vectors Float32 [rows, dimensions]. @param queries Float32 [dimensions] each.
 * @returns Float32 [rows] for each query, the inner products.
 */
export async function similarityColumns(
	vectors: Float32Array,
	queries: readonly Float32Array[],
): Promise<Float32Array[]> {
	const [first, ...others] = queries;
	if (first === undefined) return [];
	if (others.length === 0) return [await similarityScores(vectors, first)];
	const dimensions = first.length;
	const side = new Float32Array(dimensions * queries.length);
	for (const [at, query] of queries.entries()) side.set(query, at * dimensions);
	const scores = await similarityMatrix(vectors, side, dimensions);
	const count = queries.length;
	return queries.map((_, column) => {
		const values = new Float32Array(scores.length / count);
		for (let row = 0; row < values.length; row += 1) {
			values[row] = scores[row * count + column] ?? 0;
		}
		return values;
	});
}

/** The inner product of `query` and as many numbers of `vectors` from `start` on. */
export function innerProduct(vectors: Float32Array, start: number, query: Float32Array): number {
	// Four sums side by side: one sum would wait for each addition before the next.
	let first = 0;
	let second = 0;
	let third = 0;
	let fourth = 0;
	const length = query.length;
	const even = length - (length % 4);
	for (let at = 0; at < even; at += 4) {
		const from = start + at;
		first += (vectors[from] ?? 0) * (query[at] ?? 0);
		second += (vectors[from + 1] ?? 0) * (query[at + 1] ?? 0);
		third += (vectors[from + 2] ?? 0) * (query[at + 2] ?? 0);
		fourth += (vectors[from + 3] ?? 0) * (query[at + 3] ?? 0);
	}
	for (let at = even; at < length; at++) first += (vectors[start + at] ?? 0) * (query[at] ?? 0);
	return first + second + (third + fourth);
}

/** @file The graphs of installed packages: opened one after the other, for none of them is small. */
import ort, { type InferenceSession, type Tensor } from "../../onnx-runtime.ts";
import { elementTypeOf, floatsOf, floatTensor, integerTensor } from "../../onnx-tensor.ts";
import { unusable } from "./package-settings.ts";

/** Numbers with their shape. */
export interface Values {
	data: Float32Array;
	dims: readonly number[];
}

export interface Graph {
	readonly path: string;
	readonly inputs: readonly string[];
	readonly outputs: readonly string[];
	/** Dimensions the graph declares for an input; null where it declares none. */
	rankOf(input: string): number | null;
	/** @throws Refusal MODEL_UNAVAILABLE where an answer is not of floats. */
	run(
		feeds: Readonly<Record<string, Values | readonly number[]>>,
		wanted: readonly string[],
	): Promise<Values[]>;
	close(): Promise<void>;
}

/** @throws Refusal MODEL_UNAVAILABLE where it cannot be opened. */
export async function openGraph(path: string, threads: number): Promise<Graph> {
	const session = await openGraphSession(path, threads);
	return {
		path,
		inputs: session.inputNames,
		outputs: session.outputNames,
		rankOf(input) {
			const found = session.inputMetadata.find(({ name }) => name === input);
			return found?.isTensor === true ? found.shape.length : null;
		},
		async run(feeds, wanted) {
			const tensors: Record<string, Tensor> = {};
			for (const [name, value] of Object.entries(feeds)) {
				tensors[name] =
					"data" in value
						? floatTensor(session, name, value.data, value.dims)
						: whole(session, name, value);
			}
			const answer = await session.run(tensors, [...wanted]);
			return wanted.map((name) => {
				const tensor = answer[name];
				const data = tensor === undefined ? null : floatsOf(tensor);
				if (tensor === undefined || data === null) {
					throw unusable(path, `its output ${name} is not of floats`);
				}
				return { data, dims: tensor.dims };
			});
		},
		close: () => session.release(),
	};
}

/** @throws Refusal MODEL_UNAVAILABLE naming the file, where it is missing, damaged or no graph. */
export async function openGraphSession(path: string, threads: number): Promise<InferenceSession> {
	try {
		return await ort.InferenceSession.create(path, {
			executionProviders: ["cpu"],
			intraOpNumThreads: threads,
			interOpNumThreads: 1,
			logSeverityLevel: 4,
			extra: { session: { intra_op: { allow_spinning: "0" } } },
		});
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw unusable(path, `ONNX Runtime does not open it (${reason.slice(0, 200)})`);
	}
}

/** Whole numbers, of whichever type the graph takes; [1, n] where it declares two dimensions. */
function whole(session: InferenceSession, name: string, values: readonly number[]): Tensor {
	const found = session.inputMetadata.find((one) => one.name === name);
	const rank = found?.isTensor === true ? found.shape.length : 1;
	const shape = rank === 0 ? [] : rank === 2 ? [1, values.length] : [values.length];
	const type = elementTypeOf(session, name);
	return type === "float32" || type === "float16"
		? floatTensor(session, name, Float32Array.from(values), shape)
		: integerTensor(session, name, values, shape);
}

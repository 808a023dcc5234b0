/**
 * @file Asks ONNX Runtime itself for the shape of every value of a graph at given input shapes, by
 * running it once. That is right for every operator, and a second of work at most.
 */
import ort from "../../onnx-runtime.ts";
import { elementType, type OnnxModel } from "./onnx-model.ts";
import { writeOnnx } from "./write-onnx.ts";

export interface KnownValues {
	/** @throws Error for a name the graph has not. */
	shape(name: string): readonly number[];
	/** The numbers of an int64 value, row-major. @throws Error when it was not asked for. */
	integers(name: string): readonly number[];
}

/** Inputs of operators that are numbers about the graph, not pixels: axes, starts, sizes. */
const parameterInputs: Readonly<Record<string, readonly number[]>> = {
	ReduceSum: [1],
	ReduceMean: [1],
	ReduceL2: [1],
	Slice: [1, 2, 3, 4],
	Gather: [1],
	Pad: [1, 3],
};

/**
 * @param feeds zeros are enough, of the shapes that will be run.
 * @throws Error from ONNX Runtime when the graph does not accept these shapes.
 */
export async function probeValues(
	model: OnnxModel,
	feeds: Readonly<Record<string, { shape: readonly number[]; values: Float32Array }>>,
): Promise<KnownValues> {
	const { graph } = model;
	const given = [...graph.inputs.map(({ name }) => name), ...graph.initializers.keys()];
	const names = [...new Set([...given, ...graph.nodes.flatMap((node) => node.outputs)])].filter(
		(name) => name !== "",
	);
	const parameters = [
		...new Set(
			graph.nodes.flatMap((node) =>
				(parameterInputs[node.operator] ?? []).flatMap((at) => node.inputs[at] || []),
			),
		),
	];
	const shapeOutput = (at: number) => `probe/shape_${at}`;
	const valueOutput = (at: number) => `probe/value_${at}`;
	const ask = (operator: string, input: string, output: string) => ({
		operator,
		domain: "",
		inputs: [input],
		outputs: [output],
		attributes: new Map(),
	});
	const output = (name: string) => ({ name, elementType: elementType.int64, shape: null });
	// Only the shapes leave the run, so that ONNX Runtime frees each activation as it goes.
	const probe: OnnxModel = {
		...model,
		graph: {
			...graph,
			nodes: [
				...graph.nodes,
				...names.map((name, at) => ask("Shape", name, shapeOutput(at))),
				...parameters.map((name, at) => ask("Identity", name, valueOutput(at))),
			],
			outputs: [
				...names.map((_, at) => output(shapeOutput(at))),
				...parameters.map((_, at) => output(valueOutput(at))),
			],
		},
	};
	const session = await ort.InferenceSession.create(writeOnnx(probe), {
		executionProviders: ["cpu"],
		graphOptimizationLevel: "disabled",
		logSeverityLevel: 4,
	});
	try {
		const inputs = Object.entries(feeds).map(([name, { shape, values }]) => [
			name,
			new ort.Tensor("float32", values, shape),
		]);
		const answers = await session.run(Object.fromEntries(inputs));
		const numbers = (name: string): number[] => {
			const data = answers[name]?.data;
			if (data instanceof BigInt64Array) return Array.from(data, clampedNumber);
			if (data instanceof Int32Array) return [...data];
			throw new Error(`${name} is not int64.`);
		};
		return knownValues(
			new Map(names.map((name, at) => [name, numbers(shapeOutput(at))])),
			new Map(parameters.map((name, at) => [name, numbers(valueOutput(at))])),
		);
	} finally {
		await session.release();
	}
}

/** Slices end at "as far as there is", which is beyond what a number counts exactly. */
function clampedNumber(value: bigint): number {
	const limit = BigInt(Number.MAX_SAFE_INTEGER);
	return Number(value > limit ? limit : value < -limit ? -limit : value);
}

function knownValues(
	shapes: ReadonlyMap<string, readonly number[]>,
	integers: ReadonlyMap<string, readonly number[]>,
): KnownValues {
	const known = <T>(from: ReadonlyMap<string, T>, name: string): T => {
		const value = from.get(name);
		if (value === undefined) throw new Error(`Nothing is known of the value ${name}.`);
		return value;
	};
	return {
		shape: (name) => known(shapes, name),
		integers: (name) => known(integers, name),
	};
}

/** @file A differentiated graph, ready to run: numbers in, a loss and its gradient out. */
import { Refusal } from "../../../contract/errors.ts";
import ort, { type InferenceSession } from "../../onnx-runtime.ts";
import { differentiate, operatorsWithoutRule } from "./differentiate.ts";
import { GraphBuilder } from "./graph-builder.ts";
import { elementType, type OnnxGraph, type OnnxModel, type OnnxValue } from "./onnx-model.ts";
import { probeValues } from "./probe-values.ts";
import { writeOnnx } from "./write-onnx.ts";

export interface GradientRequest {
	/** What the gradient is taken by: a float32 input of the model, and the one shape it will have. */
	input: string;
	inputShape: readonly number[];
	/** Further float32 inputs that `loss` uses, with their shapes. */
	extraInputs: Readonly<Record<string, readonly number[]>>;
	/** Appends the loss to the graph. @returns the name of a float32 value with one element. */
	loss(build: GraphBuilder): { loss: string; others: readonly string[] };
	/** Processor threads; the same number gives the same bytes. */
	threads: number;
}

export interface GradientAnswer {
	loss: number;
	/** In the input's shape. Valid until the next run. */
	gradient: Float32Array;
	/** Values of `others`, in their order. */
	others: Float32Array[];
}

export interface GradientSession {
	/** Blocks its thread. @param feeds every input by name, row-major in the shapes promised. */
	run(feeds: Readonly<Record<string, Float32Array>>): Promise<GradientAnswer>;
	close(): Promise<void>;
}

/**
 * Blocks its thread while it builds and loads: only for a process of its own.
 * @param model is not changed.
 * @throws Refusal MODEL_UNAVAILABLE naming the operators that cannot be differentiated.
 */
export async function openGradientSession(
	model: OnnxModel,
	request: GradientRequest,
): Promise<GradientSession> {
	const graph: OnnxGraph = {
		nodes: [...model.graph.nodes],
		initializers: new Map(model.graph.initializers),
		inputs: inputsWithShapes(model.graph, request),
		outputs: [],
	};
	const { loss, others } = request.loss(new GraphBuilder(graph, "loss/"));
	const missing = operatorsWithoutRule(graph, request.input, loss);
	if (missing.length > 0) {
		throw new Refusal(
			"MODEL_UNAVAILABLE",
			`This model cannot guide a picture by gradients: ${missing.join(", ")} cannot be differentiated.`,
		);
	}
	const differentiated: OnnxModel = { ...model, graph };
	const values = await probeValues(differentiated, zeros(request));
	const gradient = differentiate(graph, request.input, loss, values);
	const asked = [loss, gradient, ...others];
	graph.outputs = asked.map((name) => ({ name, elementType: elementType.float32, shape: null }));
	const session = await ort.InferenceSession.create(writeOnnx(differentiated), {
		executionProviders: ["cpu"],
		intraOpNumThreads: request.threads,
		interOpNumThreads: 1,
		graphOptimizationLevel: "all",
		logSeverityLevel: 4,
	});
	return { run: (feeds) => run(session, request, asked, feeds), close: () => session.release() };
}

async function run(
	session: InferenceSession,
	request: GradientRequest,
	asked: readonly string[],
	feeds: Readonly<Record<string, Float32Array>>,
): Promise<GradientAnswer> {
	const shapes: Readonly<Record<string, readonly number[]>> = {
		...request.extraInputs,
		[request.input]: request.inputShape,
	};
	const tensors = Object.entries(shapes).map(([name, shape]) => {
		const values = feeds[name];
		if (values === undefined) throw new Error(`The input ${name} is missing.`);
		return [name, new ort.Tensor("float32", values, shape)];
	});
	const answers = await session.run(Object.fromEntries(tensors));
	const [loss, gradient, ...others] = asked.map((name) => {
		const data = answers[name]?.data;
		if (!(data instanceof Float32Array)) throw new Error(`${name} is not float32.`);
		return data;
	});
	if (loss === undefined || gradient === undefined) throw new Error("An answer is missing.");
	return { loss: loss[0] ?? Number.NaN, gradient, others };
}

/** Fixed sides let ONNX Runtime plan its memory. */
function inputsWithShapes(graph: OnnxGraph, request: GradientRequest): OnnxValue[] {
	const own = graph.inputs.filter(({ name }) => !graph.initializers.has(name));
	const [value] = own;
	if (own.length !== 1 || value?.name !== request.input) {
		throw new Refusal(
			"MODEL_UNAVAILABLE",
			`This model takes ${own.map(({ name }) => name).join(", ")}; a picture can be guided through ${request.input} alone.`,
		);
	}
	if (value.elementType !== elementType.float32) {
		throw new Refusal(
			"MODEL_UNAVAILABLE",
			`This model takes ${request.input} not as float32, so its gradient is too coarse to guide a picture.`,
		);
	}
	const shaped = ([name, shape]: readonly [string, readonly number[]]): OnnxValue => ({
		name,
		elementType: elementType.float32,
		shape: [...shape],
	});
	return [
		shaped([request.input, request.inputShape]),
		...Object.entries(request.extraInputs).map(shaped),
	];
}

function zeros({ input, inputShape, extraInputs }: GradientRequest) {
	const shapes = Object.entries({ ...extraInputs, [input]: inputShape });
	return Object.fromEntries(
		shapes.map(([name, shape]) => {
			const values = new Float32Array(shape.reduce((product, side) => product * side, 1));
			return [name, { shape, values }];
		}),
	);
}

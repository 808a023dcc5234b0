/** Every operator's derivative agrees with finite differences. */
import { expect, test } from "vitest";
import { Refusal } from "../../contract/errors.ts";
import { openGradientSession } from "../../engine/generator/gradient/gradient-session.ts";
import { GraphBuilder } from "../../engine/generator/gradient/graph-builder.ts";
import type { OnnxModel } from "../../engine/generator/gradient/onnx-model.ts";
import { elementType } from "../../engine/generator/gradient/onnx-model.ts";
import { numbers } from "./gradient-fixture.ts";

type Draw = (build: GraphBuilder, x: string) => string;

function modelOf(
	shape: readonly number[],
	draw: Draw,
	opset = 20,
): { model: OnnxModel; answer: string } {
	const model: OnnxModel = {
		irVersion: 9,
		operatorSets: new Map([["", opset]]),
		graph: {
			nodes: [],
			initializers: new Map(),
			inputs: [{ name: "x", elementType: elementType.float32, shape: [...shape] }],
			outputs: [{ name: "x", elementType: elementType.float32, shape: null }],
		},
	};
	return { model, answer: draw(new GraphBuilder(model.graph, "model/"), "x") };
}

/** The sum of cos(answer + 1), so that every element counts differently. */
async function open(shape: readonly number[], draw: Draw) {
	const { model, answer } = modelOf(shape, draw);
	return openGradientSession(model, {
		input: "x",
		inputShape: shape,
		extraInputs: {},
		loss: (build) => ({
			loss: build.add(
				"ReduceSum",
				[build.add("Cos", [build.add("Add", [answer, build.scalar(1)])])],
				{
					keepdims: 0,
				},
			),
			others: [],
		}),
		threads: 1,
	});
}

const kernels = (shape: readonly number[]): Float32Array =>
	numbers(
		shape.reduce((product, side) => product * side, 1),
		5,
	);

function convolve(shape: number[], attributes: Record<string, number | number[] | string>): Draw {
	return (build, x) =>
		build.add("Conv", [x, build.floats(shape, kernels(shape))], {
			kernel_shape: shape.slice(2),
			...attributes,
		});
}

const image = [1, 4, 6, 5];
const even = [1, 4, 6, 4];
const one =
	(operator: string): Draw =>
	(build, x) =>
		build.add(operator, [x]);
/** Away from where roots, logarithms and reciprocals have no derivative. */
const positive =
	(operator: string): Draw =>
	(build, x) =>
		build.add(operator, [build.add("Add", [x, build.scalar(2)])]);
const inside =
	(operator: string): Draw =>
	(build, x) =>
		build.add(operator, [build.scale(x, 0.9)]);
const withOther =
	(operator: string, shape: number[], first: boolean): Draw =>
	(build, x) => {
		const other = build.add("Add", [build.floats(shape, kernels(shape)), build.scalar(2)]);
		const moved = build.add("Add", [x, build.scalar(2)]);
		return build.add(operator, first ? [moved, other] : [other, moved]);
	};

const cases: [string, number[], Draw][] = [
	...[
		"Neg",
		"Abs",
		"Exp",
		"Sin",
		"Cos",
		"Erf",
		"Sigmoid",
		"Softplus",
		"Tanh",
		"Relu",
		"LeakyRelu",
	].map((name): [string, number[], Draw] => [name, [3, 4], one(name)]),
	...["Identity", "Dropout", "Gelu", "HardSwish", "HardSigmoid"].map(
		(name): [string, number[], Draw] => [name, [3, 4], one(name)],
	),
	...["Log", "Sqrt", "Reciprocal"].map((name): [string, number[], Draw] => [
		name,
		[3, 4],
		positive(name),
	]),
	["Acos", [3, 4], inside("Acos")],
	...["Add", "Sub", "Mul", "Div", "Max", "Min"].flatMap((name): [string, number[], Draw][] => [
		[`${name}, first input`, [3, 4], withOther(name, [2, 3, 4], true)],
		[`${name}, second input repeated`, [1, 4], withOther(name, [3, 4], false)],
	]),
	[
		"Pow",
		[3, 4],
		(build, x) => build.add("Pow", [build.add("Add", [x, build.scalar(2)]), build.scalar(3)]),
	],
	["Clip", [3, 4], (build, x) => build.add("Clip", [x, build.scalar(-0.5), build.scalar(0.25)])],
	[
		"Where",
		[3, 4],
		(build, x) => {
			const condition = build.add("Greater", [
				build.floats([3, 1], kernels([3, 1])),
				build.scalar(0),
			]);
			return build.add("Where", [condition, x, build.add("Mul", [x, x])]);
		},
	],
	["an input used twice", [3, 4], (build, x) => build.add("Mul", [x, build.add("Tanh", [x])])],
	[
		"MatMul, left",
		[2, 3, 4],
		(build, x) => build.add("MatMul", [x, build.floats([4, 5], kernels([4, 5]))]),
	],
	[
		"MatMul, right repeated",
		[4, 3],
		(build, x) => build.add("MatMul", [build.floats([2, 5, 4], kernels([2, 5, 4])), x]),
	],
	...[0, 1].flatMap((transA) =>
		[0, 1].flatMap((transB): [string, number[], Draw][] => [
			[
				`Gemm, left, ${transA}${transB}`,
				[4, 4],
				(build, x) =>
					build.add(
						"Gemm",
						[x, build.floats([4, 4], kernels([4, 4])), build.floats([4], kernels([4]))],
						{ transA, transB, alpha: 0.5 },
					),
			],
			[
				`Gemm, right, ${transA}${transB}`,
				[4, 4],
				(build, x) =>
					build.add("Gemm", [build.floats([4, 4], kernels([4, 4])), x], { transA, transB }),
			],
		]),
	),
	["Conv", image, convolve([3, 4, 3, 3], { pads: [1, 1, 1, 1] })],
	[
		"Conv with strides and a rest",
		image,
		convolve([3, 4, 3, 3], { strides: [2, 3], pads: [1, 0, 0, 1] }),
	],
	["Conv, a kernel smaller than its stride", image, convolve([3, 4, 1, 1], { strides: [2, 2] })],
	["Conv, padding beyond the kernel", image, convolve([3, 4, 2, 2], { pads: [2, 2, 2, 2] })],
	[
		"Conv, depthwise, 5 by 5, strides",
		image,
		convolve([4, 1, 5, 5], { group: 4, strides: [2, 2], pads: [1, 2, 2, 2] }),
	],
	["Conv, groups and dilations", image, convolve([6, 2, 2, 2], { group: 2, dilations: [2, 2] })],
	["Conv, SAME_UPPER", image, convolve([3, 4, 3, 3], { auto_pad: "SAME_UPPER", strides: [2, 2] })],
	["Conv, SAME_LOWER", image, convolve([3, 4, 2, 2], { auto_pad: "SAME_LOWER" })],
	["Conv over one side", [2, 4, 7], convolve([3, 4, 3], { strides: [2], pads: [1, 1] })],
	["GlobalAveragePool", image, one("GlobalAveragePool")],
	[
		"AveragePool",
		even,
		(build, x) => build.add("AveragePool", [x], { kernel_shape: [3, 2], strides: [3, 2] }),
	],
	[
		"Resize",
		image,
		(build, x) =>
			build.add("Resize", [x, "", build.floats([4], Float32Array.of(1, 1, 2, 3))], {
				mode: "nearest",
				coordinate_transformation_mode: "asymmetric",
				nearest_mode: "floor",
			}),
	],
	["ReduceSum", [2, 3, 4], (build, x) => build.sum(x, [0, 2], false)],
	[
		"ReduceMean",
		[2, 3, 4],
		(build, x) => build.add("ReduceMean", [x, build.ints([-1])], { keepdims: 0 }),
	],
	["ReduceMean of everything", [2, 3, 4], one("ReduceMean")],
	[
		"ReduceL2",
		[2, 3, 4],
		(build, x) => build.add("ReduceL2", [x, build.ints([1])], { keepdims: 1 }),
	],
	["Softmax", [2, 3, 4], (build, x) => build.add("Softmax", [x], { axis: 1 })],
	["LogSoftmax", [2, 3, 4], (build, x) => build.add("LogSoftmax", [x], { axis: -1 })],
	[
		"LayerNormalization",
		[2, 3, 4],
		(build, x) =>
			build.add(
				"LayerNormalization",
				[x, build.floats([3, 4], kernels([3, 4])), build.floats([3, 4], kernels([3, 4]))],
				{ axis: 1 },
			),
	],
	[
		"InstanceNormalization",
		image,
		(build, x) =>
			build.add("InstanceNormalization", [
				x,
				build.floats([4], kernels([4])),
				build.floats([4], kernels([4])),
			]),
	],
	[
		"BatchNormalization",
		image,
		(build, x) => {
			const four = () => build.floats([4], kernels([4]));
			return build.add("BatchNormalization", [
				x,
				four(),
				four(),
				four(),
				build.add("Abs", [four()]),
			]);
		},
	],
	["Reshape", [2, 6], (build, x) => build.reshape(x, [3, 4])],
	[
		"Flatten",
		[2, 3, 2],
		(build, x) =>
			build.add("MatMul", [build.add("Flatten", [x]), build.floats([6, 2], kernels([6, 2]))]),
	],
	[
		"Unsqueeze and Squeeze",
		[2, 3],
		(build, x) =>
			build.add("Squeeze", [build.add("Unsqueeze", [x, build.ints([1])]), build.ints([1])]),
	],
	[
		"Transpose",
		[2, 3, 4],
		(build, x) =>
			build.add("Mul", [
				build.transpose(x, [2, 0, 1]),
				build.floats([4, 2, 3], kernels([4, 2, 3])),
			]),
	],
	[
		"Transpose without an order",
		[2, 3],
		(build, x) =>
			build.add("Mul", [build.add("Transpose", [x]), build.floats([3, 2], kernels([3, 2]))]),
	],
	[
		"Expand",
		[3, 1],
		(build, x) =>
			build.add("Mul", [
				build.add("Expand", [x, build.ints([2, 3, 4])]),
				build.floats([4], kernels([4])),
			]),
	],
	[
		"Concat",
		[2, 3],
		(build, x) =>
			build.add("Concat", [build.floats([2, 1], kernels([2, 1])), x, build.add("Tanh", [x])], {
				axis: -1,
			}),
	],
	["Gather", [3, 4], (build, x) => build.add("Gather", [x, build.ints([2, 0, -1])], { axis: 1 })],
	[
		"Slice",
		[5, 6],
		(build, x) =>
			build.add("Slice", [
				x,
				build.ints([-4, 5]),
				build.ints([5, -100]),
				build.ints([0, -1]),
				build.ints([1, -2]),
			]),
	],
	["Pad", [2, 3], (build, x) => build.add("Pad", [x, build.ints([1, 0, 0, 2])])],
	["DepthToSpace, DCR", even, (build, x) => build.add("DepthToSpace", [x], { blocksize: 2 })],
	[
		"DepthToSpace, CRD",
		even,
		(build, x) => build.add("DepthToSpace", [x], { blocksize: 2, mode: "CRD" }),
	],
	["SpaceToDepth", even, (build, x) => build.add("SpaceToDepth", [x], { blocksize: 2 })],
];

test.each(cases)("%s", async (_, shape, draw) => {
	const session = await open(shape, draw);
	const size = shape.reduce((product, side) => product * side, 1);
	const x = numbers(size, 3);
	const gradient = Float32Array.from((await session.run({ x })).gradient);
	expect(gradient).toHaveLength(size);
	const step = 2 ** -8;
	let error = 0;
	let largest = 0;
	for (let at = 0; at < size; at++) {
		const moved = async (by: number) =>
			(await session.run({ x: x.with(at, (x[at] ?? 0) + by) })).loss;
		const measured = ((await moved(step)) - (await moved(-step))) / (2 * step);
		error = Math.max(error, Math.abs((gradient[at] ?? Number.NaN) - measured));
		largest = Math.max(largest, Math.abs(measured));
	}
	expect(error).toBeLessThan(1e-2 * Math.max(1, largest));
	expect(largest).toBeGreaterThan(0.01);
	await session.close();
});

test("Split puts the gradients of its parts together, also of one nobody uses", async () => {
	const draw: Draw = (build, x) => build.add("Tanh", [x]);
	const { model, answer } = modelOf([2, 6], draw);
	model.graph.nodes.push({
		operator: "Split",
		domain: "",
		inputs: [answer],
		outputs: ["left", "middle", "right"],
		attributes: new Map([
			["axis", { kind: "int", value: 1 }],
			["num_outputs", { kind: "int", value: 3 }],
		]),
	});
	const session = await openGradientSession(model, {
		input: "x",
		inputShape: [2, 6],
		extraInputs: {},
		loss: (build) => ({
			loss: build.sum(build.add("Sub", ["left", build.scale("right", 2)]), [0, 1], false),
			others: [],
		}),
		threads: 1,
	});
	const { gradient } = await session.run({ x: new Float32Array(12) });
	expect([...gradient]).toEqual([1, 1, 0, 0, -2, -2, 1, 1, 0, 0, -2, -2]);
	await session.close();
});

test.each([
	["Floor", (build: GraphBuilder, x: string) => build.add("Floor", [x])],
	[
		"Cast",
		(build: GraphBuilder, x: string) =>
			build.add("Cast", [build.add("Cast", [x], { to: 10 })], { to: 1 }),
	],
	["Gelu", (build: GraphBuilder, x: string) => build.add("Gelu", [x], { approximate: "tanh" })],
])("%s, where it has no derivative here, is refused by name", async (name, draw) => {
	const opening = open([3, 4], draw);
	await expect(opening).rejects.toThrow(Refusal);
	await expect(opening).rejects.toThrow(name);
});

/** @file Derivatives of convolution and pooling over [batch, channels, ...places], by the picture only. */
import {
	type DerivativeRule,
	elements,
	firstIntegers,
	type RuleContext,
} from "../derivative-rule.ts";
import { intAttribute, intsAttribute, stringAttribute } from "../onnx-model.ts";

/**
 * The gradient by a convolution's input is a convolution of the gradient, its places spread by the
 * stride, with the kernels mirrored and input and output channels exchanged (Dumoulin and Visin,
 * arXiv:1603.07285, chapter 4). ONNX's ConvTranspose says the same, but ONNX Runtime runs it several
 * times slower than Conv, many times for depthwise kernels. What is done to the kernels here depends
 * on constants only, so ONNX Runtime does it once when the graph is loaded.
 */
const convolution: DerivativeRule = (context) => {
	const { node, build } = context;
	if (context.wants(1)) context.refuse("its kernels depend on the picture");
	const input = context.shape(context.input(0));
	const kernel = context.shape(context.input(1));
	const places = input.length - 2;
	const strides = intsAttribute(node, "strides") ?? Array<number>(places).fill(1);
	const dilations = intsAttribute(node, "dilations") ?? Array<number>(places).fill(1);
	const begins = padsBefore(context, strides, dilations);
	const group = intAttribute(node, "group", 1);
	const output = context.shape(context.output);

	const spread = spreadPlaces(context, output, strides);
	const pads = firstIntegers(places).map((at) => {
		const reach = (dilations[at] ?? 1) * ((kernel[at + 2] ?? 1) - 1);
		const before = reach - (begins[at] ?? 0);
		const length = (output[at + 2] ?? 0) * (strides[at] ?? 1);
		return { before, after: (input[at + 2] ?? 0) - length + (begins[at] ?? 0) };
	});
	// A convolution's own padding cannot cut off; where less than nothing is to be added, Pad can.
	const cuts = pads.some(({ before, after }) => before < 0 || after < 0);
	const all = [...pads.map(({ before }) => before), ...pads.map(({ after }) => after)];
	const padded = cuts
		? build.add("Pad", [
				spread,
				build.ints([0, 0, ...all.slice(0, places), 0, 0, ...all.slice(places)]),
			])
		: spread;
	const gradient = build.add("Conv", [padded, mirroredKernels(context, kernel, group)], {
		kernel_shape: kernel.slice(2),
		dilations,
		group,
		pads: cuts ? all.map(() => 0) : all,
	});
	return [gradient];
};

function padsBefore(
	context: RuleContext,
	strides: readonly number[],
	dilations: readonly number[],
): number[] {
	const mode = stringAttribute(context.node, "auto_pad", "NOTSET");
	if (mode === "NOTSET") {
		const pads = intsAttribute(context.node, "pads");
		return pads?.slice(0, pads.length / 2) ?? strides.map(() => 0);
	}
	if (mode === "VALID") return strides.map(() => 0);
	const input = context.shape(context.input(0));
	const output = context.shape(context.output);
	const kernel = context.shape(context.input(1));
	return strides.map((stride, at) => {
		const span = (dilations[at] ?? 1) * ((kernel[at + 2] ?? 1) - 1) + 1;
		const total = Math.max(0, ((output[at + 2] ?? 1) - 1) * stride + span - (input[at + 2] ?? 0));
		return mode === "SAME_LOWER" ? Math.ceil(total / 2) : Math.floor(total / 2);
	});
}

/** Puts stride - 1 zeros after every place, along every side that has a stride. */
function spreadPlaces(
	{ build, gradient }: RuleContext,
	shape: readonly number[],
	strides: readonly number[],
): string {
	if (strides.every((stride) => stride === 1)) return gradient;
	const [batch = 1, channels = 1, ...places] = shape;
	const apart = places.flatMap((side) => [side, 1]);
	const none = [0, 0, ...apart.map(() => 0)];
	const after = [0, 0, ...strides.flatMap((stride) => [0, stride - 1])];
	const padded = build.add("Pad", [
		build.reshape(gradient, [batch, channels, ...apart]),
		build.ints([...none, ...after]),
	]);
	const spread = places.map((side, at) => side * (strides[at] ?? 1));
	return build.reshape(padded, [batch, channels, ...spread]);
}

/** From [out, in / group, ...kernel] to [in, out / group, ...kernel], every kernel mirrored. */
function mirroredKernels(context: RuleContext, shape: readonly number[], group: number): string {
	const { build } = context;
	const [out = 1, inPerGroup = 1, ...kernel] = shape;
	const outPerGroup = out / group;
	let kernels = context.input(1);
	if (group === 1) {
		kernels = build.transpose(kernels, [1, 0, ...kernel.map((_, at) => at + 2)]);
	} else if (inPerGroup !== 1 || outPerGroup !== 1) {
		const grouped = build.reshape(kernels, [group, outPerGroup, inPerGroup, ...kernel]);
		const swapped = build.transpose(grouped, [0, 2, 1, ...kernel.map((_, at) => at + 3)]);
		kernels = build.reshape(swapped, [group * inPerGroup, outPerGroup, ...kernel]);
	}
	const mirrored = kernel.flatMap((side, at) => (side > 1 ? [at + 2] : []));
	if (mirrored.length === 0) return kernels;
	return build.add("Slice", [
		kernels,
		build.ints(mirrored.map(() => -1)),
		build.ints(mirrored.map(() => -(2 ** 31))),
		build.ints(mirrored),
		build.ints(mirrored.map(() => -1)),
	]);
}

const globalAveragePool: DerivativeRule = (context) => {
	const { build, gradient } = context;
	const shape = context.shape(context.input(0));
	const scaled = build.scale(gradient, 1 / elements(shape.slice(2)));
	return [build.add("Expand", [scaled, build.ints(shape)])];
};

/** Only windows side by side: each input place then belongs to one window. */
const averagePool: DerivativeRule = (context) => {
	const { node, build, gradient } = context;
	const shape = context.shape(context.input(0));
	const kernel = intsAttribute(node, "kernel_shape") ?? [];
	const strides = intsAttribute(node, "strides") ?? kernel.map(() => 1);
	const fits = kernel.every(
		(side, at) => side === strides[at] && (shape[at + 2] ?? 0) % side === 0,
	);
	if (!fits || intsAttribute(node, "pads")?.some((pad) => pad !== 0)) {
		context.refuse("its windows overlap or leave a rest");
	}
	return [repeatPlaces(context, build.scale(gradient, 1 / elements(kernel)), kernel)];
};

/** Every place becomes a block. */
function repeatPlaces({ build, ...context }: RuleContext, value: string, block: number[]): string {
	const [batch = 1, channels = 1, ...places] = context.shape(context.output);
	const apart = build.reshape(value, [batch, channels, ...places.flatMap((side) => [side, 1])]);
	const blocks = places.flatMap((side, at) => [side, block[at] ?? 1]);
	const repeated = build.add("Expand", [apart, build.ints([batch, channels, ...blocks])]);
	const whole = places.map((side, at) => side * (block[at] ?? 1));
	return build.reshape(repeated, [batch, channels, ...whole]);
}

/** Only enlargement by whole numbers, each place becoming a block. */
const resize: DerivativeRule = (context) => {
	const { node, build, gradient } = context;
	const [batch = 1, channels = 1, ...places] = context.shape(context.input(0));
	const [, , ...enlarged] = context.shape(context.output);
	const factors = places.map((side, at) => (enlarged[at] ?? 0) / side);
	if (
		stringAttribute(node, "mode", "nearest") !== "nearest" ||
		!factors.every((factor) => Number.isInteger(factor) && factor > 0)
	) {
		context.refuse("only enlarging the nearest place by a whole number has a derivative here");
	}
	const blocks = places.flatMap((side, at) => [side, factors[at] ?? 1]);
	const apart = build.reshape(gradient, [batch, channels, ...blocks]);
	return [
		build.sum(
			apart,
			places.map((_, at) => 3 + 2 * at),
			false,
		),
	];
};

export const convolutionRules: Readonly<Record<string, DerivativeRule>> = {
	Conv: convolution,
	GlobalAveragePool: globalAveragePool,
	AveragePool: averagePool,
	Resize: resize,
	Upsample: resize,
};

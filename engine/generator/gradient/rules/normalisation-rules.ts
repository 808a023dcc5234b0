/** @file Derivatives of reductions, softmax and normalisations. */
import {
	axisFromFront,
	type DerivativeRule,
	elements,
	firstIntegers,
	type RuleContext,
} from "../derivative-rule.ts";
import { floatAttribute, intAttribute, intsAttribute } from "../onnx-model.ts";

/** A reduction's axes, given as an attribute or (later operator sets) as an input; all by default. */
function reducedAxes(context: RuleContext): number[] {
	const rank = context.shape(context.input(0)).length;
	const given = intsAttribute(context.node, "axes") ?? context.integers(1) ?? [];
	if (given.length > 0) return given.map((axis) => axisFromFront(axis, rank));
	return intAttribute(context.node, "noop_with_empty_axes", 0) === 1 ? [] : firstIntegers(rank);
}

/** A reduction's result or gradient with the reduced sides back, each 1 long. */
function withReducedSides(context: RuleContext, value: string, axes: readonly number[]): string {
	if (intAttribute(context.node, "keepdims", 1) === 1) return value;
	const shape = context.shape(context.input(0));
	return context.build.reshape(
		value,
		shape.map((side, axis) => (axes.includes(axis) ? 1 : side)),
	);
}

function reduction(
	gradientOf: (context: RuleContext, gradient: string, axes: readonly number[]) => string,
): DerivativeRule {
	return (context) => {
		const axes = reducedAxes(context);
		const gradient = withReducedSides(context, context.gradient, axes);
		return [gradientOf(context, gradient, axes)];
	};
}

function expand(context: RuleContext, gradient: string): string {
	const shape = context.build.ints(context.shape(context.input(0)));
	return context.build.add("Expand", [gradient, shape]);
}

const reduceSum = reduction(expand);

const reduceMean = reduction((context, gradient, axes) => {
	const shape = context.shape(context.input(0));
	const count = elements(axes.map((axis) => shape[axis] ?? 1));
	return expand(context, context.build.scale(gradient, 1 / count));
});

const reduceL2 = reduction((context, gradient, axes) => {
	const { build } = context;
	const length = withReducedSides(context, context.output, axes);
	return build.add("Mul", [context.input(0), build.add("Div", [gradient, length])]);
});

/** y (g - sum(g y)) */
const softmax: DerivativeRule = (context) => {
	const { build, gradient, output } = context;
	const rank = context.shape(output).length;
	const axis = axisFromFront(intAttribute(context.node, "axis", -1), rank);
	const weighted = build.sum(build.add("Mul", [gradient, output]), [axis], true);
	return [build.add("Mul", [output, build.add("Sub", [gradient, weighted])])];
};

/** g - softmax(x) sum(g) */
const logSoftmax: DerivativeRule = (context) => {
	const { build, gradient, output } = context;
	const rank = context.shape(output).length;
	const axis = axisFromFront(intAttribute(context.node, "axis", -1), rank);
	const sum = build.sum(gradient, [axis], true);
	const share = build.add("Mul", [build.add("Exp", [output]), sum]);
	return [build.add("Sub", [gradient, share])];
};

/**
 * From the gradient by the standardised values h = (x - mean) / deviation to that by x:
 * (g - mean(g) - h mean(g h)) / deviation.
 */
function throughStandardised(
	context: RuleContext,
	x: string,
	gradient: string,
	axes: readonly number[],
	epsilon: number,
): string {
	const { build } = context;
	const shape = context.shape(x);
	const share = 1 / elements(axes.map((axis) => shape[axis] ?? 1));
	const mean = (value: string) => build.scale(build.sum(value, axes, true), share);
	const centred = build.add("Sub", [x, mean(x)]);
	const variance = mean(build.add("Mul", [centred, centred]));
	const deviation = build.add("Sqrt", [build.add("Add", [variance, build.scalar(epsilon)])]);
	const standardised = build.add("Div", [centred, deviation]);
	const along = mean(build.add("Mul", [gradient, standardised]));
	const rest = build.add("Sub", [
		build.add("Sub", [gradient, mean(gradient)]),
		build.add("Mul", [standardised, along]),
	]);
	return build.add("Div", [rest, deviation]);
}

/** Ba, Kiros and Hinton, arXiv:1607.06450. */
const layerNormalization: DerivativeRule = (context) => {
	const { node, build } = context;
	const x = context.input(0);
	const rank = context.shape(x).length;
	const first = axisFromFront(intAttribute(node, "axis", -1), rank);
	const axes = firstIntegers(rank).slice(first);
	const gradient = build.add("Mul", [context.gradient, context.input(1)]);
	const epsilon = floatAttribute(node, "epsilon", 1e-5);
	return [throughStandardised(context, x, gradient, axes, epsilon)];
};

/** One factor a channel, brought to [1, channels, 1, …]. */
function byChannel({ build, shape, input }: RuleContext, factor: string): string {
	const [, channels = 1, ...places] = shape(input(0));
	return build.reshape(factor, [1, channels, ...places.map(() => 1)]);
}

const instanceNormalization: DerivativeRule = (context) => {
	const { node, build } = context;
	const x = context.input(0);
	const axes = firstIntegers(context.shape(x).length).slice(2);
	const gradient = build.add("Mul", [context.gradient, byChannel(context, context.input(1))]);
	const epsilon = floatAttribute(node, "epsilon", 1e-5);
	return [throughStandardised(context, x, gradient, axes, epsilon)];
};

/** With the statistics of training, which do not depend on the picture. */
const batchNormalization: DerivativeRule = (context) => {
	const { node, build } = context;
	const epsilon = build.scalar(floatAttribute(node, "epsilon", 1e-5));
	const deviation = build.add("Sqrt", [build.add("Add", [context.input(4), epsilon])]);
	const factor = build.add("Div", [context.input(1), deviation]);
	return [build.add("Mul", [context.gradient, byChannel(context, factor)])];
};

export const normalisationRules: Readonly<Record<string, DerivativeRule>> = {
	ReduceSum: reduceSum,
	ReduceMean: reduceMean,
	ReduceL2: reduceL2,
	Softmax: softmax,
	LogSoftmax: logSoftmax,
	LayerNormalization: layerNormalization,
	InstanceNormalization: instanceNormalization,
	BatchNormalization: batchNormalization,
};

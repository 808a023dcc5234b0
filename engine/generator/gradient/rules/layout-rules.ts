/** @file Derivatives of operators that only move, repeat or leave out elements. */
import {
	axisFromFront,
	type DerivativeRule,
	elements,
	firstIntegers,
	type RuleContext,
} from "../derivative-rule.ts";
import { intAttribute, intsAttribute, stringAttribute } from "../onnx-model.ts";

const backToShape: DerivativeRule = (context) => [
	context.build.reshape(context.gradient, context.shape(context.input(0))),
];

const transpose: DerivativeRule = (context) => {
	const rank = context.shape(context.input(0)).length;
	const order = intsAttribute(context.node, "perm") ?? firstIntegers(rank).reverse();
	const back = firstIntegers(rank).map((axis) => order.indexOf(axis));
	return [context.build.transpose(context.gradient, back)];
};

const expand: DerivativeRule = (context) => [context.unbroadcast(context.gradient, 0)];

const concat: DerivativeRule = (context) => {
	const { node, build, gradient } = context;
	const rank = context.shape(context.output).length;
	const axis = axisFromFront(intAttribute(node, "axis", 0), rank);
	let start = 0;
	return node.inputs.map((name, at) => {
		const end = start + (context.shape(name)[axis] ?? 0);
		const bounds = [start, end] as const;
		start = end;
		return context.wants(at) ? slice(build, gradient, bounds, axis) : null;
	});
};

function slice(
	build: RuleContext["build"],
	value: string,
	[start, end]: readonly [number, number],
	axis: number,
): string {
	return build.add("Slice", [value, build.ints([start]), build.ints([end]), build.ints([axis])]);
}

const split: DerivativeRule = (context) => {
	const { node, build, gradients } = context;
	const rank = context.shape(context.input(0)).length;
	const parts = node.outputs.map((name, at) => {
		const gradient = gradients[at] ?? null;
		if (gradient !== null) return gradient;
		return build.add("Expand", [build.scalar(0), build.ints(context.shape(name))]);
	});
	const axis = axisFromFront(intAttribute(node, "axis", 0), rank);
	return [build.add("Concat", parts, { axis })];
};

/**
 * Puts the gradient of places picked along an axis back where they were picked, adding up what was
 * picked more than once: a product with the 0-1 matrix of the picking.
 * @param shape of `value` but for the axis, of which it has `picked.length`.
 */
function putBack(
	{ build }: RuleContext,
	value: string,
	shape: readonly number[],
	axis: number,
	picked: readonly number[],
): string {
	const side = shape[axis] ?? 1;
	const before = elements(shape.slice(0, axis));
	const after = elements(shape.slice(axis + 1));
	const matrix = new Float32Array(side * picked.length);
	for (const [at, place] of picked.entries()) matrix[place * picked.length + at] = 1;
	const flat = build.reshape(value, [before, picked.length, after]);
	const placed = build.add("MatMul", [build.floats([side, picked.length], matrix), flat]);
	return build.reshape(placed, shape);
}

const gather: DerivativeRule = (context) => {
	const shape = context.shape(context.input(0));
	const axis = axisFromFront(intAttribute(context.node, "axis", 0), shape.length);
	const side = shape[axis] ?? 1;
	const picked = (context.integers(1) ?? []).map((place) => axisFromFront(place, side));
	return [putBack(context, context.gradient, shape, axis, picked)];
};

const sliceRule: DerivativeRule = (context) => {
	const shape = context.shape(context.input(0));
	const starts = context.integers(1) ?? [];
	const ends = context.integers(2) ?? [];
	const axes = context.integers(3) ?? firstIntegers(starts.length);
	const steps = context.integers(4) ?? starts.map(() => 1);
	let gradient = context.gradient;
	const current = [...context.shape(context.output)];
	for (const [at, start] of starts.entries()) {
		const axis = axisFromFront(axes[at] ?? 0, shape.length);
		const side = shape[axis] ?? 1;
		const picked = slicedPlaces(side, start, ends[at] ?? side, steps[at] ?? 1);
		if (picked.length === side && (steps[at] ?? 1) === 1) continue;
		current[axis] = side;
		gradient = putBack(context, gradient, current, axis, picked);
	}
	return [gradient];
};

function slicedPlaces(side: number, start: number, end: number, step: number): number[] {
	const clamp = (at: number, low: number, high: number) =>
		Math.min(high, Math.max(low, at < 0 ? at + side : at));
	const places: number[] = [];
	if (step > 0) {
		const last = clamp(end, 0, side);
		for (let at = clamp(start, 0, side); at < last; at += step) places.push(at);
	} else {
		const last = clamp(end, -1, side - 1);
		for (let at = clamp(start, 0, side - 1); at > last; at += step) places.push(at);
	}
	return places;
}

const pad: DerivativeRule = (context) => {
	const { node, build, gradient } = context;
	if (stringAttribute(node, "mode", "constant") !== "constant") {
		context.refuse("only padding with a constant has a derivative here");
	}
	const pads = context.integers(1) ?? [];
	const axes = context.integers(3) ?? firstIntegers(pads.length / 2);
	const outputShape = context.shape(context.output);
	const rank = outputShape.length;
	const fromFront = axes.map((axis) => axisFromFront(axis, rank));
	if (pads.some((side) => side < 0)) context.refuse("it cuts off");
	const ends = fromFront.map(
		(axis, at) => (outputShape[axis] ?? 0) - (pads[at + axes.length] ?? 0),
	);
	return [
		build.add("Slice", [
			gradient,
			build.ints(pads.slice(0, axes.length)),
			build.ints(ends),
			build.ints(fromFront),
		]),
	];
};

/** [n, c, h, w] -> the channels' blocks laid out as places; "CRD" and "DCR" as ONNX names them. */
const depthToSpace: DerivativeRule = (context) => {
	const { node, build, gradient } = context;
	const [n = 1, c = 1, h = 1, w = 1] = context.shape(context.input(0));
	const block = intAttribute(node, "blocksize", 1);
	const channels = c / block ** 2;
	const apart = build.reshape(gradient, [n, channels, h, block, w, block]);
	const order =
		stringAttribute(node, "mode", "DCR") === "CRD" ? [0, 1, 3, 5, 2, 4] : [0, 3, 5, 1, 2, 4];
	return [build.reshape(build.transpose(apart, order), [n, c, h, w])];
};

const spaceToDepth: DerivativeRule = (context) => {
	const { node, build, gradient } = context;
	const shape = context.shape(context.input(0));
	const [n = 1, c = 1, h = 1, w = 1] = shape;
	const block = intAttribute(node, "blocksize", 1);
	const apart = build.reshape(gradient, [n, block, block, c, h / block, w / block]);
	return [build.reshape(build.transpose(apart, [0, 3, 4, 1, 5, 2]), shape)];
};

export const layoutRules: Readonly<Record<string, DerivativeRule>> = {
	Reshape: backToShape,
	Flatten: backToShape,
	Squeeze: backToShape,
	Unsqueeze: backToShape,
	Transpose: transpose,
	Expand: expand,
	Concat: concat,
	Split: split,
	Gather: gather,
	Slice: sliceRule,
	Pad: pad,
	DepthToSpace: depthToSpace,
	SpaceToDepth: spaceToDepth,
};

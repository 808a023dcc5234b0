/** @file Derivatives of matrix products. */
import { type DerivativeRule, firstIntegers } from "../derivative-rule.ts";
import type { GraphBuilder } from "../graph-builder.ts";
import { floatAttribute, intAttribute } from "../onnx-model.ts";

function swapLastTwo(build: GraphBuilder, value: string, rank: number): string {
	const order = firstIntegers(rank);
	order.push(...order.splice(rank - 2, 1));
	return build.transpose(value, order);
}

const matMul: DerivativeRule = (context) => {
	const { build, gradient } = context;
	const leftRank = context.shape(context.input(0)).length;
	const rightRank = context.shape(context.input(1)).length;
	if (leftRank < 2 || rightRank < 2) context.refuse("it multiplies a vector without a second side");
	const left = () =>
		build.add("MatMul", [gradient, swapLastTwo(build, context.input(1), rightRank)]);
	const right = () =>
		build.add("MatMul", [swapLastTwo(build, context.input(0), leftRank), gradient]);
	return [
		context.wants(0) ? context.unbroadcast(left(), 0) : null,
		context.wants(1) ? context.unbroadcast(right(), 1) : null,
	];
};

const gemm: DerivativeRule = (context) => {
	const { node, build } = context;
	const gradient = build.scale(context.gradient, floatAttribute(node, "alpha", 1));
	const transposedLeft = intAttribute(node, "transA", 0);
	const transposedRight = intAttribute(node, "transB", 0);
	const product = (a: string, transA: number, b: string, transB: number) =>
		build.add("Gemm", [a, b], { transA, transB });
	const left = () =>
		transposedLeft === 0
			? product(gradient, 0, context.input(1), 1 - transposedRight)
			: product(context.input(1), transposedRight, gradient, 1);
	const right = () =>
		transposedRight === 0
			? product(context.input(0), 1 - transposedLeft, gradient, 0)
			: product(gradient, 1, context.input(0), transposedLeft);
	const added = () =>
		context.unbroadcast(build.scale(context.gradient, floatAttribute(node, "beta", 1)), 2);
	return [
		context.wants(0) ? left() : null,
		context.wants(1) ? right() : null,
		node.inputs.length > 2 && context.wants(2) ? added() : null,
	];
};

export const matrixRules: Readonly<Record<string, DerivativeRule>> = { MatMul: matMul, Gemm: gemm };

/** @file What a derivative rule is given and gives: one operator's share of the chain rule. */
import type { GraphBuilder } from "./graph-builder.ts";
import type { OnnxNode } from "./onnx-model.ts";

/**
 * A vector-Jacobian product, written as nodes appended to the graph: from the loss's gradient by the
 * node's outputs to that by its inputs (Griewank and Walther, Evaluating Derivatives, chapter 3).
 */
export interface RuleContext {
	readonly node: OnnxNode;
	readonly build: GraphBuilder;
	/** Name of the loss's gradient by the node's first output. */
	readonly gradient: string;
	/** By each output; null where the loss does not depend on it. */
	readonly gradients: readonly (string | null)[];
	/** Name of the node's input; refuses when it is left out. */
	input(at: number): string;
	/** Name of the node's first output. */
	readonly output: string;
	/** True when the loss's gradient by this input is wanted. */
	wants(at: number): boolean;
	/** Sides of a value. */
	shape(name: string): readonly number[];
	/** The numbers of an int64 input, such as axes; null when it is left out. */
	integers(at: number): readonly number[] | null;
	/** `gradient`, summed over the sides along which the input was repeated, in the input's shape. */
	unbroadcast(gradient: string, at: number): string;
	/** @throws Refusal that names operator and reason. */
	refuse(reason: string): never;
}

/** @returns by input the name of its gradient, in its shape; null or missing where there is none. */
export type DerivativeRule = (context: RuleContext) => (string | null)[];

/** `axis`, or counted from the back when negative. */
export function axisFromFront(axis: number, rank: number): number {
	return axis < 0 ? axis + rank : axis;
}

/** Number of elements. */
export function elements(shape: readonly number[]): number {
	return shape.reduce((product, side) => product * side, 1);
}

/** [0, 1, …, count - 1]. */
export function firstIntegers(count: number): number[] {
	return Array.from({ length: count }, (_, at) => at);
}

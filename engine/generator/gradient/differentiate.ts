/**
 * @file Reverse-mode differentiation of an ONNX graph: appends, as ordinary nodes, what computes the
 * gradient of a number by one of the inputs. Any ONNX Runtime then runs forward and backward in one.
 */
import { Refusal } from "../../../contract/errors.ts";
import { axisFromFront, type DerivativeRule, type RuleContext } from "./derivative-rule.ts";
import { GraphBuilder } from "./graph-builder.ts";
import type { OnnxGraph, OnnxNode } from "./onnx-model.ts";
import type { KnownValues } from "./probe-values.ts";
import { convolutionRules } from "./rules/convolution-rules.ts";
import { elementwiseRules } from "./rules/elementwise-rules.ts";
import { layoutRules } from "./rules/layout-rules.ts";
import { matrixRules } from "./rules/matrix-rules.ts";
import { normalisationRules } from "./rules/normalisation-rules.ts";

const rules: ReadonlyMap<string, DerivativeRule> = new Map(
	Object.entries({
		...convolutionRules,
		...elementwiseRules,
		...layoutRules,
		...matrixRules,
		...normalisationRules,
	}),
);

/** Operators whose result does not change when the input changes a little. */
const withoutGradient = new Set(["Shape", "Size", "ConstantOfShape", "Greater", "Less", "Equal"]);

/** The names of nodes that lead from `input` towards `target`, in the graph's order. */
function nodesBetween(graph: OnnxGraph, input: string, target: string): OnnxNode[] {
	const reached = new Set([input]);
	const forward = graph.nodes.filter((node) => {
		if (withoutGradient.has(node.operator) || !node.inputs.some((name) => reached.has(name))) {
			return false;
		}
		for (const name of node.outputs) reached.add(name);
		return true;
	});
	const wanted = new Set([target]);
	const backward = forward.reverse().filter((node) => {
		if (!node.outputs.some((name) => wanted.has(name))) return false;
		for (const name of node.inputs) if (reached.has(name)) wanted.add(name);
		return true;
	});
	return backward.reverse();
}

/**
 * The operators on the way that have no rule: such a model has to be optimised without gradients.
 * @returns their names, sorted; empty when it can be differentiated as far as names tell.
 */
export function operatorsWithoutRule(graph: OnnxGraph, input: string, target: string): string[] {
	const missing = nodesBetween(graph, input, target)
		.filter((node) => node.domain !== "" || !rules.has(node.operator))
		.map(({ domain, operator }) => (domain === "" ? operator : `${domain}.${operator}`));
	return [...new Set(missing)].sort();
}

/**
 * @param target name of a float32 value with one element.
 * @param values sides of every value and the numbers of int64 ones, for the shapes that will be run.
 * @returns the name of the gradient, in the input's shape.
 * @throws Refusal MODEL_UNAVAILABLE when an operator on the way has no derivative.
 */
export function differentiate(
	graph: OnnxGraph,
	input: string,
	target: string,
	values: KnownValues,
): string {
	const path = nodesBetween(graph, input, target);
	const onPath = new Set([input, ...path.flatMap((node) => node.outputs)]);
	const build = new GraphBuilder(graph, "gradient/");
	const gradients = new Map<string, string>([
		[target, build.reshape(build.scalar(1), values.shape(target))],
	]);
	for (const node of path.reverse()) {
		const byOutput = node.outputs.map((name) => gradients.get(name) ?? null);
		if (byOutput.every((gradient) => gradient === null)) continue;
		const rule = node.domain === "" ? rules.get(node.operator) : undefined;
		if (rule === undefined) throw noDerivative(node, "it is not known here");
		const byInput = rule(contextOf(node, byOutput, build, onPath, values));
		for (const [at, gradient] of byInput.entries()) {
			const name = node.inputs[at];
			if (gradient === null || name === undefined || !onPath.has(name)) continue;
			const others = gradients.get(name);
			gradients.set(name, others === undefined ? gradient : build.add("Add", [others, gradient]));
		}
	}
	const result = gradients.get(input);
	if (result === undefined) {
		throw new Refusal("MODEL_UNAVAILABLE", `The model's answer does not depend on ${input}.`);
	}
	return result;
}

function contextOf(
	node: OnnxNode,
	gradients: (string | null)[],
	build: GraphBuilder,
	onPath: ReadonlySet<string>,
	values: KnownValues,
): RuleContext {
	const [gradient] = gradients;
	const [output = ""] = node.outputs;
	const refuse = (reason: string): never => {
		throw noDerivative(node, reason);
	};
	const input = (at: number): string => node.inputs[at] || refuse(`it has no input ${at + 1}`);
	return {
		node,
		build,
		gradients,
		output,
		gradient: gradient ?? (node.operator === "Split" ? "" : refuse("only a side result is used")),
		input,
		wants: (at) => onPath.has(node.inputs[at] ?? ""),
		shape: values.shape,
		integers: (at) => {
			const name = node.inputs[at];
			return name ? values.integers(name) : null;
		},
		unbroadcast: (value, at) =>
			unbroadcast(build, value, values.shape(output), values.shape(input(at))),
		refuse,
	};
}

/** Sums over sides that `shape` lacks, or has once where `from` has more. */
function unbroadcast(
	build: GraphBuilder,
	gradient: string,
	from: readonly number[],
	shape: readonly number[],
): string {
	const extra = from.length - shape.length;
	const repeated = from.flatMap((side, axis) => {
		const own = axis < extra ? undefined : shape[axis - extra];
		return own === undefined || (own === 1 && side !== 1) ? [axisFromFront(axis, from.length)] : [];
	});
	if (repeated.length === 0) return gradient;
	return build.reshape(build.sum(gradient, repeated, true), shape);
}

function noDerivative(node: OnnxNode, reason: string): Refusal {
	const name = node.domain === "" ? node.operator : `${node.domain}.${node.operator}`;
	return new Refusal(
		"MODEL_UNAVAILABLE",
		`This model cannot guide a picture by gradients: its operator ${name} cannot be differentiated (${reason}).`,
	);
}

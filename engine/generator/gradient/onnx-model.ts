/**
 * @file An ONNX model as plain data, only as much of it as differentiation needs.
 * Field meanings: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */

/** TensorProto.DataType, the ones met here. */
export const elementType = { float32: 1, int32: 6, int64: 7, bool: 9, float16: 10 } as const;

export interface OnnxModel {
	irVersion: number;
	/** Version of the operator set by domain; "" is ONNX's own. */
	operatorSets: Map<string, number>;
	graph: OnnxGraph;
}

export interface OnnxGraph {
	nodes: OnnxNode[];
	/** Weights and other constants, by name. */
	initializers: Map<string, OnnxTensor>;
	inputs: OnnxValue[];
	outputs: OnnxValue[];
}

export interface OnnxNode {
	operator: string;
	/** "" is ONNX's own. */
	domain: string;
	/** Names of values; "" is an optional input that is left out. */
	inputs: string[];
	outputs: string[];
	attributes: Map<string, OnnxAttribute>;
}

export type OnnxAttribute =
	| { kind: "float"; value: number }
	| { kind: "int"; value: number }
	| { kind: "string"; value: string }
	| { kind: "floats"; value: number[] }
	| { kind: "ints"; value: number[] }
	/** A tensor, or anything that is only passed on: AttributeProto bytes as they were. */
	| { kind: "opaque"; bytes: Uint8Array };

/** TensorProto bytes as they were read, or as `onnx-constants.ts` wrote them. */
export interface OnnxTensor {
	bytes: Uint8Array;
}

/** An input or output of the graph. */
export interface OnnxValue {
	name: string;
	/** One of `elementType`; 0 when not a tensor. */
	elementType: number;
	/** A side is a number, a name, or "" where nothing is said; null when even the rank is open. */
	shape: (number | string)[] | null;
}

export function intAttribute(node: OnnxNode, name: string, otherwise: number): number {
	const attribute = node.attributes.get(name);
	return attribute?.kind === "int" ? attribute.value : otherwise;
}

export function floatAttribute(node: OnnxNode, name: string, otherwise: number): number {
	const attribute = node.attributes.get(name);
	return attribute?.kind === "float" ? attribute.value : otherwise;
}

export function stringAttribute(node: OnnxNode, name: string, otherwise: string): string {
	const attribute = node.attributes.get(name);
	return attribute?.kind === "string" ? attribute.value : otherwise;
}

export function intsAttribute(node: OnnxNode, name: string): number[] | null {
	const attribute = node.attributes.get(name);
	return attribute?.kind === "ints" ? attribute.value : null;
}

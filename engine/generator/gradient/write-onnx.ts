/** @file Writes a model as ModelProto bytes, and constants as TensorProto bytes. */
import { PbfWriter } from "pbf";
import { assertNever } from "../../../contract/errors.ts";
import {
	elementType,
	type OnnxAttribute,
	type OnnxModel,
	type OnnxNode,
	type OnnxTensor,
	type OnnxValue,
} from "./onnx-model.ts";

export function writeOnnx(model: OnnxModel): Uint8Array {
	const writer = new PbfWriter();
	writer.writeVarintField(1, model.irVersion);
	for (const [domain, version] of model.operatorSets) {
		writer.writeMessage(
			8,
			(_, inner) => {
				inner.writeStringField(1, domain);
				inner.writeVarintField(2, version);
			},
			null,
		);
	}
	writer.writeMessage(
		7,
		(graph, inner) => {
			for (const node of graph.nodes) inner.writeMessage(1, writeNode, node);
			inner.writeStringField(2, "graph");
			for (const { bytes } of graph.initializers.values()) inner.writeBytesField(5, bytes);
			for (const value of graph.inputs) inner.writeMessage(11, writeValue, value);
			for (const value of graph.outputs) inner.writeMessage(12, writeValue, value);
		},
		model.graph,
	);
	return writer.finish();
}

function writeNode(node: OnnxNode, writer: PbfWriter): void {
	for (const name of node.inputs) writer.writeStringField(1, name);
	for (const name of node.outputs) writer.writeStringField(2, name);
	writer.writeStringField(4, node.operator);
	for (const [name, attribute] of node.attributes) {
		if (attribute.kind === "opaque") writer.writeBytesField(5, attribute.bytes);
		else writer.writeMessage(5, writeAttribute, { name, attribute });
	}
	if (node.domain !== "") writer.writeStringField(7, node.domain);
}

function writeAttribute(
	{ name, attribute }: { name: string; attribute: Exclude<OnnxAttribute, { kind: "opaque" }> },
	writer: PbfWriter,
): void {
	writer.writeStringField(1, name);
	switch (attribute.kind) {
		case "float":
			writer.writeFloatField(2, attribute.value);
			writer.writeVarintField(20, 1);
			break;
		case "int":
			writer.writeVarintField(3, attribute.value);
			writer.writeVarintField(20, 2);
			break;
		case "string":
			writer.writeBytesField(4, Buffer.from(attribute.value, "utf8"));
			writer.writeVarintField(20, 3);
			break;
		case "floats":
			for (const value of attribute.value) writer.writeFloatField(7, value);
			writer.writeVarintField(20, 6);
			break;
		case "ints":
			for (const value of attribute.value) writer.writeVarintField(8, value);
			writer.writeVarintField(20, 7);
			break;
		default:
			assertNever(attribute);
	}
}

function writeValue(value: OnnxValue, writer: PbfWriter): void {
	writer.writeStringField(1, value.name);
	writer.writeMessage(2, writeType, value);
}

function writeType(value: OnnxValue, writer: PbfWriter): void {
	writer.writeMessage(
		1,
		(_, tensor) => {
			tensor.writeVarintField(1, value.elementType);
			const { shape } = value;
			if (shape !== null) tensor.writeMessage(2, writeShape, shape);
		},
		null,
	);
}

function writeShape(shape: readonly (number | string)[], writer: PbfWriter): void {
	for (const side of shape) {
		writer.writeMessage(
			1,
			(_, inner) => {
				if (typeof side === "number") inner.writeVarintField(1, side);
				else if (side !== "") inner.writeStringField(2, side);
			},
			null,
		);
	}
}

/** @param values row-major, as many as the shape says. */
export function floatTensor(
	name: string,
	shape: readonly number[],
	values: Float32Array,
): OnnxTensor {
	return tensor(name, shape, elementType.float32, values);
}

export function int64Tensor(
	name: string,
	shape: readonly number[],
	values: readonly number[],
): OnnxTensor {
	return tensor(name, shape, elementType.int64, BigInt64Array.from(values.map(BigInt)));
}

function tensor(
	name: string,
	shape: readonly number[],
	type: number,
	values: Float32Array | BigInt64Array,
): OnnxTensor {
	const writer = new PbfWriter();
	for (const side of shape) writer.writeVarintField(1, side);
	writer.writeVarintField(2, type);
	writer.writeStringField(8, name);
	writer.writeBytesField(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
	return { bytes: writer.finish() };
}

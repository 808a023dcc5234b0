/** @file Reads ModelProto bytes. */
import { PbfReader } from "pbf";
import { Refusal } from "../../../contract/errors.ts";
import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxValue } from "./onnx-model.ts";

/**
 * Weights stay views of `bytes`.
 * @param path for the message only.
 * @throws Refusal MODEL_UNAVAILABLE when this is no ONNX model, or one that keeps weights elsewhere.
 */
export function readOnnx(bytes: Uint8Array, path: string): OnnxModel {
	const model: OnnxModel = {
		irVersion: 0,
		operatorSets: new Map(),
		graph: { nodes: [], initializers: new Map(), inputs: [], outputs: [] },
	};
	try {
		new PbfReader(bytes).readFields(readModelField, model);
	} catch (error) {
		if (error instanceof Refusal) throw error;
		throw new Refusal("MODEL_UNAVAILABLE", `${path} is damaged: it is no ONNX model.`, { path });
	}
	if (model.graph.nodes.length === 0 || model.graph.outputs.length === 0) {
		throw new Refusal("MODEL_UNAVAILABLE", `${path} is damaged: its graph is empty.`, { path });
	}
	return model;
}

function readModelField(tag: number, model: OnnxModel, reader: PbfReader): void {
	if (tag === 1) model.irVersion = reader.readVarint();
	else if (tag === 7) reader.readMessage(readGraphField, model.graph);
	else if (tag === 8) {
		const set = reader.readMessage(readOperatorSetField, { domain: "", version: 0 });
		model.operatorSets.set(set.domain === "ai.onnx" ? "" : set.domain, set.version);
	}
}

function readOperatorSetField(
	tag: number,
	set: { domain: string; version: number },
	reader: PbfReader,
): void {
	if (tag === 1) set.domain = reader.readString();
	else if (tag === 2) set.version = reader.readVarint();
}

function readGraphField(tag: number, graph: OnnxGraph, reader: PbfReader): void {
	if (tag === 1) {
		const empty: OnnxNode = {
			operator: "",
			domain: "",
			inputs: [],
			outputs: [],
			attributes: new Map(),
		};
		graph.nodes.push(reader.readMessage(readNodeField, empty));
	} else if (tag === 5) {
		const tensor = reader.readBytes();
		const { name, external } = readTensorHeader(tensor);
		if (external) {
			throw new Refusal(
				"MODEL_UNAVAILABLE",
				`This model keeps the weights ${name} in a file beside it, which guided drawing cannot read.`,
			);
		}
		graph.initializers.set(name, { bytes: tensor });
	} else if (tag === 11) graph.inputs.push(readValueInfo(reader.readBytes()));
	else if (tag === 12) graph.outputs.push(readValueInfo(reader.readBytes()));
}

function readTensorHeader(bytes: Uint8Array): { name: string; external: boolean } {
	return new PbfReader(bytes).readFields(
		(tag, header, reader) => {
			if (tag === 8) header.name = reader.readString();
			else if (tag === 14) header.external = reader.readVarint() === 1;
		},
		{ name: "", external: false as boolean },
	);
}

function readNodeField(tag: number, node: OnnxNode, reader: PbfReader): void {
	if (tag === 1) node.inputs.push(reader.readString());
	else if (tag === 2) node.outputs.push(reader.readString());
	else if (tag === 4) node.operator = reader.readString();
	else if (tag === 5) {
		const bytes = reader.readBytes();
		const { name, attribute } = readAttribute(bytes);
		node.attributes.set(name, attribute);
	} else if (tag === 7) {
		const domain = reader.readString();
		node.domain = domain === "ai.onnx" ? "" : domain;
	}
}

/** AttributeProto.AttributeType of what is understood. */
const attributeType = { float: 1, int: 2, string: 3, floats: 6, ints: 7 } as const;

function readAttribute(bytes: Uint8Array): { name: string; attribute: OnnxAttribute } {
	const parts = new PbfReader(bytes).readFields(
		(tag, read, reader) => {
			if (tag === 1) read.name = reader.readString();
			else if (tag === 2) read.float = reader.readFloat();
			else if (tag === 3) read.int = reader.readVarint(true);
			else if (tag === 4) read.string = reader.readString();
			else if (tag === 7) reader.readPackedFloat(read.floats);
			else if (tag === 8) reader.readPackedVarint(read.ints, true);
			else if (tag === 20) read.type = reader.readVarint();
		},
		{
			name: "",
			type: 0,
			float: 0,
			int: 0,
			string: "",
			floats: [] as number[],
			ints: [] as number[],
		},
	);
	return { name: parts.name, attribute: attributeOf(parts, bytes) };
}

function attributeOf(
	parts: {
		type: number;
		float: number;
		int: number;
		string: string;
		floats: number[];
		ints: number[];
	},
	bytes: Uint8Array,
): OnnxAttribute {
	switch (parts.type) {
		case attributeType.float:
			return { kind: "float", value: parts.float };
		case attributeType.int:
			return { kind: "int", value: parts.int };
		case attributeType.string:
			return { kind: "string", value: parts.string };
		case attributeType.floats:
			return { kind: "floats", value: parts.floats };
		case attributeType.ints:
			return { kind: "ints", value: parts.ints };
		default:
			return { kind: "opaque", bytes };
	}
}

/** ValueInfoProto bytes: an input or output. */
export function readValueInfo(bytes: Uint8Array): OnnxValue {
	const empty: OnnxValue = { name: "", elementType: 0, shape: null };
	return new PbfReader(bytes).readFields((tag, value, inner) => {
		if (tag === 1) value.name = inner.readString();
		else if (tag === 2) inner.readMessage(readTypeField, value);
	}, empty);
}

function readTypeField(tag: number, value: OnnxValue, reader: PbfReader): void {
	if (tag !== 1) return;
	reader.readMessage((tensorTag, target, inner) => {
		if (tensorTag === 1) target.elementType = inner.readVarint();
		else if (tensorTag === 2) target.shape = inner.readMessage(readShapeField, []);
	}, value);
}

function readShapeField(tag: number, shape: (number | string)[], reader: PbfReader): void {
	if (tag !== 1) return;
	const side = reader.readMessage(
		(sideTag, read: { side: number | string }, inner) => {
			if (sideTag === 1) read.side = inner.readVarint(true);
			else if (sideTag === 2) read.side = inner.readString();
		},
		{ side: "" },
	);
	shape.push(side.side);
}

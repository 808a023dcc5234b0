/** @file A one-operator ONNX graph, written out by hand: scores = vectors x query. */

/** A protocol buffer field: a number as varint, anything else with its length before it. */
function field(number: number, ...values: (number | string | Uint8Array)[]): Uint8Array {
	const pieces = values.map((value) => {
		if (typeof value === "number") return [...varint(number << 3), ...varint(value)];
		const bytes = typeof value === "string" ? Buffer.from(value, "utf8") : value;
		return [...varint((number << 3) | 2), ...varint(bytes.length), ...bytes];
	});
	return Uint8Array.from(pieces.flat());
}

function varint(value: number): number[] {
	return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}

function message(...fields: Uint8Array[]): Uint8Array {
	return Buffer.concat(fields);
}

/** ValueInfoProto of a float32 matrix whose sides have names and no fixed length. */
function matrix(name: string, height: string, width: string): Uint8Array {
	const shape = field(1, field(2, height), field(2, width));
	const type = field(1, message(field(1, 1), field(2, shape)));
	return message(field(1, name), field(2, type));
}

/**
 * ModelProto bytes (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto) with the inputs `vectors`
 * float32 [rows, dimensions] and `query` float32 [dimensions, one], and the output `scores` float32
 * [rows, one].
 */
export function matmulGraph(): Uint8Array {
	const node = message(field(1, "vectors", "query"), field(2, "scores"), field(4, "MatMul"));
	const graph = message(
		field(1, node),
		field(2, "similarities"),
		field(11, matrix("vectors", "rows", "dimensions"), matrix("query", "dimensions", "one")),
		field(12, matrix("scores", "rows", "one")),
	);
	const irVersion = field(1, 8);
	const operatorSet = field(8, field(2, 17));
	return message(irVersion, field(7, graph), operatorSet);
}

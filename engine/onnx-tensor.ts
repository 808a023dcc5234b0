/** @file Numbers into tensors of the type a graph asks for, and back. See [Note: Half precision]. */
import ort, { type InferenceSession, type Tensor } from "./onnx-runtime.ts";

/** A tensor of the type the graph's input takes; float32 where it does not say float16. */
export function floatTensor(
	session: InferenceSession,
	input: string,
	values: Float32Array,
	shape: readonly number[],
): Tensor {
	return elementTypeOf(session, input) === "float16"
		? halfTensor(values, shape)
		: new ort.Tensor("float32", values, shape);
}

/** A float16 tensor; what float16 cannot hold becomes infinite, as IEEE 754 rounds it. */
export function halfTensor(values: ArrayLike<number>, shape: readonly number[]): Tensor {
	const halves = Float16Array.from(values);
	return new ort.Tensor("float16", new Uint16Array(halves.buffer), shape);
}

/** A tensor of the integer type the graph's input takes. */
export function integerTensor(
	session: InferenceSession,
	input: string,
	values: readonly number[],
	shape: readonly number[] = [1, values.length],
): Tensor {
	return elementTypeOf(session, input) === "int32"
		? new ort.Tensor("int32", Int32Array.from(values), shape)
		: new ort.Tensor("int64", BigInt64Array.from(values, BigInt), shape);
}

/** The numbers of a float32 or float16 tensor; null for other types. May be a view of its data. */
export function floatsOf({ type, data }: Tensor): Float32Array | null {
	if (data instanceof Float32Array) return data;
	if (type !== "float16" || !(data instanceof Uint16Array)) return null;
	return Float32Array.from(new Float16Array(data.buffer, data.byteOffset, data.length));
}

/** Such as `float16`; null where the graph has no such input or it takes no tensor. */
export function elementTypeOf(session: InferenceSession, input: string): string | null {
	const found = session.inputMetadata.find(({ name }) => name === input);
	return found?.isTensor === true ? found.type : null;
}

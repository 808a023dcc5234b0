/** @file ONNX Runtime, silenced before it is loaded: the one way to it. See [Note: No telemetry]. */
import "./without-telemetry.ts";
import ort from "onnxruntime-node";

/**
 * [Note: Half precision] The data of a float16 tensor is a Uint16Array of its bits, going in and coming
 * out. The JavaScript half of ONNX Runtime (onnxruntime-common 1.30) would use Float16Array, which Node 24
 * has, but the native half reads such an array as empty ("not enough space: expected 96, got 0"). It
 * looks for Float16Array once, at the first tensor of the process, and keeps to bits where there is none.
 * So the first tensor is made here, while there is none; nothing else runs meanwhile. `onnx-tensor.ts`
 * turns numbers into such tensors and back.
 */
function keepHalvesAsBits(): void {
	const descriptor = Object.getOwnPropertyDescriptor(globalThis, "Float16Array");
	if (descriptor === undefined) return;
	Reflect.deleteProperty(globalThis, "Float16Array");
	try {
		new ort.Tensor("bool", Uint8Array.of(0), [1]);
	} finally {
		Object.defineProperty(globalThis, "Float16Array", descriptor);
	}
}
keepHalvesAsBits();

export type { InferenceSession, Tensor } from "onnxruntime-node";
export { default } from "onnxruntime-node";

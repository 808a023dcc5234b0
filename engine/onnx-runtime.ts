/** @file ONNX Runtime, silenced before it is loaded: the one way to it. See [Note: No telemetry]. */
import "./without-telemetry.ts";

export type { InferenceSession, Tensor } from "onnxruntime-node";
export { default } from "onnxruntime-node";

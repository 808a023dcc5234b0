/** @file The picture half of a dual encoder, on one execution provider. Blocks its thread. */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { ExecutionProvider } from "../../contract/model.ts";
import ort, { type InferenceSession } from "../onnx-runtime.ts";
import type { ModelPackage } from "./model-package.ts";
import { openSession, runForUnitVectors } from "./onnx-session.ts";
import { createPictureTensor } from "./picture-tensor.ts";

/** Pictures run at once: more is slower on a CPU (its caches overflow) and gains little elsewhere. */
export const pictureBatchSize = 8;

export interface PictureTower {
	readonly provider: ExecutionProvider;
	/**
	 * @param pixels uint8 RGB [count, height, width, 3], at most `pictureBatchSize` pictures.
	 * @returns Float32 [count, dimensions], unit rows.
	 */
	embed(pixels: Uint8Array, count: number): Promise<Float32Array<ArrayBuffer>>;
	close(): Promise<void>;
}

/** @throws Refusal MODEL_UNAVAILABLE or ONNX Runtime's Error when it cannot be opened. */
export async function openPictureTower(
	modelPackage: ModelPackage,
	provider: ExecutionProvider,
	threads: number = availableParallelism(),
): Promise<PictureTower> {
	const { image, dimensions } = modelPackage.manifest;
	const session: InferenceSession = await openSession(join(modelPackage.path, image.file), {
		provider,
		intraOpNumThreads: threads,
		inputs: [image.input],
		output: image.output,
	});
	const tensor = createPictureTensor(image, pictureBatchSize);
	return {
		provider,
		async embed(pixels, count) {
			const shape = [count, 3, tensor.height, tensor.width];
			const input = new ort.Tensor("float32", tensor.fill(pixels, count), shape);
			return runForUnitVectors(session, { [image.input]: input }, image.output, count, dimensions);
		},
		close: () => session.release(),
	};
}

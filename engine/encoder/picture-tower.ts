/** @file The picture half of a dual encoder, on one execution provider. Blocks its thread. */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Refusal } from "../../contract/errors.ts";
import type { ExecutionProvider } from "../../contract/model.ts";
import type { InferenceSession, Tensor } from "../onnx-runtime.ts";
import { floatTensor, integerTensor } from "../onnx-tensor.ts";
import { largestBatchSize } from "./batch-size-probe.ts";
import type { ModelPackage } from "./model-package.ts";
import { openSession, runForUnitVectors } from "./onnx-session.ts";
import { createPictureTensor } from "./picture-tensor.ts";

/** Pictures run at once on a CPU: of more, its caches overflow. Other providers' sizes are measured. */
export const pictureBatchSize = 8;

export interface PictureTower {
	readonly provider: ExecutionProvider;
	/**
	 * @param pixels uint8 RGB [count, height, width, 3], run in batches the provider bears.
	 * @returns Float32 [count, dimensions], unit rows.
	 */
	embed(pixels: Uint8Array, count: number): Promise<Float32Array<ArrayBuffer>>;
	close(): Promise<void>;
}

/** How many pictures the graph takes at a time where it takes just so many; else null. */
function fixedBatch(session: InferenceSession, input: string): number | null {
	const found = session.inputMetadata.find(({ name }) => name === input);
	const count = found?.isTensor === true ? found.shape[0] : null;
	return typeof count === "number" && count > 0 ? count : null;
}

/** @throws Refusal MODEL_UNAVAILABLE or ONNX Runtime's Error when it cannot be opened. */
export async function openPictureTower(
	modelPackage: ModelPackage,
	provider: ExecutionProvider,
	threads: number = availableParallelism(),
): Promise<PictureTower> {
	const { image, text, dimensions } = modelPackage.manifest;
	const session: InferenceSession = await openSession(join(modelPackage.path, image.file), {
		provider,
		intraOpNumThreads: threads,
		inputs: [image.input],
		output: image.output,
	});
	const most = provider === "cpu" ? pictureBatchSize : largestBatchSize;
	const tensor = createPictureTensor(image, most);
	const pool = image.pool && { from: 0, to: image.pool === "first" ? 1 : null };
	// A graph of both halves asks for a text too; what it says does not touch the picture's vector.
	const company: Record<string, Tensor> = {};
	const { ids, mask, positions, types } = text.inputs;
	for (const name of [ids, mask, positions, types]) {
		if (image.file !== text.file || name === undefined) continue;
		const value = name === types ? 0 : 1;
		const values = Array.from({ length: text.maxTokens }, (_, at) =>
			name === positions ? at : value,
		);
		company[name] = integerTensor(session, name, values);
	}
	const pictureBytes = tensor.height * tensor.width * 3;
	async function embedTogether(
		pixels: Uint8Array,
		count: number,
	): Promise<Float32Array<ArrayBuffer>> {
		const shape = [count, 3, tensor.height, tensor.width];
		const input = floatTensor(session, image.input, tensor.fill(pixels, count), shape);
		const feeds = { ...company, [image.input]: input };
		return runForUnitVectors(session, feeds, image.output, count, dimensions, pool);
	}
	// Some exports fix the number of pictures, nearly always at one.
	const fixed = fixedBatch(session, image.input);
	const together = fixed ?? most;
	if (fixed !== null && fixed !== 1 && fixed !== pictureBatchSize) {
		throw new Refusal(
			"MODEL_UNAVAILABLE",
			`${image.file} takes exactly ${together} pictures at a time; export it for one, or for any number.`,
			{ path: join(modelPackage.path, image.file), field: image.input },
		);
	}
	return {
		provider,
		async embed(pixels, count) {
			if (count <= together) return embedTogether(pixels, count);
			const vectors = new Float32Array(count * dimensions);
			for (let at = 0; at < count; at += together) {
				const end = Math.min(count, at + together);
				const some = pixels.subarray(at * pictureBytes, end * pictureBytes);
				vectors.set(await embedTogether(some, end - at), at * dimensions);
			}
			return vectors;
		},
		close: () => session.release(),
	};
}

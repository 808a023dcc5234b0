/**
 * @file The layout model: from an embedding to the average picture that goes with it, 16 x 16 colours,
 * where skies are above and grass is below. It is a blur by its nature and only where a drawing begins.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "../../../contract/errors.ts";
import ort from "../../onnx-runtime.ts";
import type { Planes } from "../picture/planes.ts";

const side = 16;
/** The average of many pictures is paler than any of them. */
const contrast = 1.5;

/**
 * @param folder with `layout.onnx` and `encoder.txt`, the id of the encoder it was trained for.
 * @returns null when there is no layout for this encoder: drawing then begins with grey.
 * @throws Refusal MODEL_UNAVAILABLE when the file is damaged.
 */
export async function averageLayout(
	folder: string | null,
	encoderId: string,
	embedding: Float32Array,
): Promise<Planes | null> {
	if (folder === null || !existsSync(join(folder, "layout.onnx"))) return null;
	if (readFileSync(join(folder, "encoder.txt"), "utf8").trim() !== encoderId) return null;
	const path = join(folder, "layout.onnx");
	try {
		const session = await ort.InferenceSession.create(path, {
			executionProviders: ["cpu"],
			intraOpNumThreads: 1,
			logSeverityLevel: 4,
		});
		const input = new ort.Tensor("float32", embedding, [1, embedding.length]);
		const data = (await session.run({ embedding: input })).layout?.data;
		await session.release();
		if (!(data instanceof Float32Array)) throw new Error("no layout");
		const values = data.map((value) => 0.5 + (value - 0.5) * contrast);
		return { width: side, height: side, values };
	} catch {
		throw new Refusal("MODEL_UNAVAILABLE", `${path} is damaged. Install Afterimage again.`, {
			path,
		});
	}
}

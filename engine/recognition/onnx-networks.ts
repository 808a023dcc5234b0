/** @file The two networks of a reader package in ONNX Runtime. Blocks its thread: for a child process. */
import { join } from "node:path";
import { Refusal } from "../../contract/errors.ts";
import { openSession } from "../encoder/onnx-session.ts";
import ort, { type InferenceSession } from "../onnx-runtime.ts";
import type { Planes } from "./network-input.ts";
import { type ReaderPackage, readClasses } from "./reader-package.ts";
import type { ReaderNetworks } from "./text-reader.ts";

/** One core: it works beside whatever else the person does, and nobody waits for it. */
const threads = 1;

/**
 * @throws Refusal MODEL_UNAVAILABLE when a graph is not what the manifest says.
 * @throws Error from ONNX Runtime when it cannot be loaded.
 */
export async function openReaderNetworks(reader: ReaderPackage): Promise<ReaderNetworks> {
	const { detection, recognition } = reader.manifest;
	const open = ({ file, input, output }: { file: string; input: string; output: string }) =>
		openSession(join(reader.path, file), {
			provider: "cpu",
			intraOpNumThreads: threads,
			inputs: [input],
			output,
		});
	const where = await open(detection);
	const what = await open(recognition);
	const classes = readClasses(reader);
	return {
		classes,
		lineHeight: recognition.height,
		async detect(picture) {
			const { data, dims } = await run(where, detection, picture);
			const [height = 0, width = 0] = dims.slice(2);
			if (height * width !== data.length) throw unexpected(detection.file, dims);
			return { values: data, width, height };
		},
		async recognise(line) {
			const { data, dims } = await run(what, recognition, line);
			if (dims.at(-1) !== classes.length) throw unexpected(recognition.file, dims);
			return data;
		},
	};
}

async function run(
	session: InferenceSession,
	names: { file: string; input: string; output: string },
	{ values, width, height }: Planes,
): Promise<{ data: Float32Array; dims: readonly number[] }> {
	const feeds = { [names.input]: new ort.Tensor("float32", values, [1, 3, height, width]) };
	const answer = (await session.run(feeds, [names.output]))[names.output];
	if (!(answer?.data instanceof Float32Array)) throw unexpected(names.file, answer?.dims ?? []);
	return { data: answer.data, dims: answer.dims };
}

function unexpected(file: string, dims: readonly number[]): Refusal {
	return new Refusal(
		"MODEL_UNAVAILABLE",
		`The text reader's ${file} answers in a shape it should not: [${dims.join(", ")}].`,
	);
}

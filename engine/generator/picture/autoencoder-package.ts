/** @file Reads an autoencoder package: pixels to latents and back, at any size of whole latent places. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { Refusal } from "../../../contract/errors.ts";
import ort, { type InferenceSession } from "../../onnx-runtime.ts";
import type { OnnxModel, OnnxValue } from "../gradient/onnx-model.ts";
import { readOnnx } from "../gradient/read-onnx.ts";
import { writeOnnx } from "../gradient/write-onnx.ts";
import { checkNames } from "../packages/graph-names.ts";
import type { Planes } from "./planes.ts";

const halfSchema = z.object({ file: z.string(), input: z.string(), output: z.string() });
const manifestSchema = z.object({
	format: z.literal(1),
	kind: z.literal("autoencoder"),
	id: z.string(),
	version: z.string(),
	pixels: z.object({ size: z.tuple([z.number().int(), z.number().int()]) }),
	latents: z.object({
		channels: z.number().int(),
		size: z.tuple([z.number().int(), z.number().int()]),
		levels: z.array(z.number().int()),
	}),
	encoder: halfSchema,
	decoder: halfSchema,
	sha256: z.record(z.string(), z.string()),
});

export interface SketchAutoencoder {
	readonly id: string;
	readonly version: string;
	/** Pixels of a latent place's side. */
	readonly pixelsPerPlace: number;
	readonly decoderModel: OnnxModel;
	readonly latentName: string;
	latentShape(width: number, height: number): number[];
	/** @returns [channels, height / pixelsPerPlace, width / pixelsPerPlace], not rounded to codes. */
	encode(planes: Planes): Promise<Float32Array>;
	decode(latents: Float32Array, width: number, height: number): Promise<Planes>;
	/** The latents of the nearest codes; a copy. */
	rounded(latents: Float32Array): Float32Array;
	/** Brings latents back between the first and the last code, in place. */
	clamp(latents: Float32Array): void;
	close(): Promise<void>;
}

/** @throws Refusal MODEL_UNAVAILABLE naming the file that is missing or damaged. */
export async function openAutoencoder(folder: string, threads: number): Promise<SketchAutoencoder> {
	const manifestPath = join(folder, "model.json");
	const manifest = manifestSchema.safeParse(parseJson(read(manifestPath), manifestPath));
	if (!manifest.success) {
		const field = manifest.error.issues[0]?.path.join(".") ?? "";
		throw new Refusal("MODEL_UNAVAILABLE", `${manifestPath} cannot be used: ${field}.`, {
			path: manifestPath,
			field,
		});
	}
	const { encoder, decoder, latents, pixels, id, version, sha256 } = manifest.data;
	const files = [encoder, decoder].map(({ file }) => {
		const path = join(folder, file);
		const bytes = read(path);
		if (createHash("sha256").update(bytes).digest("hex") !== sha256[file]) {
			throw damaged(path);
		}
		return { bytes, path };
	});
	const [encoderFile, decoderFile] = files;
	if (encoderFile === undefined || decoderFile === undefined) throw damaged(manifestPath);
	const encoderModel = readOnnx(encoderFile.bytes, encoderFile.path);
	const decoderModel = readOnnx(decoderFile.bytes, decoderFile.path);
	checkHalf(encoderFile.path, encoderModel, encoder);
	checkHalf(decoderFile.path, decoderModel, decoder);
	const sessions = {
		encoder: await open(encoderModel, threads),
		decoder: await open(decoderModel, threads),
	};
	const pixelsPerPlace = pixels.size[0] / latents.size[0];
	const levels = latents.levels;
	const shape = (width: number, height: number): number[] => [
		1,
		latents.channels,
		height / pixelsPerPlace,
		width / pixelsPerPlace,
	];
	return {
		id,
		version,
		pixelsPerPlace,
		decoderModel,
		latentName: decoder.input,
		latentShape: shape,
		encode: ({ values, width, height }) =>
			run(sessions.encoder, encoder, values, [1, 3, height, width]),
		async decode(values, width, height) {
			const drawn = await run(sessions.decoder, decoder, values, shape(width, height));
			return { width, height, values: drawn };
		},
		rounded(values) {
			const places = values.length / levels.length;
			return values.map((value, at) => {
				const half = Math.floor((levels[Math.floor(at / places)] ?? 2) / 2);
				return Math.round(value * half) / half;
			});
		},
		clamp(values) {
			const places = values.length / levels.length;
			for (let at = 0; at < values.length; at++) {
				const level = levels[Math.floor(at / places)] ?? 2;
				const half = Math.floor(level / 2);
				const highest = (level - 1 - half) / half;
				values[at] = Math.min(highest, Math.max(-1, values[at] ?? 0));
			}
		},
		async close() {
			await Promise.all([sessions.encoder.release(), sessions.decoder.release()]);
		},
	};
}

function checkHalf(
	path: string,
	{ graph }: OnnxModel,
	{ input, output }: z.infer<typeof halfSchema>,
): void {
	const names = (values: readonly OnnxValue[]) => values.map(({ name }) => name);
	checkNames(
		path,
		{ inputs: names(graph.inputs), outputs: names(graph.outputs) },
		{ inputs: [input], outputs: [output] },
	);
}

async function run(
	session: InferenceSession,
	names: { input: string; output: string },
	values: Float32Array,
	shape: readonly number[],
): Promise<Float32Array> {
	const input = new ort.Tensor("float32", values, shape);
	const data = (await session.run({ [names.input]: input }, [names.output]))[names.output]?.data;
	if (!(data instanceof Float32Array)) {
		throw new Refusal("MODEL_UNAVAILABLE", `The autoencoder's ${names.output} is not float32.`);
	}
	return data;
}

/**
 * What the graph says of its height and width is how it was trained; it is made of convolutions, and
 * nothing in it depends on them.
 */
function open(model: OnnxModel, threads: number): Promise<InferenceSession> {
	const unbounded = (value: OnnxValue): OnnxValue => ({
		...value,
		shape: value.shape?.map((extent, at) => (at < 2 ? extent : "")) ?? null,
	});
	const graph = {
		...model.graph,
		inputs: model.graph.inputs.map(unbounded),
		outputs: model.graph.outputs.map(unbounded),
	};
	return ort.InferenceSession.create(writeOnnx({ ...model, graph }), {
		executionProviders: ["cpu"],
		intraOpNumThreads: threads,
		interOpNumThreads: 1,
		logSeverityLevel: 4,
	});
}

function read(path: string): Buffer {
	try {
		return readFileSync(path);
	} catch {
		throw new Refusal("MODEL_UNAVAILABLE", `${path} is missing. Install the model again.`, {
			path,
		});
	}
}

function parseJson(bytes: Buffer, path: string): unknown {
	try {
		return JSON.parse(bytes.toString("utf8"));
	} catch {
		throw damaged(path);
	}
}

function damaged(path: string): Refusal {
	return new Refusal("MODEL_UNAVAILABLE", `${path} is damaged. Install the model again.`, { path });
}

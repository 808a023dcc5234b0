/** @file Reads the package of the bundled drawing network and asks it for velocities. */
import { join } from "node:path";
import { z } from "zod";
import { Refusal } from "../../../contract/errors.ts";
import { verifyFiles } from "../../encoder/model-package.ts";
import { openSession } from "../../encoder/onnx-session.ts";
import ort from "../../onnx-runtime.ts";
import { readPackageManifest } from "../package-manifest.ts";

const count = z.number().int().positive();
const manifestSchema = z.object({
	format: z.literal(1),
	kind: z.literal("latent-flow"),
	id: z.string(),
	version: z.string(),
	autoencoder: z.string(),
	encoder: z.string(),
	latents: z.object({
		channels: count,
		size: z.tuple([count, count]),
		means: z.array(z.number()),
		deviations: z.array(z.number().positive()),
	}),
	velocity: z.object({
		file: z.string(),
		inputs: z.object({ latents: z.string(), time: z.string(), condition: z.string() }),
		output: z.string(),
	}),
	condition: z.object({ dimensions: count, none: z.literal("zeros") }),
	defaults: z.object({ steps: count, guidance: z.number().min(1), candidates: count }),
	sha256: z.record(z.string(), z.string()),
});
export type SketchManifest = z.infer<typeof manifestSchema>;

/** @throws Refusal MODEL_UNAVAILABLE naming the file, and the field where one is at fault. */
export const readSketchManifest = (folder: string): SketchManifest =>
	readPackageManifest(folder, manifestSchema);

export interface SketchFlow {
	readonly manifest: SketchManifest;
	/** Values of a picture's latents. */
	readonly length: number;
	/**
	 * The velocities at some points, all of one time, each under several conditions; asked for together.
	 * @param conditions each float32 [dimensions], unit length or zeros.
	 * @returns [points, conditions]
	 */
	velocities(
		points: readonly Float32Array[],
		time: number,
		conditions: readonly Float32Array[],
	): Promise<Float32Array[][]>;
	/** The autoencoder's latents, from and to mean 0 and deviation 1 a channel. Copies. */
	normalised(latents: Float32Array): Float32Array;
	restored(latents: Float32Array): Float32Array;
	close(): Promise<void>;
}

/** @throws Refusal MODEL_UNAVAILABLE naming what is missing, damaged or does not fit. */
export async function openSketchFlow(folder: string, threads: number): Promise<SketchFlow> {
	const manifest = readSketchManifest(folder);
	await verifyFiles(folder, manifest.sha256);
	const { inputs, output, file } = manifest.velocity;
	const session = await openSession(join(folder, file), {
		provider: "cpu",
		intraOpNumThreads: threads,
		inputs: [inputs.latents, inputs.time, inputs.condition],
		output,
	});
	const { channels, size, means, deviations } = manifest.latents;
	const places = size[0] * size[1];
	const length = channels * places;
	const { dimensions } = manifest.condition;
	const ofChannel = (values: readonly number[], at: number, otherwise: number): number =>
		values[Math.floor(at / places)] ?? otherwise;
	return {
		manifest,
		length,
		async velocities(points, time, conditions) {
			const batch = points.length * conditions.length;
			const repeated = new Float32Array(batch * length);
			const given = new Float32Array(batch * dimensions);
			for (const [row, point] of points.entries()) {
				for (const [column, condition] of conditions.entries()) {
					const at = row * conditions.length + column;
					repeated.set(point, at * length);
					given.set(condition, at * dimensions);
				}
			}
			const answer = await session.run(
				{
					[inputs.latents]: new ort.Tensor("float32", repeated, [batch, channels, ...size]),
					[inputs.time]: new ort.Tensor("float32", new Float32Array(batch).fill(time), [batch]),
					[inputs.condition]: new ort.Tensor("float32", given, [batch, dimensions]),
				},
				[output],
			);
			const data = answer[output]?.data;
			if (!(data instanceof Float32Array) || data.length !== batch * length) {
				throw new Refusal("MODEL_UNAVAILABLE", `The model's output ${output} has another shape.`);
			}
			const rowOf = (at: number) => data.slice(at * length, (at + 1) * length);
			return points.map((_, row) =>
				conditions.map((__, column) => rowOf(row * conditions.length + column)),
			);
		},
		normalised: (latents) =>
			latents.map((value, at) => (value - ofChannel(means, at, 0)) / ofChannel(deviations, at, 1)),
		restored: (latents) =>
			latents.map((value, at) => value * ofChannel(deviations, at, 1) + ofChannel(means, at, 0)),
		close: () => session.release(),
	};
}

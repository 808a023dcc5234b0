/** @file The package's autoencoder: pictures to latents and back. */

import { type Graph, openGraph } from "../../packages/graphs.ts";
import { unusable } from "../../packages/package-settings.ts";
import { emptyPlanes, type Planes } from "../../picture/planes.ts";
import { graphPath, type PipelinePackage } from "./pipeline-package.ts";

/** @returns latents [channels, height / pixelsPerPlace, width / pixelsPerPlace], scaled as the network takes them. */
export async function encodePicture(
	modelPackage: PipelinePackage,
	{ width, height, values }: Planes,
	threads: number,
): Promise<Float32Array> {
	const { channels, scale, shift } = modelPackage.latents;
	const graph = await openGraph(graphPath(modelPackage, "vae_encoder"), threads);
	const [input, output] = ends(graph);
	const data = values.map((value) => 2 * value - 1);
	const [answer] = await graph.run({ [input]: { data, dims: [1, 3, height, width] } }, [output]);
	await graph.close();
	const length = (channels * (width * height)) / modelPackage.pixelsPerPlace ** 2;
	if (answer === undefined || answer.data.length < length) {
		throw unusable(graph.path, "its latents are fewer than its decoder takes");
	}
	// Some give mean and log variance in one; the mean comes first and is what the picture is.
	return answer.data.slice(0, length).map((value) => (value - shift) * scale);
}

export interface PictureDecoder {
	/** @param width of latents */
	decode(latents: Float32Array, width: number, height: number): Promise<Planes>;
	close(): Promise<void>;
}

export async function openPictureDecoder(
	modelPackage: PipelinePackage,
	threads: number,
): Promise<PictureDecoder> {
	const { channels, scale, shift } = modelPackage.latents;
	const graph = await openGraph(graphPath(modelPackage, "vae_decoder"), threads);
	const [input, output] = ends(graph);
	return {
		async decode(latents, width, height) {
			const data = latents.map((value) => value / scale + shift);
			const feeds = { [input]: { data, dims: [1, channels, height, width] } };
			const [answer] = await graph.run(feeds, [output]);
			const [, , rows = 0, columns = 0] = answer?.dims ?? [];
			const planes = emptyPlanes(columns, rows);
			if (answer?.data.length !== planes.values.length) {
				throw unusable(graph.path, "its answer is no picture of three colours");
			}
			for (const [at, value] of answer.data.entries()) planes.values[at] = (value + 1) / 2;
			return planes;
		},
		close: () => graph.close(),
	};
}

function ends({ inputs, outputs, path }: Graph): [string, string] {
	const [input] = inputs;
	const [output] = outputs;
	if (input === undefined || output === undefined) throw unusable(path, "it has no ends");
	return [input, output];
}

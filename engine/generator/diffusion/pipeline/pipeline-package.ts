/**
 * @file Reads a package in Stable Diffusion's usual ONNX layout, as Optimum and Olive write it: folders
 * `text_encoder`, `unet`, `vae_decoder`, `vae_encoder`, `scheduler` and `tokenizer`, mostly beside a
 * `model_index.json`. Configurations only; graphs are opened where they are drawn with.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { checkNames, readGraphNames } from "../../packages/graph-names.ts";
import { readConfig, readJson, unusable } from "../../packages/package-settings.ts";
import { readSchedulerConfig, type SchedulerConfig } from "../schedulers/noise-schedule.ts";

const indexSchema = z.object({
	_name_or_path: z.string().default(""),
	force_zeros_for_empty_prompt: z.boolean().default(false),
});
const unetSchema = z.object({
	in_channels: z.number().int().default(4),
	/** Of latents; some name one number for both sides. */
	sample_size: z
		.union([z.number().int().positive(), z.array(z.number().int().positive()).min(1)])
		.default(64),
	time_cond_proj_dim: z.number().int().positive().nullable().default(null),
});
const autoencoderSchema = z.object({
	scaling_factor: z.number().positive().nullable().optional(),
	shift_factor: z.number().nullable().optional(),
	latent_channels: z.number().int().positive().default(4),
	block_out_channels: z.array(z.number()).optional(),
	_class_name: z.string().default("AutoencoderKL"),
});

export interface PipelinePackage {
	readonly path: string;
	/** How its own files call it; may be empty. */
	readonly name: string;
	/** Two text encoders, as Stable Diffusion XL has. */
	readonly large: boolean;
	/** False: there is no `vae_encoder`, so it cannot begin with a picture. */
	readonly encodes: boolean;
	readonly scheduler: SchedulerConfig;
	/** Dimensions of the guidance's own embedding, for consistency models that were taught guidance. */
	readonly guidanceEmbedding: number | null;
	/** Latents are the autoencoder's less `shift`, times `scale`. */
	readonly latents: { channels: number; side: number; scale: number; shift: number };
	readonly pixelsPerPlace: number;
	/** An empty text stands for nothing at all. */
	readonly emptyIsZero: boolean;
}

/** What every network takes; some take more. */
export const networkInputs = ["sample", "timestep", "encoder_hidden_states"];

/** Each is needed; of several in one line, one. */
const needed: readonly (readonly string[])[] = [
	["text_encoder/model.onnx"],
	["unet/model.onnx"],
	["vae_decoder/model.onnx"],
	["scheduler/scheduler_config.json"],
	["tokenizer/tokenizer.json", "tokenizer/vocab.json"],
];

/** True for files, or a folder, that are meant to be such a package, whole or not. */
export function isPipelineLayout(names: readonly string[]): boolean {
	return names.some((name) => /^(model_index\.json$|unet\/)/.test(name));
}
export function isPipelinePackage(folder: string): boolean {
	return ["model_index.json", "unet"].some((name) => existsSync(join(folder, name)));
}

export function graphPath({ path }: Pick<PipelinePackage, "path">, part: string): string {
	return join(path, part, "model.onnx");
}

/** @throws Refusal MODEL_UNAVAILABLE naming the files that are missing, or the field this version does not know. */
export function readPipelinePackage(folder: string): PipelinePackage {
	// What else is in it is read from the parts themselves, so that an export without it serves too.
	const index = readConfig(folder, "model_index.json", indexSchema, {});
	refuseWhatIsMissing(folder);
	const schedulerPath = join(folder, "scheduler", "scheduler_config.json");
	const scheduler = readSchedulerConfig(readJson(schedulerPath), schedulerPath);
	const unet = readConfig(folder, "unet/config.json", unetSchema, {});
	if (unet.in_channels !== 4) {
		throw unusable(
			join(folder, "unet", "config.json"),
			`it takes ${unet.in_channels} channels, and this version draws with models that take 4`,
		);
	}
	const autoencoder = readConfig(folder, "vae_decoder/config.json", autoencoderSchema, {});
	const large = existsSync(join(folder, "text_encoder_2", "model.onnx"));
	const { block_out_channels: blocks, latent_channels: channels } = autoencoder;
	const sides = unet.sample_size;
	// The small autoencoder of SDXS and others has latents of deviation 1 already.
	const usualScale = autoencoder._class_name === "AutoencoderTiny" ? 1 : large ? 0.13025 : 0.18215;
	return {
		path: folder,
		name: index._name_or_path,
		large,
		encodes: existsSync(join(folder, "vae_encoder", "model.onnx")),
		scheduler,
		guidanceEmbedding: unet.time_cond_proj_dim,
		latents: {
			channels,
			side: typeof sides === "number" ? sides : Math.max(...sides),
			scale: autoencoder.scaling_factor ?? usualScale,
			shift: autoencoder.shift_factor ?? 0,
		},
		pixelsPerPlace: blocks === undefined ? 8 : 2 ** (blocks.length - 1),
		emptyIsZero: index.force_zeros_for_empty_prompt,
	};
}

export interface PipelineDefaults {
	steps: number;
	stepsMax: number;
	guidance: number;
}

/** Distilled models draw in a step or few and without guidance; files do not say so, names do. */
export function defaultsOf(
	{ name, scheduler, guidanceEmbedding }: PipelinePackage,
	title: string,
): PipelineDefaults {
	if (scheduler._class_name === "LCMScheduler") {
		const stepsMax = scheduler.original_inference_steps;
		return { steps: Math.min(4, stepsMax), stepsMax, guidance: guidanceEmbedding === null ? 1 : 8 };
	}
	const distilled = /turbo|sdxs|lightning|hyper/i.test(`${name} ${title}`);
	return distilled
		? { steps: 1, stepsMax: 50, guidance: 1 }
		: { steps: 25, stepsMax: 150, guidance: 7.5 };
}

function refuseWhatIsMissing(folder: string): void {
	const missing = needed.flatMap((names) =>
		names.some((name) => existsSync(join(folder, ...name.split("/")))) ? [] : (names[0] ?? []),
	);
	const [first, ...others] = missing;
	if (first === undefined) return;
	const more =
		others.length === 0
			? ""
			: `, and so ${others.length === 1 ? "is" : "are"} ${others.join(", ")}`;
	throw unusable(join(folder, ...first.split("/")), `it is missing${more}`);
}

/**
 * Looks at the graphs without opening them.
 * @throws Refusal naming the file that is missing, cut off or takes something else.
 */
export async function checkPipelineGraphs(modelPackage: PipelinePackage): Promise<void> {
	const parts = ["text_encoder", "text_encoder_2", "unet", "vae_decoder", "vae_encoder"];
	for (const part of parts) {
		const path = graphPath(modelPackage, part);
		if (!existsSync(path)) continue;
		const names = await readGraphNames(path);
		if (part === "unet") checkNames(path, names, { inputs: networkInputs });
	}
}

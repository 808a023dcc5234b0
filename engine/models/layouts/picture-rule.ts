/** @file How a package wants its pictures, from the file its export keeps that in. */
import { z } from "zod";
import type { ModelManifest } from "../../encoder/model-manifest.ts";
import { missingFile, readPackageFile, unusable } from "./package-file.ts";

export type PictureRule = Pick<
	ModelManifest["image"],
	"size" | "resize" | "interpolation" | "mean" | "std"
>;

type Triple = [number, number, number];
const side = z.number().int().positive();
const tripleSchema = z.tuple([z.number(), z.number(), z.number()]);
const sizeSchema = z.union([
	side,
	z.object({ shortest_edge: side }),
	z.object({ height: side, width: side }),
	z.tuple([side, side]).transform(([height, width]) => ({ height, width })),
]);

/** As the image processors of transformers write it. */
const processorSchema = z.object({
	image_processor_type: z.string().optional(),
	feature_extractor_type: z.string().optional(),
	do_resize: z.boolean().default(true),
	size: sizeSchema,
	/** Pillow's number of a filter. */
	resample: z.number().int().default(3),
	do_center_crop: z.boolean().optional(),
	crop_size: sizeSchema.optional(),
	do_rescale: z.boolean().default(true),
	rescale_factor: z
		.number()
		.positive()
		.default(1 / 255),
	do_normalize: z.boolean().default(true),
	image_mean: tripleSchema.optional(),
	image_std: tripleSchema.optional(),
});

/** As OpenCLIP writes it. */
const openClipSchema = z.object({
	size: z.union([side, z.tuple([side, side])]),
	mean: tripleSchema,
	std: tripleSchema,
	interpolation: z.string().default("bicubic"),
	resize_mode: z.string().default("shortest"),
});

const processorFiles = ["preprocessor_config.json", "onnx/preprocessor_config.json"];
const openClipFiles = ["visual/preprocess_cfg.json", "preprocess_cfg.json"];

/** @throws Refusal MODEL_DAMAGED naming the file, and the field that is missing or not understood. */
export async function readPictureRule(folder: string): Promise<PictureRule> {
	const processor = await readPackageFile(folder, processorFiles, processorSchema);
	if (processor !== null) return fromProcessor(folder, processor.name, processor.value);
	const newer = await readPackageFile(
		folder,
		["processor_config.json"],
		z.object({ image_processor: processorSchema.optional() }),
	);
	if (newer?.value.image_processor !== undefined) {
		return fromProcessor(folder, newer.name, newer.value.image_processor, "image_processor.");
	}
	const openClip = await readPackageFile(folder, openClipFiles, openClipSchema);
	if (openClip !== null) return fromOpenClip(folder, openClip.name, openClip.value);
	const whole = await readPackageFile(
		folder,
		["open_clip_config.json"],
		z.object({ preprocess_cfg: openClipSchema.optional(), model_cfg: imageSizeSchema.optional() }),
	);
	if (whole?.value.preprocess_cfg !== undefined) {
		return fromOpenClip(folder, whole.name, whole.value.preprocess_cfg, "preprocess_cfg.");
	}
	throw missingFile(
		folder,
		"preprocessor_config.json",
		"It says to what size pictures are brought and how their colours are scaled; get it from where the model came from.",
	);
}

const imageSizeSchema = z.object({ vision_cfg: z.object({ image_size: z.unknown() }).optional() });

function fromProcessor(
	folder: string,
	name: string,
	value: z.infer<typeof processorSchema>,
	prefix = "",
): PictureRule {
	const problem = (field: string, reason: string) => unusable(folder, name, prefix + field, reason);
	if (!value.do_resize) throw problem("do_resize", "pictures must be brought to one size");
	const type = value.image_processor_type ?? value.feature_extractor_type ?? "";
	// CLIP's processor crops unless told otherwise; others, such as SigLIP's, do not crop at all.
	const crops = value.do_center_crop ?? /^(Chinese)?CLIP/.test(type);
	const { size, resize } = sized(value.size, crops ? value.crop_size : undefined, crops, problem);
	const { mean, std } = scaling(value, problem);
	return { size, resize, interpolation: pillowFilter(value.resample, problem), mean, std };
}

type Problem = (field: string, reason: string) => Error;

function sized(
	size: z.infer<typeof sizeSchema>,
	crop: z.infer<typeof sizeSchema> | undefined,
	crops: boolean,
	problem: Problem,
): Pick<PictureRule, "size" | "resize"> {
	const cropped = crop === undefined ? null : sides(crop);
	if (typeof size === "object" && "height" in size) {
		if (cropped !== null && (cropped[0] !== size.width || cropped[1] !== size.height)) {
			throw problem("crop_size", "cropping to another size than the pictures are brought to");
		}
		return { size: [size.width, size.height], resize: "stretch" };
	}
	const shortest = typeof size === "number" ? size : size.shortest_edge;
	if (!crops && typeof size === "number") return { size: [size, size], resize: "stretch" };
	if (!crops) {
		throw problem("do_center_crop", "without it pictures would have no common size");
	}
	const kept = cropped ?? [shortest, shortest];
	if (Math.max(...kept) !== shortest) {
		throw problem(
			"crop_size",
			`a crop of ${kept.join(" x ")} out of pictures whose shorter side is ${shortest} is not known here`,
		);
	}
	return { size: kept, resize: "crop" };
}

function sides(size: z.infer<typeof sizeSchema>): [number, number] {
	if (typeof size === "number") return [size, size];
	return "height" in size ? [size.width, size.height] : [size.shortest_edge, size.shortest_edge];
}

/** The tower takes (v / 255 - mean) / std of a byte v; the file says (v * factor - mean) / std. */
function scaling(
	value: z.infer<typeof processorSchema>,
	problem: Problem,
): { mean: Triple; std: Triple } {
	const perByte = value.do_rescale ? value.rescale_factor : 1;
	const unit = 1 / (255 * perByte);
	if (!value.do_normalize) return { mean: [0, 0, 0], std: [unit, unit, unit] };
	const { image_mean: mean, image_std: std } = value;
	if (mean === undefined) throw problem("image_mean", "it is missing");
	if (std === undefined) throw problem("image_std", "it is missing");
	if (std.some((one) => one <= 0)) throw problem("image_std", "it must be positive");
	// As they stand where nothing has to be converted: a manifest is read by people too.
	if (Math.abs(unit - 1) < 1e-6) return { mean, std };
	return { mean: mapTriple(mean, (one) => one * unit), std: mapTriple(std, (one) => one * unit) };
}

function mapTriple([a, b, c]: Triple, change: (one: number) => number): Triple {
	return [change(a), change(b), change(c)];
}

function pillowFilter(resample: number, problem: Problem): PictureRule["interpolation"] {
	if (resample === 2) return "bilinear";
	if (resample === 3) return "bicubic";
	throw problem(
		"resample",
		`filter ${resample} is not known here; bilinear (2) and bicubic (3) are`,
	);
}

function fromOpenClip(
	folder: string,
	name: string,
	value: z.infer<typeof openClipSchema>,
	prefix = "",
): PictureRule {
	const problem = (field: string, reason: string) => unusable(folder, name, prefix + field, reason);
	const { size, mean, std, interpolation, resize_mode: mode } = value;
	if (interpolation !== "bicubic" && interpolation !== "bilinear") {
		throw problem("interpolation", `${JSON.stringify(interpolation)} is not known here`);
	}
	const [height, width] = typeof size === "number" ? [size, size] : size;
	return { size: [width, height], resize: openClipResize(mode, problem), interpolation, mean, std };
}

function openClipResize(mode: string, problem: Problem): PictureRule["resize"] {
	if (mode === "shortest") return "crop";
	if (mode === "squash") return "stretch";
	throw problem("resize_mode", `${JSON.stringify(mode)} is not known here`);
}

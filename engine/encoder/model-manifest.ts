/** @file `model.json`, the manifest of a model package: all that differs between encoders. */
import { z } from "zod";
import { encoderIdSchema } from "../../contract/ids.ts";

/** The newest manifest format this version reads. */
export const manifestFormat = 1;

const confidenceWeightsSchema = z.object({
	/** Mean similarity of unrelated pairs; null: as in the library at hand. */
	centre: z.number().min(-1).max(1).nullable(),
	excess: z.number().positive(),
	logOdds: z.number().nonnegative(),
	bias: z.number(),
});

/** Weights of the confidence of a search (engine/search/calibration), by kind of query. */
const calibrationSchema = z.object({
	text: confidenceWeightsSchema,
	picture: confidenceWeightsSchema,
});
export type Calibration = z.infer<typeof calibrationSchema>;

const shareSchema = z.number().min(0).max(1);
/** A part of a picture, in shares of its sides from its left and top edges. */
const lookSchema = z.object({
	x: shareSchema,
	y: shareSchema,
	width: shareSchema.positive(),
	height: shareSchema.positive(),
});

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

export const modelManifestSchema = z.object({
	format: z.number().int(),
	id: encoderIdSchema,
	kind: z.literal("dual-encoder"),
	/** Part of the embeddings' key; raise it when the same id gives other vectors. */
	version: z.string().default("1"),
	title: z.string(),
	licence: z.string(),
	source: z.string().optional(),
	dimensions: z.number().int().positive(),
	image: z.object({
		file: z.string(),
		input: z.string(),
		output: z.string(),
		layout: z.literal("NCHW"),
		/** Width, height. */
		size: z.tuple([z.number().int().positive(), z.number().int().positive()]),
		resize: z.enum(["stretch", "crop"]),
		interpolation: z.enum(["bilinear", "bicubic"]),
		/** Per channel, of pixels scaled to 0..1. */
		mean: z.tuple([z.number(), z.number(), z.number()]),
		std: z.tuple([z.number(), z.number(), z.number()]),
		/** Which row is the embedding where the output is [batch, rows, dimensions]. */
		pool: z.enum(["first", "mean"]).optional(),
		/** Parts of the picture that are embedded and averaged; only the whole of it where absent. */
		looks: z.array(lookSchema).min(1).max(16).optional(),
	}),
	text: z.object({
		file: z.string(),
		tokenizer: z.string(),
		inputs: z.object({
			ids: z.string(),
			mask: z.string().optional(),
			/** Takes 0, 1, 2, ...: where each token stands. */
			positions: z.string().optional(),
			/** Takes zeros: which of two sentences each token is of (BERT). */
			types: z.string().optional(),
		}),
		output: z.string(),
		/** Which row is the embedding where the output is [batch, tokens, dimensions]. */
		pool: z.enum(["first", "mean", "end-of-text"]).optional(),
		/** `all`: the padding counts as read too (a graph that asks for a mask it was not trained with). */
		masks: z.enum(["tokens", "all"]).default("tokens"),
		maxTokens: z.number().int().positive(),
		/** `longest`: to the batch's longest text; `max`: always to `maxTokens` (SigLIP, CLIP). */
		padding: z.enum(["longest", "max"]),
		/** Token written into the padding; the tokenizer's own when absent. */
		padToken: z.string().optional(),
		lowercase: z.boolean().default(false),
		/** `canonical`: without punctuation, words one space apart (SigLIP's `canonicalize_text`). */
		clean: z.enum(["canonical"]).optional(),
	}),
	/** The temperature's inverse the encoder was trained with: softmax over `logitScale * cosine`. */
	logitScale: z.number().positive(),
	/** Fitted on photos with known answers; general weights serve when absent. */
	calibration: calibrationSchema.optional(),
	/** SHA-256 of every file of the package but this one. */
	sha256: z.record(z.string(), sha256Schema),
});

export type ModelManifest = z.infer<typeof modelManifestSchema>;

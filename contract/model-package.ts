/** @file Models that can be had beside the bundled one: what is known of them, and installing them. */
import { z } from "zod";
import { type ErrorCode, errorMap } from "./errors.ts";

/** Names a model in the catalogue or an installed package; also the name of its folder. */
export const modelIdSchema = z
	.string()
	.max(100)
	.regex(/^[a-z0-9][a-z0-9.-]*$/)
	.brand<"ModelId">();
export type ModelId = z.infer<typeof modelIdSchema>;

/** Finds photos, or draws pictures. */
export const modelKindSchema = z.enum(["encoder", "generator"]);

const figureSchema = z.object({
	/** Such as `ImageNet, no examples seen`. */
	name: z.string(),
	/** As published, such as `63.3 %`. */
	value: z.string(),
	/** Where it was published. */
	source: z.string(),
});

/** What is known of a model without having it. Null: not known here. */
export const modelFactsSchema = z.object({
	id: modelIdSchema,
	kind: modelKindSchema,
	title: z.string(),
	licence: z.string().nullable(),
	/** Null: unclear, or not checked. */
	commercialUse: z.boolean().nullable(),
	/** Approximate where the files' own sizes are not known. */
	sizeBytes: z.number().int().nullable(),
	dimensions: z.number().int().nullable(),
	figures: z.array(figureSchema),
	goodFor: z.string(),
	/** Where licence, size and dimensions were read; empty: not checked. */
	sources: z.array(z.string()),
});

/** How an install is coming along. Ends with `installed`, `failed` or `cancelled`. */
export const installEventSchema = z.discriminatedUnion("phase", [
	z.object({
		phase: z.literal("downloading"),
		file: z.string(),
		doneBytes: z.number().int(),
		totalBytes: z.number().int(),
		bytesPerSecond: z.number().nullable(),
		secondsLeft: z.number().nullable(),
	}),
	/** The connection failed; it goes on by itself. */
	z.object({ phase: z.literal("waiting"), seconds: z.number(), reason: z.string() }),
	z.object({ phase: z.literal("checking"), file: z.string() }),
	z.object({ phase: z.literal("installed") }),
	z.object({ phase: z.literal("cancelled") }),
	z.object({
		phase: z.literal("failed"),
		code: z.enum(Object.keys(errorMap) as [ErrorCode, ...ErrorCode[]]),
		message: z.string(),
	}),
]);
export type InstallEvent = z.infer<typeof installEventSchema>;

const modelStateSchema = z.discriminatedUnion("kind", [
	/** Came with the app; it searches. */
	z.object({ kind: z.literal("bundled") }),
	/** Can be downloaded; `keptBytes` of it are here from an earlier try. */
	z.object({ kind: z.literal("available"), keptBytes: z.number().int() }),
	/** On the hub, which has not been asked yet what it holds of it. */
	z.object({ kind: z.literal("not-looked-up") }),
	/** No repository with it is known: only from a folder. */
	z.object({ kind: z.literal("folder-only") }),
	z.object({ kind: z.literal("installing"), progress: installEventSchema }),
	z.object({
		kind: z.literal("installed"),
		sizeBytes: z.number().int(),
		installedAtMs: z.number(),
		/** The host it came from, or `folder`. */
		origin: z.string(),
	}),
]);

/** What the hub said of a repository when it was asked; a download brings exactly this. */
export const modelPinSchema = z.object({
	/** Who said so. */
	host: z.string(),
	/** The full commit. */
	revision: z.string(),
	/** As the hub has it; null where it names none. */
	licence: z.string().nullable(),
	lookedUpAtMs: z.number(),
	files: z.number().int(),
});
export type ModelPin = z.infer<typeof modelPinSchema>;

export const modelSchema = modelFactsSchema.extend({
	/** Bytes a download brings, as far as known. */
	downloadBytes: z.number().int(),
	/** False where some file's checksum is only the hub's word. */
	verified: z.boolean(),
	/** Of an installed encoder, on this computer's processor; null where nobody measured. */
	imagesPerSecond: z.number().nullable(),
	state: modelStateSchema,
	/** Null: this version knows the revision itself, or nobody has looked it up. */
	pin: modelPinSchema.nullable(),
	/** Why it is not used in this version although it is installed; null for the one in use. */
	notUsable: z.string().nullable(),
});
export type Model = z.infer<typeof modelSchema>;

export const modelListSchema = z.object({
	models: z.array(modelSchema),
	/** Where installed models are; all libraries of this person share them. */
	path: z.string(),
	/** Null where the system does not say. */
	freeBytes: z.number().nullable(),
	/** Where a download would connect to. */
	host: z.string(),
	/** Another address that serves the hub's files; null: the hub itself. */
	mirror: z.string().nullable(),
});
export type ModelList = z.infer<typeof modelListSchema>;

/** Requests to another computer. */
export const madeConnectionSchema = z.object({
	host: z.string(),
	atMs: z.number(),
	receivedBytes: z.number().int(),
	why: z.string(),
});
export type MadeConnection = z.infer<typeof madeConnectionSchema>;

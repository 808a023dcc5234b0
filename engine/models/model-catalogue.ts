/** @file `resources/models/catalogue.json`: the models that are known by name, and what is known of each. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { modelFactsSchema } from "../../contract/model-package.ts";

/** A file name that stays inside its package, on every system. */
export const packageFileNameSchema = z
	.string()
	.max(200)
	.regex(/^(?!.*(^|\/)\.)[\w.-]+(\/[\w.-]+)*$/, "not a plain relative path");

export const catalogueFileSchema = z.object({
	name: packageFileNameSchema,
	/** Null where it is not known; the hub then says it. */
	sizeBytes: z.number().int().positive().nullable(),
	/** `unverified`: nobody here has compared it; the hub's own checksum stands in for it. */
	sha256: z.union([z.string().regex(/^[0-9a-f]{64}$/), z.literal("unverified")]),
});

const entrySchema = modelFactsSchema.extend({
	/** Repository on the hub, `owner/name`. */
	repository: z
		.string()
		.regex(/^[\w.-]+\/[\w.-]+$/)
		.nullable(),
	/** The full commit; a branch may change under us. Null: it is looked up when somebody asks. */
	revision: z
		.string()
		.regex(/^[0-9a-f]{40}$/)
		.nullable(),
	/** Which of the repository's forms of it is meant, as file names end; null: the plain one. */
	form: z.enum(["quantized", "fp16", "int8", "uint8", "q4"]).nullable(),
	files: z.array(catalogueFileSchema),
});
export type CatalogueEntry = z.infer<typeof entrySchema>;

export const modelCatalogueSchema = z.object({
	format: z.literal(1),
	models: z
		.array(entrySchema)
		.refine((models) => new Set(models.map(({ id }) => id)).size === models.length, {
			message: "two models have the same id",
		}),
});

/** Reads the catalogue that comes with the app. Throws where it is not one: that is a defect of ours. */
export function readModelCatalogue(resourcesPath: string): CatalogueEntry[] {
	const text = readFileSync(join(resourcesPath, "models", "catalogue.json"), "utf8");
	return modelCatalogueSchema.parse(JSON.parse(text)).models;
}

/** True where everything a download needs is known. */
export function isDownloadable(entry: CatalogueEntry): boolean {
	return entry.repository !== null && entry.revision !== null && entry.files.length > 0;
}

/** What a download brings, in bytes, as far as it is known beforehand. */
export function downloadBytes(entry: CatalogueEntry): number {
	return entry.files.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0);
}

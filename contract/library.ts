/** @file The library itself: where it is, how it is doing, checks and repair. */
import { z } from "zod";
import { encoderStatusSchema } from "./model.ts";
import { madeConnectionSchema } from "./model-package.ts";
import { procedure } from "./procedure.ts";

export const indexStatusSchema = z.object({
	kind: z.enum(["exact", "hnsw"]),
	vectors: z.number().int(),
	/** Share of the true ten nearest neighbours the index finds on this library; 1 for exact search. */
	recallAt10: z.number().nullable(),
	/** HNSW's search width; null for exact search. */
	searchWidth: z.number().int().nullable(),
});
export type IndexStatus = z.infer<typeof indexStatusSchema>;

export const libraryStatusSchema = z.object({
	version: z.string(),
	path: z.string(),
	sizeBytes: z.number().int(),
	/** All pictures. */
	photos: z.number().int(),
	/** Those of them that a program drew. */
	drawn: z.number().int(),
	searchable: z.number().int(),
	failed: z.number().int(),
	waiting: z.number().int(),
	folders: z.number().int(),
	offlineFolders: z.number().int(),
	paused: z.boolean(),
	index: indexStatusSchema,
	encoder: encoderStatusSchema,
	/** Connections made to other computers since the start: none, until the person downloads a model. */
	outgoingConnections: z.number().int(),
	/** What was received, from whom and why: one line a host and reason, the latest last. */
	connections: z.array(madeConnectionSchema),
});
export type LibraryStatus = z.infer<typeof libraryStatusSchema>;

/** One thing the doctor looked at. */
export const findingSchema = z.object({
	check: z.enum([
		"database",
		"embeddings",
		"thumbnails",
		"index",
		"model",
		"text-reader",
		"photo-files",
		"folders",
		"disk-space",
	]),
	outcome: z.enum(["good", "repaired", "repairable", "broken"]),
	message: z.string(),
});
export type Finding = z.infer<typeof findingSchema>;

export const libraryContract = {
	status: procedure.route({ method: "GET", path: "/status" }).output(libraryStatusSchema),
	/** Checks the library; with `repair`, mends what can be mended without touching any photo. */
	check: procedure
		.route({ method: "POST", path: "/check" })
		.input(z.object({ repair: z.boolean().default(false) }))
		.output(z.array(findingSchema)),
};

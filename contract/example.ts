/** @file Pictures as part of a question: like these, less like that, this part of that photo. */
import { z } from "zod";
import { photoIdSchema } from "./ids.ts";
import { defaultExampleWeight, examplesAtMost, judgedAtMost } from "./limits.ts";

/** A side of nothing shows nothing; shares of a pixel past the edge come from rounding. */
const leastSide = 0.005;
const roundingSlack = 1e-6;

/** Part of an upright picture, in shares of its sides from the left and top edges. */
export const regionSchema = z
	.object({
		x: z.number().min(0).max(1),
		y: z.number().min(0).max(1),
		width: z.number().min(leastSide).max(1),
		height: z.number().min(leastSide).max(1),
	})
	.refine(({ x, width }) => x + width <= 1 + roundingSlack, "must end inside the picture")
	.refine(({ y, height }) => y + height <= 1 + roundingSlack, "must end inside the picture");
export type Region = z.infer<typeof regionSchema>;

/** Where an example comes from. */
export const exampleSourceSchema = z.discriminatedUnion("kind", [
	/** Photos of the library: what they have in common counts as one example. */
	z.object({ kind: z.literal("photos"), ids: z.array(photoIdSchema).min(1).max(judgedAtMost) }),
	/** One thing in a photo of the library. */
	z.object({ kind: z.literal("region"), id: photoIdSchema, region: regionSchema }),
	/** A picture from outside, under the key `search.keepPicture` gave. */
	z.object({
		kind: z.literal("picture"),
		key: z.string().min(1).max(100),
		region: regionSchema.optional(),
	}),
]);
export type ExampleSource = z.infer<typeof exampleSourceSchema>;

export const exampleSchema = z.object({
	source: exampleSourceSchema,
	/** How much it counts beside the words: 0 to 1 for "like this", -1 to 0 for "less like this". */
	weight: z.number().min(-1).max(1).default(defaultExampleWeight),
});
export type Example = z.infer<typeof exampleSchema>;

/** The pictures of a question; all of it may be left out. */
export const picturesOfQuery = {
	examples: z.array(exampleSchema).max(examplesAtMost).default([]),
	/** Hits that were judged right: more like them. */
	liked: z.array(photoIdSchema).max(judgedAtMost).default([]),
	/** Hits that were judged wrong: less of what sets them apart from the others. */
	disliked: z.array(photoIdSchema).max(judgedAtMost).default([]),
};

/**
 * What the ranking was made of. `share`: of 1 for everything that was asked for; below 0 for what
 * counts against a photo, in the same measure.
 */
export const compositionSchema = z.array(
	z.discriminatedUnion("kind", [
		z.object({ kind: z.literal("words"), text: z.string(), share: z.number() }),
		z.object({
			kind: z.literal("example"),
			/** Its place among the examples asked with. */
			at: z.number().int(),
			source: exampleSourceSchema,
			share: z.number(),
		}),
		z.object({ kind: z.literal("liked"), photos: z.number().int(), share: z.number() }),
		z.object({ kind: z.literal("disliked"), photos: z.number().int(), share: z.number() }),
	]),
);
export type Composition = z.infer<typeof compositionSchema>;

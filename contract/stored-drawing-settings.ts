/** @file Settings of a drawing as earlier versions wrote them, into libraries and into drawn files. */
import { z } from "zod";
import { drawingSettingsSchema } from "./generation.ts";

const earlierSchema = z.looseObject({
	family: z.string(),
	package: z.string().nullable().default(null),
	sampling: z.looseObject({ candidates: z.number().optional() }).nullable().default(null),
});

/** Reads what any version wrote. */
export const storedDrawingSettingsSchema = z.preprocess(withCandidatesApart, drawingSettingsSchema);

/** Candidates were a part of the sampling once, and the bundled diffusion drew one. */
function withCandidatesApart(stored: unknown): unknown {
	const earlier = earlierSchema.safeParse(stored);
	if (!earlier.success || "candidates" in earlier.data) return stored;
	const { family, sampling, package: chosen } = earlier.data;
	const drewOne = family === "diffusion" && chosen === null;
	return { ...earlier.data, candidates: sampling?.candidates ?? (drewOne ? 1 : null) };
}

/** Settings that earlier versions wrote are read as what they meant. */
import { expect, test } from "vitest";
import { storedDrawingSettingsSchema } from "../../contract/stored-drawing-settings.ts";

const written = {
	family: "autoregressive",
	prompts: [{ text: "a boat", weight: 1 }],
	seed: 3,
	width: 64,
	height: 64,
	steps: 64,
	palette: [],
	canvas: null,
	finish: null,
	strength: null,
};
const sampling = { temperature: 1, topK: 40, topP: 0.9 };

test("candidates that stood with the sampling are kept, and the sampling is", () => {
	const earlier = { ...written, sampling: { ...sampling, candidates: 7 } };
	expect(storedDrawingSettingsSchema.parse(earlier)).toMatchObject({ candidates: 7, sampling });
});

test("a diffusion drawing from when it drew one picture is drawn as one again, an installed model's as its own", () => {
	const candidatesOf = (more: object) =>
		storedDrawingSettingsSchema.parse({ ...written, family: "diffusion", ...more }).candidates;
	expect(candidatesOf({})).toBe(1);
	expect(candidatesOf({ package: "installed" })).toBeNull();
	expect(candidatesOf({ candidates: 5 })).toBe(5);
	expect(candidatesOf({ candidates: null })).toBeNull();
	expect(candidatesOf({ family: "guided" })).toBeNull();
});

test("what are no settings is refused", () => {
	for (const other of [null, 3, [], { family: "diffusion" }]) {
		expect(storedDrawingSettingsSchema.safeParse(other).success).toBe(false);
	}
});

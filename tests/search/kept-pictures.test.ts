/** @file Pictures from outside are kept for as long as they are used, and no longer than there is room. */
import { expect, test } from "vitest";
import { Refusal } from "../../contract/errors.ts";
import { KeptPictures } from "../../engine/search/examples/kept-pictures.ts";

const picture = (value: number) => ({
	vectors: new Map([["encoder", Float32Array.of(value)]]),
	jpeg: Uint8Array.of(value),
});

test("the picture used longest ago makes room", () => {
	const kept = new KeptPictures(2);
	const first = kept.keep(picture(1));
	const second = kept.keep(picture(2));
	expect(kept.get(first).jpeg).toEqual(Uint8Array.of(1));
	const third = kept.keep(picture(3));
	expect(kept.get(first).vectors.get("encoder")).toEqual(Float32Array.of(1));
	expect(kept.get(third).vectors.get("encoder")).toEqual(Float32Array.of(3));
	expect(() => kept.get(second)).toThrow(Refusal);
	expect(() => kept.get(second)).toThrow("Choose it again");
});

test("keys are never given twice", () => {
	const kept = new KeptPictures();
	const keys = Array.from({ length: 100 }, (_, value) => kept.keep(picture(value)));
	expect(new Set(keys).size).toBe(100);
});

/** @file Examples and what they count, in words. */
import { expect, test } from "vitest";
import type { PhotoId } from "../../contract/ids.ts";
import {
	compositionInWords,
	exampleLabel,
	exampleName,
	weightInWords,
} from "../../renderer/search/example-words.ts";
import type { AskedExample } from "../../renderer/state/asked-pictures.ts";

const id = (number: number) => number as PhotoId;
const names = {
	photo: (photo: PhotoId) => (photo === 1 ? "beach.jpg" : undefined),
	picture: (key: number) => (key === 7 ? "holiday.png" : undefined),
};
const one: AskedExample = { kind: "photos", ids: [id(1)], weight: 0.5 };
const part: AskedExample = {
	kind: "region",
	id: id(1),
	region: { x: 0, y: 0, width: 0.5, height: 0.5 },
	weight: -0.5,
};

test("an example is called by its file, or by what is known of it", () => {
	expect(exampleName(one, names)).toBe("beach.jpg");
	expect(exampleName({ kind: "photos", ids: [id(1), id(2)], weight: 1 }, names)).toBe("2 photos");
	expect(exampleName({ kind: "photos", ids: [id(9)], weight: 1 }, names)).toBe("this photo");
	expect(exampleName({ kind: "picture", key: 7, weight: 1 }, names)).toBe("holiday.png");
	expect(exampleName({ kind: "picture", key: 8, weight: 1 }, names)).toBe("your picture");
	expect(exampleLabel(part, names)).toBe("Less like part of beach.jpg");
});

test("weights are a little, somewhat or a lot", () => {
	expect([0.1, 0.5, -0.5, 1].map(weightInWords)).toEqual([
		"a little",
		"somewhat",
		"somewhat",
		"a lot",
	]);
});

test("the composition is told with its shares, what is wanted first", () => {
	const composition = [
		{ kind: "words", text: "at night", share: 0.5 },
		{ kind: "example", at: 1, source: { kind: "picture", key: "x" }, share: -0.3 },
		{ kind: "example", at: 0, source: { kind: "picture", key: "x" }, share: 0.2 },
		{ kind: "liked", photos: 2, share: 0.3 },
		{ kind: "disliked", photos: 1, share: -0.4 },
	] as const;
	expect(compositionInWords([...composition], [one, part], names)).toBe(
		"“at night” 50 %, beach.jpg 20 %, more like 2 photos 30 %, less like part of beach.jpg, less like 1 photo",
	);
});

test("one thing alone needs no explanation, and a hundred per cent of it no figure", () => {
	const words = { kind: "words", text: "dog", share: 1 } as const;
	expect(compositionInWords([words], [], names)).toBe("");
	const disliked = { kind: "disliked", photos: 2, share: -0.5 } as const;
	expect(compositionInWords([words, disliked], [], names)).toBe("“dog”, less like 2 photos");
});

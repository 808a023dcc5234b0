/** @file Text over the picture: where its lines lie, and which of its words were searched for. */
import { expect, test } from "vitest";
import { boxOf, markedPieces, wordsFound } from "../../renderer/viewer/text-boxes.ts";

const picture = { width: 400, height: 200 };

test("a level line is a box at its place", () => {
	const corners = [0.1, 0.2, 0.6, 0.2, 0.6, 0.4, 0.1, 0.4];
	expect(boxOf({ corners }, picture)).toEqual({
		width: 200,
		height: 40,
		transform: "matrix(1, 0, 0, 1, 40, 40)",
	});
});

test("a line that runs downwards is turned by a quarter", () => {
	const corners = [0.5, 0.1, 0.5, 0.9, 0.45, 0.9, 0.45, 0.1];
	const { width, height, transform } = boxOf({ corners }, picture);
	expect([width, height]).toEqual([160, expect.closeTo(20, 5)]);
	expect(transform).toBe("matrix(0, 1, -1, 0, 200, 20)");
});

test("corners that fall together still make a box that can be pointed at", () => {
	const { width, height, transform } = boxOf({ corners: Array(8).fill(0.5) }, picture);
	expect(Math.min(width, height)).toBeGreaterThan(0);
	expect(transform).not.toContain("NaN");
});

test("only words read in the picture are marked, without regard to case and accents", () => {
	const found = wordsFound([
		{ kind: "looks-like", confidence: 0.4 },
		{ kind: "words", source: "name", excerpt: "bread.jpg", marks: [{ start: 0, end: 5 }] },
		{
			kind: "words",
			source: "recognised",
			excerpt: "Bakery & Café …",
			marks: [{ start: 9, end: 13 }],
		},
	]);
	expect([...found]).toEqual(["cafe"]);
	expect(markedPieces("CAFÉ and cafeteria", found).filter(({ marked }) => marked)).toEqual([
		{ text: "CAFÉ", marked: true },
	]);
	const whole = (text: string) =>
		markedPieces(text, found)
			.map((piece) => piece.text)
			.join("");
	expect(whole("Bakery & Café, 7-18")).toBe("Bakery & Café, 7-18");
});

/** @file The offline map's land: real coasts, in one piece across the date line. */
import { expect, test } from "vitest";
import { landOutline, pathOf } from "../../renderer/viewer/land-outline.ts";

function rings(path: string): [number, number][][] {
	return path
		.split("M")
		.filter((ring) => ring !== "")
		.map((ring) =>
			ring
				.replace("Z", "")
				.split("L")
				.map((point) => {
					const [x = Number.NaN, y = Number.NaN] = point.split(" ").map(Number);
					return [x, y];
				}),
		);
}

test("the world's land is many rings, none of which jumps across the map", async () => {
	const all = rings(await landOutline());
	expect(all.length).toBeGreaterThan(100);
	for (const ring of all) {
		for (const [index, [x, y]] of ring.entries()) {
			expect(Math.abs(y)).toBeLessThanOrEqual(90);
			const before = ring[index - 1];
			const alongPole = Math.abs(y) === 90;
			if (before !== undefined && !alongPole) expect(Math.abs(x - before[0])).toBeLessThan(180);
		}
	}
});

test("a ring over the date line goes on past 180 degrees", () => {
	const path = pathOf({
		type: "Polygon",
		coordinates: [
			[
				[170, 10],
				[-170, 10],
				[-170, -10],
				[170, -10],
				[170, 10],
			],
		],
	});
	expect(path).toBe("M170 -10L190 -10L190 10L170 10L170 -10Z");
});

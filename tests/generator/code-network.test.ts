/** The code-by-code network against what PyTorch says of it, on a tiny package with random weights. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import {
	type CodeNetwork,
	gridOf,
	openCodeNetwork,
	readCodeManifest,
} from "../../engine/generator/autoregressive/code-package.ts";
import { CodePicture } from "../../engine/generator/autoregressive/code-picture.ts";

const tiny = join(import.meta.dirname, "..", "fixtures", "generator", "code-by-code");
const numbers = z.array(z.number());
const { groups, conditions, logits } = z
	.object({
		/** [picture][group][place] */
		groups: z.array(z.array(numbers)),
		conditions: z.array(numbers),
		/** [picture][group][place][code] */
		logits: z.array(z.array(z.array(numbers))),
	})
	.parse(JSON.parse(readFileSync(join(tiny, "reference.json"), "utf8")));

let network: CodeNetwork;
let folder = "";

beforeAll(async () => {
	network = await openCodeNetwork(tiny, 1);
	folder = mkdtempSync(join(tmpdir(), "afterimage-codes-"));
});

afterAll(async () => {
	await network.close();
	rmSync(folder, { recursive: true });
});

/** Draws the given pictures' codes side by side. @returns [picture][group][place][code] */
async function logitsAlong(pictures: readonly number[]): Promise<number[][][][]> {
	const { grid } = network;
	const drawing = await network.begin(
		pictures.map((picture) => Float32Array.from(conditions[picture] ?? [])),
	);
	const drawn = pictures.map(() => new CodePicture(grid));
	const answers: number[][][][] = pictures.map(() => []);
	for (let group = 0; group < grid.groups; group++) {
		await drawing.nextGroup(drawn.map((picture) => picture.around(group)));
		for (const answer of answers) answer.push([]);
		for (let place = 0; place < grid.codesAGroup; place++) {
			const rows = await drawing.logits(
				drawn.map((picture) => picture.drawnOf(group)),
				place,
			);
			for (const [at, row] of rows.entries()) {
				answers[at]?.[group]?.push([...row]);
				drawn[at]?.set(group, place, groups[pictures[at] ?? 0]?.[group]?.[place] ?? 0);
			}
		}
	}
	return answers;
}

const largestDifference = (one: readonly unknown[], other: readonly unknown[]): number => {
	const [ours, theirs] = [one.flat(3), other.flat(3)].map((values) => numbers.parse(values));
	expect(ours).toHaveLength(theirs?.length ?? 0);
	return Math.max(...(ours ?? []).map((value, at) => Math.abs(value - (theirs?.[at] ?? 0))));
};

test("group after group with the kept past, the logits are those of all groups at once", async () => {
	expect(largestDifference(await logitsAlong([0, 1]), logits)).toBeLessThan(1e-4);
});

test("a picture's logits do not depend on what is drawn beside it", async () => {
	const [alone] = await logitsAlong([1]);
	const [, beside] = await logitsAlong([0, 1]);
	expect(largestDifference(alone ?? [], beside ?? [])).toBeLessThan(1e-5);
});

test("codes are drawn after their group is begun", async () => {
	const drawing = await network.begin([Float32Array.from(conditions[0] ?? [])]);
	const nothing = new CodePicture(network.grid).drawnOf(0);
	await expect(drawing.logits([nothing], 0)).rejects.toThrow(/after their group/);
});

describe("a picture's codes", () => {
	const grid = gridOf(readCodeManifest(tiny));

	test("beyond the edge and below are no neighbours", () => {
		const picture = new CodePicture(grid);
		for (let group = 0; group < grid.groups; group++) {
			for (let place = 0; place < 4; place++) picture.set(group, place, group % 6);
		}
		const { none } = grid;
		const ofGroups = (group: number) =>
			[...picture.around(group)].filter((_, at) => at % grid.codesAGroup === 0);
		// Left, above left, above, above right, in a grid of 4 x 4 groups.
		expect(ofGroups(0)).toEqual([none, none, none, none]);
		expect(ofGroups(3)).toEqual([2, none, none, none]);
		expect(ofGroups(5)).toEqual([4, 0, 1, 2]);
		expect(ofGroups(7)).toEqual([0, 2, 3, none]);
		expect(ofGroups(8)).toEqual([none, none, 4, 5]);
	});

	test("become latents at their places, and the middle where nothing is drawn yet", () => {
		const picture = new CodePicture(grid);
		// Levels 2 and 3: code 5 is the digits 1 and 2, code 0 the digits 0 and 0.
		picture.set(0, 3, 5);
		picture.set(6, 0, 0);
		const latents = picture.latents();
		const side = 8;
		const at = (channel: number, row: number, column: number) =>
			latents[channel * side * side + row * side + column];
		expect([at(0, 1, 1), at(1, 1, 1)]).toEqual([0, 1]);
		expect([at(0, 2, 4), at(1, 2, 4)]).toEqual([-1, -1]);
		expect(latents.filter((value) => value !== 0)).toHaveLength(3);
	});
});

test.each<[string, RegExp, (manifest: Record<string, unknown>) => unknown]>([
	["of another kind", /cannot be used: kind/, (manifest) => ({ ...manifest, kind: "latent-flow" })],
	[
		"with other bytes than it says",
		/condition\.onnx/,
		(manifest) => ({ ...manifest, sha256: { "onnx/condition.onnx": "0".repeat(64) } }),
	],
])("a package %s is refused by name", async (name, message, change) => {
	const path = join(folder, name);
	cpSync(tiny, path, { recursive: true });
	const manifest = z
		.record(z.string(), z.unknown())
		.parse(JSON.parse(readFileSync(join(path, "model.json"), "utf8")));
	writeFileSync(join(path, "model.json"), JSON.stringify(change(manifest)));
	await expect(openCodeNetwork(path, 1)).rejects.toThrow(message);
});

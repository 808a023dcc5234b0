/** @file The bundled reader on real pictures, and what happens when its process or files fail. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { createDecoder } from "../../engine/decoder/create-decoder.ts";
import {
	createRecogniser,
	type RecogniserOptions,
} from "../../engine/recognition/process-recogniser.ts";
import { makePhoto } from "../fixtures/make-photos.ts";

const fixtures = join(import.meta.dirname, "..", "fixtures", "recognition");
const packagePath = join(import.meta.dirname, "..", "..", "resources", "models", "pp-ocr");
const decoder = createDecoder({ parallelism: 1 });
const recogniser = createRecogniser({ packagePath });

afterAll(() => Promise.all([decoder.close(), recogniser.close()]));

async function read(source: { filePath: string } | { bytes: Uint8Array }) {
	const picture = await decoder.raster(source, { longestSide: recogniser.longestSide });
	if (picture.kind === "failed") throw new Error(picture.message);
	const { pixels, width, height } = picture;
	return { width, height, recognition: await recogniser.read({ pixels, width, height }) };
}

interface Reference {
	lines: { text: string; corners: number[] }[];
}

let reference: Reference;
beforeAll(() => {
	reference = JSON.parse(readFileSync(join(fixtures, "signs.json"), "utf8"));
});

test("level, tilted, upright and upside-down lines are read as another implementation reads them", async () => {
	const { width, height, recognition } = await read({ filePath: join(fixtures, "signs.jpg") });
	if (recognition.kind !== "read") throw new Error(recognition.message);
	expect(recognition.lines.map(({ text }) => text).sort()).toEqual(
		reference.lines.map(({ text }) => text).sort(),
	);
	for (const { text, corners } of reference.lines) {
		const ours = recognition.lines.find((line) => line.text === text)?.corners ?? [];
		const pixels = ours.map((share, at) => share * (at % 2 === 0 ? width : height));
		// The other one names the top left first, whichever way the text runs: compare outlines.
		for (const parity of [0, 1]) {
			const side = (all: readonly number[]) => all.filter((_, at) => at % 2 === parity);
			expect(Math.abs(Math.min(...side(pixels)) - Math.min(...side(corners)))).toBeLessThan(8);
			expect(Math.abs(Math.max(...side(pixels)) - Math.max(...side(corners)))).toBeLessThan(8);
		}
	}
	const upsideDown = recognition.lines.find(({ text }) => text === "Upside Down")?.corners ?? [];
	// Its text starts at the right.
	expect(upsideDown[0]).toBeGreaterThan(upsideDown[2] ?? 1);
});

test("a picture without text has no lines", async () => {
	const { recognition } = await read({ bytes: await makePhoto(4) });
	expect(recognition).toEqual({ kind: "read", lines: [] });
});

function faulty(options: Partial<RecogniserOptions> = {}) {
	const childModule = new URL("./faulty-reading-child.ts", import.meta.url);
	const made = createRecogniser({ packagePath, childModule, ...options });
	onTestFinished(() => made.close());
	return made;
}

const picture = (width: number) => ({ pixels: new Uint8Array(3), width, height: 1 });

test.each([1, 2])("a process that dies or talks nonsense costs one picture (%s)", async (fault) => {
	const reader = faulty();
	expect(await reader.read(picture(fault))).toMatchObject({
		kind: "failed",
		reason: "decoder-crashed",
	});
	expect(await reader.read(picture(4))).toEqual({ kind: "read", lines: [] });
});

test("a process that hangs is ended, and the next picture is read by another", async () => {
	const reader = faulty({ timeLimitMs: 3000 });
	expect(await reader.read(picture(3))).toMatchObject({ kind: "failed", reason: "timed-out" });
	expect(await reader.read(picture(4))).toEqual({ kind: "read", lines: [] });
});

test("closing gives up the picture under way", async () => {
	const reader = faulty();
	const reading = reader.read(picture(3));
	const outcome = expect(reading).rejects.toMatchObject({ code: "MODEL_UNAVAILABLE" });
	await reader.close();
	await outcome;
	await expect(reader.read(picture(4))).rejects.toMatchObject({ code: "MODEL_UNAVAILABLE" });
});

test("a damaged file is named, and nothing is read", async () => {
	const copy = mkdtempSync(join(tmpdir(), "afterimage-reader-"));
	onTestFinished(() => rmSync(copy, { recursive: true, force: true }));
	cpSync(packagePath, copy, { recursive: true });
	writeFileSync(join(copy, "characters.txt"), "a\nb\n");
	const reader = createRecogniser({ packagePath: copy });
	onTestFinished(() => reader.close());
	await expect(reader.read(picture(1))).rejects.toMatchObject({
		code: "MODEL_UNAVAILABLE",
		message: expect.stringContaining("characters.txt is damaged"),
	});
	writeFileSync(join(copy, "model.json"), "{}");
	expect(() => createRecogniser({ packagePath: copy })).toThrow("model.json cannot be used");
});

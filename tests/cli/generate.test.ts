/** @file Drawing from the command line, with the real models at their smallest. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { expect, test, vi } from "vitest";
import { drawnFile, readProvenance } from "../../engine/generator/provenance.ts";
import { newFolder, runCli } from "./run-cli.ts";

// Every command loads the models afresh.
vi.setConfig({ testTimeout: 600_000 });

const quick = ["--backend", "diffusion", "--size", "64x64", "--steps", "2"];
const draw = (folder: string, ...rest: string[]) =>
	runCli(join(folder, "no library"), ["generate", ...rest]);

test("the same seed gives the same bytes, and a drawn file's own settings do too", async () => {
	const folder = newFolder();
	const out = (name: string) => join(folder, name);
	const asked = ["a red rose", ...quick, "--seed", "5", "--json"];
	const first = await draw(folder, ...asked, "--out", out("first.png"));
	expect(first).toMatchObject({ code: 0 });
	expect(JSON.parse(first.stdout)).toMatchObject({
		settings: { family: "diffusion", width: 64, height: 64, steps: 2, seed: 5 },
		pictures: [{ path: out("first.png"), seed: 5, packages: [{}, {}, {}] }],
	});
	await draw(folder, ...asked, "--out", out("second.png"));
	const again = await draw(folder, "--again", out("first.png"), "--out", out("third.png"));
	expect(again).toMatchObject({ code: 0, stderr: "" });
	const bytes = readFileSync(out("first.png"));
	for (const name of ["second.png", "third.png"]) {
		expect(readFileSync(out(name)).equals(bytes), name).toBe(true);
	}
	await draw(folder, "--again", out("first.png"), "--seed", "6", "--out", out("fourth.png"));
	expect(readFileSync(out("fourth.png")).equals(bytes)).toBe(false);
	expect(readdirSync(folder).sort()).toEqual(
		["first", "fourth", "second", "third"].map((name) => `${name}.png`),
	);
});

test("drawn again by a newer model, the picture is another one, and that is said", async () => {
	const folder = newFolder();
	const earlier = join(folder, "earlier.png");
	await draw(folder, "a red rose", ...quick, "--candidates", "1", "--out", earlier);
	const bytes = readFileSync(earlier);
	const { settings, packages } = readProvenance(bytes);
	const picture = { width: 64, height: 64, pixels: await sharp(bytes).raw().toBuffer() };
	const before = packages.map((one) => ({ ...one, version: "0" }));
	const given = { startPicture: null, maskPicture: null };
	writeFileSync(earlier, await drawnFile(picture, { settings, packages: before, ...given }));
	const again = await draw(folder, "--again", earlier, "--out", join(folder, "again.png"));
	expect(again.code).toBe(0);
	for (const { id, version } of packages) {
		expect(again.stderr).toContain(`version 0 of ${id}`);
		expect(again.stderr).toContain(`Version ${version} drew this time`);
	}
});

test("guided drawing comes out the same from its file", async () => {
	const folder = newFolder();
	const asked = ["a sunset", "--not", "people", "--size", "64x64", "--steps", "1", "--seed", "3"];
	await draw(folder, ...asked, "--out", join(folder, "first.png"));
	await draw(folder, "--again", join(folder, "first.png"), "--out", join(folder, "second.png"));
	const [first, second] = ["first.png", "second.png"].map((name) =>
		readFileSync(join(folder, name)),
	);
	expect(second?.equals(first ?? Buffer.alloc(0))).toBe(true);
});

test("several pictures begin with a file, are numbered, and say what they began with", async () => {
	const folder = newFolder();
	const start = join(folder, "start.jpg");
	await sharp({ create: { width: 90, height: 70, channels: 3, background: "#2040a0" } })
		.jpeg()
		.toFile(start);
	const asked = ["the sea", ...quick, "--seed", "8", "--from", start, "--count", "2", "--json"];
	const { stdout, code } = await draw(folder, ...asked, "--out", join(folder, "sea.png"));
	expect(code).toBe(0);
	const { pictures } = JSON.parse(stdout);
	const names = ["sea-1.png", "sea-2.png"].map((name) => join(folder, name));
	expect(pictures.map(({ path }: { path: string }) => path).sort()).toEqual(names);
	const told = names.map((name) => readProvenance(readFileSync(name)));
	expect(told.map(({ settings }) => settings.seed)).toEqual([8, 9]);
	expect(told[0]?.startPicture).toEqual(told[1]?.startPicture);
	expect(await sharp(told[0]?.startPicture ?? Buffer.alloc(0)).metadata()).toMatchObject({
		width: 64,
		height: 64,
	});
	const again = join(folder, "again.png");
	await draw(folder, "--again", join(folder, "sea-2.png"), "--out", again);
	expect(readFileSync(again).equals(readFileSync(join(folder, "sea-2.png")))).toBe(true);
});

test("with a mask only what is white in it changes, and the file says so", async () => {
	const folder = newFolder();
	const [start, mask, out, again] = ["start", "mask", "out", "again"].map((name) =>
		join(folder, `${name}.png`),
	) as [string, string, string, string];
	const striped = Uint8Array.from({ length: 96 * 96 * 3 }, (_, at) => (at * 7) % 251);
	await sharp(striped, { raw: { width: 96, height: 96, channels: 3 } }).toFile(start);
	const white = Uint8Array.from({ length: 96 * 96 }, (_, at) => (at % 96 < 48 ? 0 : 255));
	await sharp(white, { raw: { width: 96, height: 96, channels: 1 } }).toFile(mask);
	const asked = ["the sea", ...quick, "--size", "96x96", "--seed", "8", "--from", start];
	const drawn = await draw(folder, ...asked, "--mask", mask, "--out", out);
	expect(drawn).toMatchObject({ code: 0, stderr: "" });
	const pixels = await sharp(out).raw().toBuffer();
	const kept = (_: number, at: number) => Math.floor(at / 3) % 96 < 48;
	expect(Buffer.from(pixels.filter(kept)).equals(striped.filter(kept))).toBe(true);
	expect(pixels.equals(striped)).toBe(false);
	const bytes = readFileSync(out);
	expect(readProvenance(bytes).settings).toMatchObject({ masked: true, strength: 0.9 });
	expect(bytes.toString("latin1")).toContain("compositeWithTrainedAlgorithmicMedia");
	await draw(folder, "--again", out, "--out", again);
	expect(readFileSync(again).equals(bytes)).toBe(true);
});

test.each([
	["nothing to draw", [], /Give a prompt/],
	["a prompt of blanks", ["  "], /prompt is empty/],
	["10,000 characters", ["a ".repeat(5000)], /10000 characters/],
	["a size that is too large", ["a dog", "--size", "4096x64"], /width/],
	["a size that does not divide", ["a dog", "--size", "100x64"], /multiple of 8/],
	["a start that is no picture", ["a dog", "--from", "notes.txt"], /start picture cannot be used/],
	["a start that is not there", ["a dog", "--from", "nowhere.jpg"], /nowhere\.jpg/],
	["what the drawn file says itself", ["--again", "a.png", "--steps", "3"], /cannot be used with/],
	["a mask without a start", ["a dog", "--mask", "plain.png"], /add --from FILE/],
	[
		"a mask that is no picture",
		["a dog", "--from", "plain.png", "--mask", "notes.txt"],
		/notes\.txt: The mask cannot be used/,
	],
	[
		"a mask that is white all over",
		["a dog", "--from", "plain.png", "--mask", "white.png"],
		/white\.png: The mask is white all over/,
	],
	[
		"a mask for a family that heeds none",
		["a dog", "--backend", "autoregressive", "--from", "plain.png", "--mask", "half.png"],
		/cannot use a start picture/,
	],
	["a file that was not drawn here", ["--again", "notes.txt"], /notes\.txt/],
	["a picture that says nothing", ["--again", "plain.png"], /does not say how it was drawn/],
])("%s is refused with a sentence, and nothing is written", async (_, given, words) => {
	const folder = newFolder();
	writeFileSync(join(folder, "notes.txt"), "no picture at all");
	await sharp({ create: { width: 8, height: 8, channels: 3, background: "red" } })
		.png()
		.toFile(join(folder, "plain.png"));
	await sharp({ create: { width: 8, height: 8, channels: 3, background: "white" } })
		.png()
		.toFile(join(folder, "white.png"));
	await sharp({ create: { width: 8, height: 8, channels: 3, background: "white" } })
		.extend({ right: 8, bottom: 8, background: "black" })
		.png()
		.toFile(join(folder, "half.png"));
	const before = readdirSync(folder).sort();
	const named = given.map((word) => (/\.(txt|png|jpg)$/.test(word) ? join(folder, word) : word));
	const { code, stdout, stderr } = await draw(folder, ...named, "--out", join(folder, "x.png"));
	expect(code).not.toBe(0);
	expect(stdout).toBe("");
	expect(stderr).toMatch(words);
	expect(readdirSync(folder).sort()).toEqual(before);
});

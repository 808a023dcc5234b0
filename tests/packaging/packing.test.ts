/** @file The packed desktop app, around a stand-in for Electron's program: all of ours, nothing else. */
import { execFile } from "node:child_process";
import {
	appendFileSync,
	copyFileSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { extractAll, extractFile, listPackage } from "@electron/asar";
import { afterAll, beforeAll, expect, test } from "vitest";

const run = promisify(execFile);
const root = join(import.meta.dirname, "..", "..");
const temporary = mkdtempSync(join(tmpdir(), "afterimage-packing-"));
const resources = join(temporary, "release", "linux-unpacked", "resources");
const archive = join(resources, "app.asar");

let packed: string[] = [];
let unpacked: string[] = [];

beforeAll(async () => {
	const bin = (path: string) => join(root, "node_modules", path);
	// Both are quick where nothing has changed.
	await run(process.execPath, [bin("typescript/bin/tsc"), "-b"], { cwd: root });
	if (!existsSync(join(root, "dist", "renderer", "index.html"))) {
		await run(process.execPath, ["scripts/build.ts", "--page"], { cwd: root });
	}
	const standIn = join(temporary, "electron");
	mkdirSync(join(standIn, "resources"), { recursive: true });
	writeFileSync(join(standIn, "electron"), "Stands in for Electron's program.\n", { mode: 0o755 });
	// The mark behind which the real program keeps its fuses: version 1, nine of them, all on.
	appendFileSync(join(standIn, "electron"), "dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX\x01\x09111111111");
	await run(
		process.execPath,
		[
			bin("electron-builder/out/cli/cli.js"),
			...["--dir", "--linux", "--x64", "--config", "electron-builder.yml"],
			`-c.electronDist=${standIn}`,
			"-c.electronVersion=45.4.1",
			`-c.directories.output=${join(temporary, "release")}`,
		],
		{ cwd: root, maxBuffer: 16 * 1024 * 1024 },
	);
	packed = listPackage(archive, { isPack: false }).map((path) => path.replaceAll("\\", "/"));
	unpacked = readdirSync(`${archive}.unpacked`, { recursive: true, encoding: "utf8" });
});

afterAll(() => rmSync(temporary, { recursive: true, force: true }));

test("the entry, the preload, the engine and the page are there", () => {
	const entry: { main: string } = JSON.parse(extractFile(archive, "package.json").toString());
	expect(packed).toContain(`/${entry.main}`);
	for (const path of [
		"/dist/electron/preload.cjs",
		"/dist/electron/engine-process.js",
		"/dist/engine/engine.js",
		"/dist/contract/contract.js",
		"/dist/server/start-server.js",
		"/dist/renderer/index.html",
	]) {
		expect(packed).toContain(path);
	}
	expect(packed.some((path) => /^\/dist\/renderer\/assets\/.*\.js$/.test(path))).toBe(true);
});

test("a sandboxed preload needs nothing but electron", () => {
	const preload = extractFile(archive, "dist/electron/preload.cjs").toString();
	expect([...preload.matchAll(/require\("([^"]+)"\)/g)].map((match) => match[1])).toEqual([
		"electron",
	]);
	expect(preload).not.toMatch(/^(import|export) /m);
});

test("no sources, tests, maps or development tools are packed", () => {
	const ofOurs = packed.filter((path) => !path.startsWith("/node_modules"));
	expect(ofOurs.filter((path) => !/^\/(dist|package\.json)(\/|$)/.test(path))).toEqual([]);
	expect(packed.filter((path) => /\.(ts|cts|mts|svelte|map|tsbuildinfo)$/.test(path))).toEqual([]);
	expect(ofOurs.filter((path) => /\/tests?\//.test(path))).toEqual([]);
	const tools =
		/^\/node_modules\/(electron|electron-builder|typescript|vite|vitest|svelte|@sparticuz|@biomejs|node|playwright-core)\//;
	expect(packed.filter((path) => tools.test(path))).toEqual([]);
});

test("every package comes with its licence, or the notices have it", () => {
	const notices = readFileSync(join(root, "THIRD-PARTY-NOTICES.md"), "utf8");
	const isLicence = (path: string) => /\/(licen[cs]e|copying|unlicense)[^/]*$/i.test(path);
	const packages = packed.flatMap((path) => {
		const name = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\/package\.json$/.exec(path)?.[1];
		return name === undefined ? [] : [{ name, folder: path.slice(0, -"package.json".length) }];
	});
	expect(packages.length).toBeGreaterThan(50);
	const without = packages.filter(
		({ folder }) => !packed.some((path) => path.startsWith(folder) && isLicence(path)),
	);
	const ending = notices.slice(notices.indexOf("## Licences of packages that bring no file"));
	const named = (name: string) =>
		ending.includes(`\`${name}\``) ||
		(name.startsWith("@img/sharp-libvips-") && ending.includes("@img/sharp-libvips-*"));
	expect(without.filter(({ name }) => !named(name)).map(({ folder }) => folder)).toEqual([]);
});

test("native code of this system alone is packed, outside the archive", () => {
	const native = packed.filter((path) => /\.(node|so|dll|dylib)(\.|$)/.test(path));
	expect(native.some((path) => path.includes("/onnxruntime-node/bin/napi-v6/linux/x64/"))).toBe(
		true,
	);
	expect(native).toContain("/node_modules/better-sqlite3/prebuilds/linux-x64.node");
	expect(native.filter((path) => /darwin|win32|arm64|musl/.test(path))).toEqual([]);
	expect(native.filter((path) => !unpacked.includes(path.slice(1)))).toEqual([]);
});

test("ExifTool runs from outside the archive, without what only its readers need", async () => {
	const folder = join(`${archive}.unpacked`, "node_modules", "exiftool-vendored.pl", "bin");
	const script = join(folder, "exiftool");
	const { stdout } = await run("perl", [script, "-ver"]);
	expect(stdout.trim()).toMatch(/^\d+\.\d+$/);
	const photo = join(temporary, "written.jpg");
	const demo = join(resources, "afterimage", "demo-photos", "forest-stream.jpg");
	await run("perl", [script, "-XMP-dc:Subject=moss", "-o", photo, demo]);
	const read = await run("perl", [script, "-s3", "-Subject", photo]);
	expect(read.stdout.trim()).toBe("moss");
	expect(packed.filter((path) => /Geolocation\.dat|\/Lang\/|\.pod$/.test(path))).toEqual([]);
});

test("models, demo photos and vocabularies are real files with their licences", () => {
	const beside = readdirSync(join(resources, "afterimage"), { recursive: true, encoding: "utf8" });
	for (const path of [
		"models/starter/model.json",
		"models/starter/tokenizer.json",
		"models/pp-ocr/model.json",
		"models/pp-ocr/README.md",
		"models/pp-ocr/onnx/detection.onnx",
		"models/pp-ocr/onnx/recognition.onnx",
		"models/pp-ocr/characters.txt",
		"models/sketch-autoencoder/model.json",
		"models/sketch-autoencoder/onnx/decoder.onnx",
		"models/sketch-diffusion/model.json",
		"models/sketch-diffusion/README.md",
		"models/sketch-diffusion/onnx/velocity.onnx",
		"models/sketch-autoregressive/model.json",
		"models/sketch-autoregressive/README.md",
		"models/sketch-autoregressive/onnx/group.onnx",
		"demo-photos/SOURCES.md",
		"vocabularies/example-queries.txt",
		"LICENSE",
		"THIRD-PARTY-NOTICES.md",
	]) {
		expect(beside).toContain(path);
	}
	expect(beside.filter((path) => /\.(jpg|webp)$/.test(path)).length).toBeGreaterThan(20);
});

test("what is packed is enough to read photos and search them", async () => {
	const appPath = join(temporary, "app");
	extractAll(archive, appPath);
	const photosPath = join(temporary, "photos");
	mkdirSync(photosPath);
	for (const name of ["cup-of-coffee.jpg", "forest-stream.jpg", "moose.webp"]) {
		copyFileSync(join(resources, "afterimage", "demo-photos", name), join(photosPath, name));
	}
	const script = join(import.meta.dirname, "packed-engine.mjs");
	const { stdout } = await run(process.execPath, [
		script,
		appPath,
		join(resources, "afterimage"),
		photosPath,
		join(temporary, "library"),
	]);
	expect(stdout.trim()).toBe("cup-of-coffee.jpg");
});

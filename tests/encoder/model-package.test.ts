/** @file What a model package must be, and how one that is not is refused. */
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Refusal } from "../../contract/errors.ts";
import { encoderKey } from "../../engine/encoder/encoder-key.ts";
import { loadModelPackage, verifyModelPackage } from "../../engine/encoder/model-package.ts";
import { createDualEncoder } from "../../engine/encoder/onnx-dual-encoder.ts";
import { fixturePackage, starterPath } from "./starter-package.ts";

const scratch = mkdtempSync(join(tmpdir(), "afterimage-package-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
let copies = 0;

function copy(change: (manifest: Record<string, unknown>) => void = () => undefined): string {
	const folder = join(scratch, String(copies++));
	cpSync(fixturePackage("clip-like"), folder, { recursive: true });
	const path = join(folder, "model.json");
	const manifest = JSON.parse(readFileSync(path, "utf8"));
	change(manifest);
	writeFileSync(path, JSON.stringify(manifest));
	return folder;
}

async function refusal(action: () => unknown): Promise<Refusal> {
	try {
		await action();
	} catch (error) {
		if (error instanceof Refusal) return error;
		throw error;
	}
	throw new Error("It was not refused.");
}

describe("a model package", () => {
	it("is read and verified as it is bundled", async () => {
		const starter = loadModelPackage(starterPath);
		await verifyModelPackage(starter);
		expect(starter.manifest).toMatchObject({ version: "1", dimensions: 384 });
	});

	it.each([
		["format", 2],
		["dimensions", -1],
		["logitScale", "warm"],
		["id", undefined],
	])("is refused when %s is %s, naming file and field", async (field, value) => {
		const folder = copy((manifest) => {
			manifest[field] = value;
		});
		const { code, message, detail } = await refusal(() => loadModelPackage(folder));
		expect(code).toBe("MODEL_UNAVAILABLE");
		expect(detail).toEqual({ path: join(folder, "model.json"), field });
		expect(message).toContain(field);
	});

	it("names both formats when it is of a newer one", async () => {
		const folder = copy((manifest) => {
			manifest.format = 7;
		});
		const { message } = await refusal(() => loadModelPackage(folder));
		expect(message).toContain("format 7");
		expect(message).toContain("up to 1");
	});

	it.each(["../outside.onnx", "/outside.onnx", "a/../../outside.onnx", "C:outside.onnx", "..\\a"])(
		"may not name the file %s, outside its folder",
		async (name) => {
			const folder = copy((manifest) => {
				manifest.sha256 = { ...Object(manifest.sha256), [name]: "0".repeat(64) };
			});
			const { detail } = await refusal(() => loadModelPackage(folder));
			expect(detail.field).toBe("sha256");
		},
	);

	it("must have a checksum for every file it uses", async () => {
		const folder = copy((manifest) => {
			manifest.sha256 = {};
		});
		const { message } = await refusal(() => loadModelPackage(folder));
		expect(message).toContain("vision.onnx");
	});

	it("is refused when its manifest is missing or not JSON", async () => {
		const missing = await refusal(() => loadModelPackage(join(scratch, "nowhere")));
		expect(missing.message).toContain("is missing");
		const folder = copy();
		writeFileSync(join(folder, "model.json"), "{");
		const damaged = await refusal(() => loadModelPackage(folder));
		expect(damaged.message).toContain("not JSON");
	});
});

describe("an encoder on a damaged package", () => {
	it.each([
		["truncated", "text.onnx", (path: string) => truncateSync(path, 50)],
		["changed", "tokenizer.json", (path: string) => writeFileSync(path, "{}")],
		["missing", "text.onnx", (path: string) => rmSync(path)],
	])("names a %s %s, and works again once it is mended", async (_, name, damage) => {
		const folder = copy();
		const path = join(folder, name);
		const sound = readFileSync(path);
		damage(path);
		const encoder = createDualEncoder({ packagePath: folder });
		const { code, message, detail } = await refusal(() => encoder.embedTexts(["cat"]));
		expect(code).toBe("MODEL_UNAVAILABLE");
		expect(detail.path).toBe(path);
		expect(encoder.status()).toMatchObject({ state: "failed", problem: message });
		writeFileSync(path, sound);
		expect(await encoder.embedTexts(["cat"])).toHaveLength(1);
		expect(encoder.status().state).toBe("ready");
		await encoder.close();
	});

	it("embeds texts though the picture half is damaged", async () => {
		const folder = copy();
		truncateSync(join(folder, "vision.onnx"), 10);
		const encoder = createDualEncoder({ packagePath: folder });
		expect(await encoder.embedTexts(["cat"])).toHaveLength(1);
		await refusal(() => encoder.embedPictures([new Uint8Array(48)]));
		await encoder.close();
	});

	it("refuses a graph whose output has not the promised name or size", async () => {
		const named = createDualEncoder({
			packagePath: copy((manifest) => {
				manifest.text = { ...Object(manifest.text), output: "pooled" };
			}),
		});
		expect((await refusal(() => named.embedTexts(["cat"]))).message).toContain("no output pooled");
		const sized = createDualEncoder({
			packagePath: copy((manifest) => {
				manifest.dimensions = 76;
			}),
		});
		expect((await refusal(() => sized.embedTexts(["cat"]))).detail.field).toBe("dimensions");
		await Promise.all([named.close(), sized.close()]);
	});

	it("refuses a vector with no direction", async () => {
		const encoder = createDualEncoder({
			packagePath: copy((manifest) => {
				manifest.image = { ...Object(manifest.image), mean: [0, 0, 0] };
			}),
		});
		const { message } = await refusal(() => encoder.embedPictures([new Uint8Array(48)]));
		expect(message).toContain("not a direction");
		expect(await encoder.embedPictures([new Uint8Array(48).fill(9)])).toHaveLength(1);
		await encoder.close();
		await refusal(() => encoder.embedTexts(["cat"]));
	});
});

describe("an encoder's key", () => {
	const { manifest } = loadModelPackage(fixturePackage("clip-like"));

	it("is a safe folder name that changes with whatever changes the vectors", () => {
		const image = { ...manifest.image, resize: "stretch" as const };
		const text = { ...manifest.text, maxTokens: 64 };
		const variants = [
			manifest,
			{ ...manifest, version: "2" },
			{ ...manifest, image },
			{ ...manifest, text },
		].map(encoderKey);
		expect(new Set(variants).size).toBe(variants.length);
		for (const key of variants) expect(key).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/);
	});

	it("stays the same when only words about the encoder change", () => {
		expect(encoderKey({ ...manifest, title: "Other", licence: "MIT" })).toBe(encoderKey(manifest));
	});
});

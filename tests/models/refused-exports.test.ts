/** @file Exports that are damaged, cut short or put together wrongly: refused, with file and field named. */
import {
	appendFileSync,
	copyFileSync,
	mkdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	truncateSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Refusal } from "../../contract/errors.ts";
import { installFolder } from "../../engine/models/install-folder.ts";
import { ModelStore } from "../../engine/models/model-store.ts";
import { copyOf, fixtures, install, resourcesPath, scratchFolder } from "./layout-packages.ts";

/** The refusal, with nothing installed. */
async function refusalOf(folder: string): Promise<Refusal> {
	const store = new ModelStore(scratchFolder());
	try {
		await installFolder(folder, [], store, resourcesPath);
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		expect(await store.installed()).toEqual([]);
		return error;
	}
	throw new Error("It was not refused.");
}

function change(folder: string, name: string, edit: (value: Record<string, unknown>) => void) {
	const path = join(folder, name);
	const value = JSON.parse(readFileSync(path, "utf8"));
	edit(value);
	writeFileSync(path, JSON.stringify(value));
}

describe("an export that lacks something", () => {
	it.each([
		["tokenizer.json", /tokenizer\.json is missing.*fast format/],
		["preprocessor_config.json", /preprocessor_config\.json is missing.*size/],
		["onnx/text_model.onnx", /half that reads texts \(usually onnx\/text_model\.onnx\) is missing/],
		["onnx/vision_model.onnx", /half that reads pictures .* is missing/],
	])("%s", async (name, words) => {
		const folder = copyOf("siglip");
		rmSync(join(folder, name));
		const { code, message } = await refusalOf(folder);
		expect(code).toBe("MODEL_DAMAGED");
		expect(message).toMatch(words);
	});

	it("config.json, where nothing else says how texts are padded", async () => {
		const folder = copyOf("siglip");
		rmSync(join(folder, "config.json"));
		expect((await refusalOf(folder)).message).toMatch(/config\.json is missing.*padded/);
	});

	it.each([
		["preprocessor_config.json", "image_mean", undefined],
		["preprocessor_config.json", "image_std", [1, 2]],
		["preprocessor_config.json", "size", undefined],
		["preprocessor_config.json", "resample", 1],
		["config.json", "model_type", "something-new"],
	])("%s: %s", async (name, field, value) => {
		const folder = copyOf("siglip");
		change(folder, name, (settings) => {
			settings[field] = value;
		});
		const { message, detail } = await refusalOf(folder);
		expect(message).toContain(name);
		expect(message).toContain(field);
		expect(detail).toMatchObject({ path: expect.stringContaining(name), field });
	});

	it("the padding token", async () => {
		const folder = copyOf("siglip");
		change(folder, "tokenizer_config.json", (settings) => {
			settings.pad_token = "<nothing>";
		});
		expect((await refusalOf(folder)).message).toMatch(/no token <nothing>/);
	});

	it("the file its weights are in", async () => {
		const folder = copyOf("clip");
		copyFileSync(
			join(fixtures, "external", "vision_model.onnx"),
			join(folder, "onnx/vision_model.onnx"),
		);
		const { message, detail } = await refusalOf(folder);
		expect(message).toMatch(
			/onnx\/vision_model\.onnx_data is missing: onnx\/vision_model\.onnx keeps its weights in it/,
		);
		expect(detail.path).toMatch(/vision_model\.onnx_data$/);
		copyFileSync(
			join(fixtures, "external", "vision_model.onnx_data"),
			join(folder, "onnx/vision_model.onnx_data"),
		);
		const { manifest } = await install(folder);
		expect(Object.keys(manifest.sha256)).toContain("onnx/vision_model.onnx_data");
	});
});

describe("an export that is damaged", () => {
	it.each([
		["onnx/text_model.onnx", 0.5],
		["onnx/vision_model.onnx", 0.999],
		["onnx/text_model.onnx", 0],
	])("by cutting %s short", async (name, share) => {
		const folder = copyOf("siglip");
		const path = join(folder, name);
		truncateSync(path, Math.floor(statSync(path).size * share));
		const { message } = await refusalOf(folder);
		expect(message).toContain(`${name} is damaged`);
	});

	it("by bytes that are no graph", async () => {
		const folder = copyOf("siglip");
		writeFileSync(join(folder, "onnx/text_model.onnx"), "<!doctype html><p>Not found</p>");
		expect((await refusalOf(folder)).message).toContain("onnx/text_model.onnx is damaged");
	});

	it("by a pointer where a large file should be", async () => {
		const folder = copyOf("siglip");
		writeFileSync(
			join(folder, "onnx/text_model.onnx"),
			"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n",
		);
		expect((await refusalOf(folder)).message).toMatch(/text_model\.onnx.* large file/);
	});

	it.each(["tokenizer.json", "config.json", "preprocessor_config.json"])("in %s", async (name) => {
		const folder = copyOf("siglip");
		appendFileSync(join(folder, name), "}");
		expect((await refusalOf(folder)).message).toContain(`${name} is damaged: it is not JSON`);
	});
});

describe("towers that do not belong together", () => {
	it("of the same size: the words of known photos give them away", async () => {
		const folder = copyOf("siglip");
		copyFileSync(
			join(fixtures, "masked/onnx/vision_model.onnx"),
			join(folder, "onnx/vision_model.onnx"),
		);
		// So that only the towers differ.
		const { message } = await refusalOf(folder);
		expect(message).toMatch(/^onnx\/text_model\.onnx does not belong to onnx\/vision_model\.onnx/);
	});

	it("a tokenizer of another model is found out in the same way", async () => {
		const folder = copyOf("clip");
		change(folder, "tokenizer.json", (tokenizer) => {
			const { model } = tokenizer as {
				model: { vocab: Record<string, number>; merges: unknown[] };
			};
			model.merges = [];
			const letters = Object.entries(model.vocab).filter(([name]) => !name.startsWith("<|"));
			// The same words, numbered backwards.
			for (const [at, [name]] of letters.entries()) {
				model.vocab[name] = letters[letters.length - 1 - at]?.[1] ?? 0;
			}
		});
		expect((await refusalOf(folder)).message).toContain("tokenizer.json is another model's");
	});

	it("of different sizes", async () => {
		const folder = copyOf("clip");
		copyFileSync(
			join(fixtures, "external", "wider_text_model.onnx"),
			join(folder, "onnx/text_model.onnx"),
		);
		expect((await refusalOf(folder)).message).toMatch(
			/onnx\/text_model\.onnx gives 40 numbers a text and onnx\/vision_model\.onnx 32 a picture/,
		);
	});

	it("a picture size the settings do not make", async () => {
		const folder = copyOf("siglip");
		change(folder, "preprocessor_config.json", (settings) => {
			settings.size = { height: 64, width: 64 };
		});
		expect((await refusalOf(folder)).message).toMatch(
			/vision_model\.onnx takes pictures of 32 x 32, but the settings bring them to 64 x 64/,
		);
	});
});

describe("a folder that is something else", () => {
	it("a graph that takes neither pictures nor texts is named with the reason", async () => {
		const folder = join(scratchFolder(), "segmenter");
		mkdirSync(folder);
		copyFileSync(join(fixtures, "external", "stranger.onnx"), join(folder, "stranger.onnx"));
		expect((await refusalOf(folder)).message).toMatch(
			/no model that searches photos.*stranger\.onnx: its input/,
		);
	});

	it("a single file stands for the folder it is in", async () => {
		const folder = copyOf("masked");
		renameSync(folder, `${folder}-2`);
		const store = new ModelStore(scratchFolder());
		const file = join(`${folder}-2`, "onnx", "text_model.onnx");
		expect(await installFolder(file, [], store, resourcesPath)).toBe("my-masked-2");
	});
});

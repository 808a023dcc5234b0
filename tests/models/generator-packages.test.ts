/** @file Models that draw: recognised by their files, looked at before they are copied, told why they are of no use. */
import {
	cpSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	truncateSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { type ModelId, modelIdSchema } from "../../contract/model-package.ts";
import { openFamilies } from "../../engine/generator/families.ts";
import type { CatalogueEntry } from "../../engine/models/model-catalogue.ts";
import { Models } from "../../engine/models/models.ts";
import { resourcesPath } from "./layout-packages.ts";
import { listingOf, standInHub } from "./stand-in-hub.ts";

const generators = join(import.meta.dirname, "..", "fixtures", "generator");
const sources = {
	pipeline: join(generators, "pipelines", "classic"),
	janus: join(generators, "janus", "package"),
} as const;
type Layout = keyof typeof sources;

function scratch(): string {
	const path = mkdtempSync(join(tmpdir(), "afterimage-generators-"));
	onTestFinished(() => rmSync(path, { recursive: true, force: true }));
	return path;
}

/** A copy to be changed. */
function copyOf(layout: Layout, change: (path: string) => void = () => {}): string {
	const path = join(scratch(), `my ${layout}`);
	cpSync(sources[layout], path, { recursive: true });
	change(path);
	return path;
}

async function modelsIn(path: string, catalogue: CatalogueEntry[] = [], hub?: string) {
	const models = await Models.open({
		...{ path, resourcesPath, catalogue },
		mirror: { get: async () => hub ?? null, set: async () => undefined },
		onChanged: () => undefined,
		onReceived: () => undefined,
	});
	onTestFinished(() => models.close());
	return models;
}

/** Those that can be drawn with. */
const offered = (modelsPath: string): ModelId[] =>
	openFamilies(resourcesPath, modelsPath).flatMap(({ packages }) =>
		packages.list().map(({ id }) => id),
	);

describe.each(["pipeline", "janus"] as const)("a model in the layout of %s", (layout) => {
	it("is installed from its folder, and offered", async () => {
		const path = scratch();
		const models = await modelsIn(path);
		const id = await models.installFolder(copyOf(layout));
		const [model] = (await models.list()).models;
		expect(model).toMatchObject({ id, kind: "generator", notUsable: null });
		expect(offered(path)).toEqual([id]);
		await models.remove(id);
		expect(offered(path)).toEqual([]);
	});

	const graphs = { pipeline: "unet/model.onnx", janus: "onnx/gen_img_embeds.onnx" };
	const graph = graphs[layout];
	const inputs = { pipeline: ["timestep", "timestap"], janus: ["image_ids", "image_odd"] } as const;

	it.each<[string, (path: string) => void, RegExp]>([
		["cut off", (path) => truncateSync(path, 900), /is damaged, or no ONNX model/],
		["missing", (path) => rmSync(path), /it is missing/],
		["no graph at all", (path) => writeFileSync(path, "hello"), /is damaged, or no ONNX model/],
		["one that takes something else", (path) => rename(path, inputs[layout]), /it has no input/],
	])(
		"with a graph that is %s it is refused by its name, and nothing is changed",
		async (_, damage, reason) => {
			const path = scratch();
			const models = await modelsIn(path);
			const before = await models.installFolder(sources[layout]);
			const names = readdirSync(path, { recursive: true, encoding: "utf8" }).toSorted();
			const broken = copyOf(layout, (folder) => damage(join(folder, ...graph.split("/"))));
			const refusal = await models.installFolder(broken).catch((error: unknown) => error);
			expect(refusal).toMatchObject({ message: expect.stringMatching(reason) });
			const name = graph.split("/").at(-1) ?? "";
			expect(refusal).toMatchObject({ message: expect.stringContaining(name) });
			expect(readdirSync(path, { recursive: true, encoding: "utf8" }).toSorted()).toEqual(names);
			expect(offered(path)).toEqual([before]);
		},
	);

	it("of which a file was taken away later is listed with the reason, and not offered", async () => {
		const path = scratch();
		const models = await modelsIn(path);
		const id = await models.installFolder(sources[layout]);
		rmSync(join(path, id, ...graph.split("/")));
		const [model] = (await models.list()).models;
		expect(model?.notUsable).toContain(graph.split("/").at(-1));
		expect(model?.notUsable).toContain("it is missing");
		expect(offered(path)).toEqual([]);
	});
});

/** Another name of the same length for an input, wherever the graph says it. */
function rename(path: string, [name, other]: readonly [string, string]): void {
	const text = readFileSync(path, "latin1");
	expect(text).toContain(name);
	writeFileSync(path, text.replaceAll(name, other), "latin1");
}

it("Stable Diffusion's folders without a model_index.json are offered as well", async () => {
	const path = scratch();
	const models = await modelsIn(path);
	const folder = copyOf("pipeline", (at) => rmSync(join(at, "model_index.json")));
	expect(offered(path)).toEqual([]);
	expect(offered(path)).toEqual([]);
	const id = await models.installFolder(folder);
	expect(offered(path)).toEqual([id]);
});

it("all that Stable Diffusion's folders lack is said in one sentence", async () => {
	const models = await modelsIn(scratch());
	const folder = copyOf("pipeline", (at) => {
		for (const name of ["model_index.json", "scheduler", "tokenizer"]) {
			rmSync(join(at, name), { recursive: true });
		}
	});
	await expect(models.installFolder(folder)).rejects.toThrow(
		/scheduler_config\.json: it is missing, and so is tokenizer\/tokenizer\.json/,
	);
});

it("a model of another kind is neither, and says which layouts draw", async () => {
	const path = scratch();
	const models = await modelsIn(path);
	const id = await models.installFolder(sources.janus);
	const record = join(path, id, "installed.json");
	const text = readFileSync(record, "utf8");
	writeFileSync(record, text.replaceAll(/"onnx\/(\w+)"/g, '"$1"').replaceAll("onnx/", "other/"));
	renameSync(join(path, id, "onnx"), join(path, id, "other"));
	const [model] = (await models.list()).models;
	expect(model?.notUsable).toContain("layouts of Stable Diffusion");
});

const id = modelIdSchema.parse("janus-pro-1b");
const entry: CatalogueEntry = {
	...{ id, kind: "generator", title: "Janus", licence: null, commercialUse: null },
	...{ sizeBytes: null, dimensions: null, figures: [], goodFor: "Tests.", sources: [] },
	...{ repository: "someone/janus", revision: null, form: null, files: [] },
};

/** A repository with more forms of the graphs than are wanted. */
function repository(): Record<string, Uint8Array> {
	const names = readdirSync(sources.janus, { recursive: true, encoding: "utf8" })
		.map((name) => name.replaceAll("\\", "/"))
		.filter((name) => /\.\w+$/.test(name));
	const files: Record<string, Uint8Array> = Object.fromEntries(
		names.map((name) => [name, readFileSync(join(sources.janus, name))]),
	);
	for (const name of ["gen_head_q4", "gen_head_fp16", "prepare_inputs_embeds_fp16"]) {
		files[`onnx/${name}.onnx`] = new Uint8Array(10);
	}
	return files;
}

it("of a repository only what draws is taken, each graph in one form, and it can be drawn with", async () => {
	const files = repository();
	const hub = await standInHub(files);
	hub.listing = listingOf(files);
	const path = scratch();
	const models = await modelsIn(path, [entry], hub.address);
	const found = await models.lookUp(id);
	expect(found.state).toMatchObject({ kind: "available" });
	for await (const event of models.install(id, undefined)) {
		if (event.phase === "failed") throw new Error(event.message);
	}
	expect(readdirSync(join(path, id, "onnx")).toSorted()).toEqual([
		"gen_head.onnx",
		"gen_img_embeds.onnx",
		"image_decode.onnx",
		"language_model_q4.onnx",
		"prepare_inputs_embeds.onnx",
	]);
	const [model] = (await models.list()).models;
	expect(model).toMatchObject({ state: { kind: "installed" }, notUsable: null });
	expect(offered(path)).toEqual([id]);
});

it("a repository without one of the graphs is refused before anything is downloaded", async () => {
	const { "onnx/image_decode.onnx": _, ...files } = repository();
	const hub = await standInHub(files);
	hub.listing = listingOf(files);
	const path = scratch();
	const models = await modelsIn(path, [entry], hub.address);
	await expect(models.lookUp(id)).rejects.toThrow(
		/does not hold Janus in a form this version reads/,
	);
	expect(readdirSync(path)).toEqual([]);
});

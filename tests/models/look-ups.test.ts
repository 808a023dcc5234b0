/** @file Asking the hub what there is before anything is downloaded, and downloading just that. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { type InstallEvent, modelIdSchema } from "../../contract/model-package.ts";
import { loadModelPackage, verifyModelPackage } from "../../engine/encoder/model-package.ts";
import type { CatalogueEntry } from "../../engine/models/model-catalogue.ts";
import { Models } from "../../engine/models/models.ts";
import { fixtures, resourcesPath } from "./layout-packages.ts";
import {
	answer,
	listingOf,
	type Misbehaviour,
	type StandInHub,
	standInHub,
} from "./stand-in-hub.ts";

const id = modelIdSchema.parse("small");
const entry: CatalogueEntry = {
	id,
	kind: "encoder",
	title: "Small",
	licence: null,
	commercialUse: null,
	sizeBytes: null,
	dimensions: null,
	figures: [],
	goodFor: "Tests.",
	sources: [],
	repository: "someone/small",
	revision: null,
	form: "quantized",
	files: [],
};
const limits = { stallMs: 2000, mostTries: 3, retryMs: 5, longestWaitMs: 2000, mostRedirects: 3 };

/** Every file of the CLIP layout, as a repository holds them. */
const files: Record<string, Uint8Array> = Object.fromEntries(
	readdirSync(join(fixtures, "clip"), { recursive: true, encoding: "utf8" })
		.filter((name) => /\.\w+$/.test(name))
		.map((name) => [name, readFileSync(join(fixtures, "clip", name))]),
);

interface Setup {
	hub: StandInHub;
	models: Models;
	path: string;
	received: string[];
}

async function setUp(known: Partial<CatalogueEntry> = {}, path?: string): Promise<Setup> {
	const hub = await standInHub(files);
	hub.listing = listingOf(files);
	const folder = path ?? mkdtempSync(join(tmpdir(), "afterimage-lookups-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	const received: string[] = [];
	const models = await Models.open({
		path: folder,
		resourcesPath,
		catalogue: [{ ...entry, ...known }],
		limits,
		mirror: { get: async () => hub.address, set: async () => undefined },
		onChanged: () => undefined,
		onReceived: (_host, _bytes, why) => received.push(why),
	});
	onTestFinished(() => models.close());
	return { hub, models, path: folder, received };
}

async function install(models: Models): Promise<InstallEvent | undefined> {
	let last: InstallEvent | undefined;
	for await (const event of models.install(id, undefined)) last = event;
	return last;
}

describe("a model whose revision nobody here knows", () => {
	it("is looked up first, and nothing but the question is sent", async () => {
		const { hub, models, received } = await setUp();
		const [before] = (await models.list()).models;
		expect(before?.state).toEqual({ kind: "not-looked-up" });
		expect(hub.requests).toEqual([]);
		const model = await models.lookUp(id);
		expect(hub.requests.map(({ url }) => url)).toEqual([
			"/api/models/someone/small/revision/main?blobs=true",
		]);
		expect(received).toEqual(["Looking up someone/small"]);
		expect(model.state).toEqual({ kind: "available", keptBytes: 0 });
		expect(model.pin).toMatchObject({ revision: "a".repeat(40), licence: "mit" });
		// The form the catalogue means, and not the others beside it.
		const wanted = Object.keys(files).filter(
			(name) => !name.endsWith(".onnx") || /(text|vision)_model_quantized/.test(name),
		);
		expect(model.pin?.files).toBe(wanted.length);
		const size = wanted.reduce((sum, name) => sum + (files[name]?.length ?? 0), 0);
		expect(model.downloadBytes).toBe(size);
	});

	it("is then downloaded at just that revision, and becomes a package that searches", async () => {
		const { hub, models, path } = await setUp();
		expect(await install(models)).toMatchObject({ phase: "failed", code: "NOT_SUPPORTED" });
		await models.lookUp(id);
		hub.listing = listingOf(files, "b".repeat(40));
		expect(await install(models)).toEqual({ phase: "installed" });
		const fetched = hub.requests.slice(1).map(({ url }) => url);
		expect(fetched.length).toBeGreaterThan(4);
		for (const url of fetched) expect(url).toContain(`/someone/small/resolve/${"a".repeat(40)}/`);
		const modelPackage = loadModelPackage(join(path, "small"));
		await verifyModelPackage(modelPackage);
		expect(modelPackage.manifest.text.file).toBe("onnx/text_model_quantized.onnx");
		expect(modelPackage.manifest.id).toBe("small");
	});

	it("keeps what was looked up for the next start", async () => {
		const { models, path } = await setUp();
		await models.lookUp(id);
		await models.close();
		const again = await setUp({}, path);
		const [model] = (await again.models.list()).models;
		expect(model?.pin?.revision).toBe("a".repeat(40));
		expect(model?.state.kind).toBe("available");
		expect(again.hub.requests).toEqual([]);
	});

	it("another file than the hub had announced is thrown away", async () => {
		const { hub, models } = await setUp();
		await models.lookUp(id);
		const other = new Uint8Array(files["onnx/vision_model_quantized.onnx"] ?? []);
		other[100] = (other[100] ?? 0) ^ 1;
		hub.always = (request, response) => {
			const bytes = request.url?.includes("vision") ? other : undefined;
			if (bytes !== undefined) return void response.end(bytes);
			const name = Object.keys(files).find((one) => request.url?.endsWith(`/${one}`)) ?? "";
			response.end(files[name]);
		};
		expect(await install(models)).toMatchObject({ phase: "failed", code: "MODEL_DAMAGED" });
	});

	it("whose towers do not belong together is not installed, though every checksum is right", async () => {
		const { hub, models } = await setUp({ form: null });
		const mixed = {
			...files,
			"onnx/text_model.onnx": readFileSync(join(fixtures, "external/wider_text_model.onnx")),
		};
		hub.listing = listingOf(mixed);
		hub.always = (request, response) => {
			if (request.url?.startsWith("/api/")) return void response.end(JSON.stringify(hub.listing));
			const name = Object.keys(mixed).find((one) => request.url?.endsWith(`/${one}`)) ?? "";
			response.end(mixed[name as keyof typeof mixed]);
		};
		await models.lookUp(id);
		const end = await install(models);
		expect(end).toMatchObject({ phase: "failed", code: "MODEL_DAMAGED" });
		expect((await models.list()).models[0]?.state.kind).toBe("available");
	});
});

const says =
	(listing: unknown): Misbehaviour =>
	(_, response) =>
		void response.end(typeof listing === "string" ? listing : JSON.stringify(listing));
const whole = listingOf(files);

describe("a look-up that goes wrong", () => {
	it.each<[name: string, misbehaviour: Misbehaviour, code: string, words: RegExp]>([
		["a page in place of a list", says("<!doctype html>"), "DOWNLOAD_FAILED", /did not say what/],
		["no commit", says({ ...whole, sha: "main" }), "DOWNLOAD_FAILED", /did not say what/],
		["a gate", says({ ...whole, gated: "manual" }), "DOWNLOAD_FAILED", /asks for an account/],
		[
			"no ONNX files",
			says({ ...whole, siblings: [{ rfilename: "model.safetensors", size: 9 }] }),
			"NOT_SUPPORTED",
			/holds no ONNX file at all/,
		],
		[
			"another form than wanted",
			says(listingOf({ "onnx/model_q4.onnx": new Uint8Array(9) })),
			"NOT_SUPPORTED",
			/It holds onnx\/model_q4\.onnx/,
		],
		[
			"names that lead elsewhere",
			says(listingOf({ "../../onnx/text_model_quantized.onnx": new Uint8Array(9) })),
			"NOT_SUPPORTED",
			/holds no ONNX file/,
		],
		["404", answer(404), "DOWNLOAD_FAILED", /does not have/],
		["always 500", answer(500), "DOWNLOAD_FAILED", /trouble at the moment.*Try again later/],
		[
			"a redirect to an unsafe address",
			answer(302, { location: "http://192.0.2.1/" }),
			"DOWNLOAD_FAILED",
			/not a safe address/,
		],
		[
			"endless words",
			(_, response) => void response.end(" ".repeat(9_000_000)),
			"DOWNLOAD_FAILED",
			/far more/,
		],
	])("%s: it is told, and nothing is remembered", async (_, misbehaviour, code, words) => {
		const { hub, models } = await setUp();
		hub.always = misbehaviour;
		await expect(models.lookUp(id)).rejects.toMatchObject({
			code,
			message: expect.stringMatching(words),
		});
		expect((await models.list()).models[0]?.state).toEqual({ kind: "not-looked-up" });
	});

	it("a moment's trouble is waited for", async () => {
		const { hub, models } = await setUp();
		hub.next.push(answer(503), answer(429, { "retry-after": "0" }));
		expect((await models.lookUp(id)).state.kind).toBe("available");
	});

	it("a model that is in no repository is refused without asking anybody", async () => {
		const { hub, models } = await setUp({ repository: null });
		await expect(models.lookUp(id)).rejects.toMatchObject({ code: "NOT_SUPPORTED" });
		expect(hub.requests).toEqual([]);
	});
});

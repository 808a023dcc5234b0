import { spawn } from "node:child_process";
import { once } from "node:events";
import {
	existsSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { type InstallEvent, modelIdSchema } from "../../contract/model-package.ts";
import type { CatalogueEntry } from "../../engine/models/model-catalogue.ts";
import { Models } from "../../engine/models/models.ts";
import {
	answer,
	dropAfter,
	type Misbehaviour,
	type StandInHub,
	sendFile,
	sha256Of,
	standInHub,
} from "./stand-in-hub.ts";

const weights = new Uint8Array(300_000).map((_, index) => (index * 31 + (index >> 8)) & 255);
const tokenizer = new TextEncoder().encode('{"version":"1.0"}');
const files = { "onnx/model.onnx": weights, "tokenizer.json": tokenizer };
const id = modelIdSchema.parse("tiny");

const entry: CatalogueEntry = {
	id,
	// An encoder would be tried on photos, too; these bytes are only carried.
	kind: "generator",
	title: "Tiny",
	licence: "MIT",
	commercialUse: true,
	sizeBytes: null,
	dimensions: 8,
	figures: [],
	goodFor: "Tests.",
	sources: [],
	repository: "someone/tiny",
	revision: "0".repeat(40),
	form: null,
	files: [
		{ name: "onnx/model.onnx", sizeBytes: weights.length, sha256: sha256Of(weights) },
		{ name: "tokenizer.json", sizeBytes: null, sha256: "unverified" },
	],
};

const limits = { stallMs: 10_000, mostTries: 3, retryMs: 5, longestWaitMs: 2000, mostRedirects: 3 };

interface Setup {
	hub: StandInHub;
	models: Models;
	path: string;
	install(): Promise<InstallEvent>;
	/** `installed` or nothing of it at all outside the staging folder. */
	state(): Promise<string>;
}

async function setUp(
	options: { freeBytes?: number; unverified?: boolean; stallMs?: number } = {},
): Promise<Setup> {
	const hub = await standInHub(files);
	const path = mkdtempSync(join(tmpdir(), "afterimage-models-"));
	onTestFinished(() => rmSync(path, { recursive: true, force: true }));
	const { freeBytes } = options;
	const known = options.unverified
		? { ...entry, files: entry.files.map((file) => ({ ...file, sha256: "unverified" as const })) }
		: entry;
	const models = await Models.open({
		path,
		resourcesPath: "",
		catalogue: [known],
		limits: { ...limits, ...(options.stallMs !== undefined && { stallMs: options.stallMs }) },
		mirror: { get: async () => hub.address, set: async () => undefined },
		onChanged: () => undefined,
		onReceived: () => undefined,
		...(freeBytes !== undefined && { freeBytes: async () => freeBytes }),
	});
	onTestFinished(() => models.close());
	return {
		hub,
		models,
		path,
		install: async () => {
			let last: InstallEvent | undefined;
			for await (const event of models.install(id, undefined)) last = event;
			if (last === undefined) throw new Error("Nothing was told.");
			return last;
		},
		state: async () => {
			const kind = (await models.list()).models[0]?.state.kind ?? "none";
			const named = readdirSync(path).filter((name) => !name.startsWith("."));
			expect(named).toEqual(kind === "installed" ? ["tiny"] : []);
			return kind;
		},
	};
}

test("a model is installed whole, and removed with the space it took", async () => {
	const { models, path, install, state } = await setUp();
	expect(await install()).toEqual({ phase: "installed" });
	expect(await state()).toBe("installed");
	expect(readFileSync(join(path, "tiny", "onnx/model.onnx")).equals(weights)).toBe(true);
	expect(await models.remove(id)).toBeGreaterThanOrEqual(weights.length + tokenizer.length);
	expect(await state()).toBe("available");
	await expect(models.remove(id)).rejects.toMatchObject({ code: "MODEL_NOT_FOUND" });
});

test("a connection that drops again and again is resumed and nothing is fetched twice", async () => {
	const { hub, install } = await setUp();
	hub.next.push(dropAfter(weights, 0.5), dropAfter(weights, 0.5), dropAfter(weights, 0.5));
	expect(await install()).toEqual({ phase: "installed" });
	const starts = hub.requests
		.filter(({ url }) => url.endsWith(".onnx"))
		.map(({ range }) => Number(/\d+/.exec(range ?? "0")?.[0]));
	expect(starts).toEqual([0, 150_000, 225_000, 262_500]);
});

test("a server that stops sending is given up and asked again", async () => {
	const { hub, install } = await setUp({ stallMs: 500 });
	hub.next.push(dropAfter(weights, 0.3, true));
	expect(await install()).toEqual({ phase: "installed" });
	expect(hub.requests[1]?.range).toBe("bytes=90000-");
});

test("a server that ignores what is asked for is read from the start", async () => {
	const { hub, install } = await setUp();
	hub.ignoreRange = true;
	hub.next.push(dropAfter(weights, 0.5));
	expect(await install()).toEqual({ phase: "installed" });
});

const wrong = weights.map((value, index) => (index === 7 ? value ^ 1 : value));
const sendsWrong: Misbehaviour = (request, response) => {
	response.setHeader("x-linked-etag", "none");
	const tagless = { "content-length": wrong.length, etag: '"other"' };
	expect(request.method).toBe("GET");
	response.writeHead(200, tagless).end(wrong);
};

test.each<[name: string, misbehaviour: Misbehaviour, code: string, words: RegExp]>([
	["wrong bytes", sendsWrong, "MODEL_DAMAGED", /checksum is wrong/],
	[
		"too few bytes, as announced",
		(request, response) => sendFile(request, response, weights.subarray(1)),
		"MODEL_DAMAGED",
		/announces 299999 bytes .* instead of 300000/,
	],
	[
		"more bytes, unannounced",
		(_, response) => {
			response.write(weights);
			response.end(weights);
		},
		"MODEL_DAMAGED",
		/has 600000 bytes instead of 300000/,
	],
	["403", answer(403), "DOWNLOAD_FAILED", /does not give this file to everyone/],
	["404", answer(404), "DOWNLOAD_FAILED", /does not have .*\.onnx/],
	["always 500", answer(500), "DOWNLOAD_FAILED", /has trouble at the moment \(500\)/],
	["always 429", answer(429), "DOWNLOAD_FAILED", /asks us to wait/],
	["429 for an hour", answer(429, { "retry-after": "3600" }), "DOWNLOAD_FAILED", /60 minutes/],
	["a redirect loop", answer(302, { location: "/again" }), "DOWNLOAD_FAILED", /without end/],
	[
		"a redirect to an unsafe address",
		answer(302, { location: "http://192.0.2.1/model" }),
		"DOWNLOAD_FAILED",
		/not a safe address/,
	],
	["a redirect to nowhere", answer(302), "DOWNLOAD_FAILED", /nowhere/],
	["a server that hangs up", (request) => request.destroy(), "DOWNLOAD_FAILED", /not be reached/],
])("%s: the model stays absent, and the reason is told", async (_, misbehaviour, code, words) => {
	const { hub, install, state } = await setUp();
	hub.always = misbehaviour;
	const end = await install();
	expect(end).toMatchObject({ phase: "failed", code });
	expect(end.phase === "failed" ? end.message : "").toMatch(words);
	expect(await state()).toBe("available");
	hub.always = null;
	expect(await install()).toEqual({ phase: "installed" });
});

test("what the server is short of for a moment is waited for", async () => {
	const { hub, install } = await setUp();
	hub.next.push(answer(503), answer(429, { "retry-after": "0" }));
	expect(await install()).toEqual({ phase: "installed" });
});

test("an unverified weight file must have the hub's own checksum", async () => {
	const { hub, install, state } = await setUp({ unverified: true });
	hub.next.push((_, response) => void response.end(weights));
	expect(await install()).toMatchObject({ phase: "failed", code: "MODEL_DAMAGED" });
	expect(await state()).toBe("available");
	hub.next.push((_, response) => {
		response.setHeader("x-linked-etag", `"${sha256Of(weights)}"`);
		response.end(wrong);
	});
	expect(await install()).toMatchObject({ phase: "failed", code: "MODEL_DAMAGED" });
	expect(await install()).toEqual({ phase: "installed" });
});

test("a disk without room is refused before anything is fetched", async () => {
	const { hub, install, state } = await setUp({ freeBytes: 1000 });
	expect(await install()).toMatchObject({ phase: "failed", code: "DISK_FULL" });
	expect(hub.requests).toEqual([]);
	expect(await state()).toBe("available");
});

test("a cancelled download keeps what it has and goes on from there", async () => {
	const { hub, models, install, state } = await setUp();
	hub.next.push(dropAfter(weights, 0.5, true));
	const events = models.install(id, undefined);
	for await (const event of events) {
		if (event.phase === "downloading" && event.doneBytes >= 0) break;
	}
	await models.cancel(id);
	expect(await state()).toBe("available");
	expect(await install()).toEqual({ phase: "installed" });
});

test("a process killed while downloading resumes and does not start over", async () => {
	const { hub, path, install } = await setUp();
	const cataloguePath = join(path, ".catalogue.json");
	writeFileSync(cataloguePath, JSON.stringify({ format: 1, models: [entry] }));
	hub.next.push(dropAfter(weights, 0.5, true));
	const script = fileURLToPath(new URL("../fixtures/download-until-killed.ts", import.meta.url));
	const child = spawn(process.execPath, [script, path, hub.address, cataloguePath]);
	const partial = join(path, ".staging", "tiny", "onnx", "model.onnx.partial");
	await expect.poll(() => existsSync(partial) && statSync(partial).size).toBe(150_000);
	child.kill("SIGKILL");
	await once(child, "close");
	expect(await install()).toEqual({ phase: "installed" });
	expect(hub.requests[1]?.range).toBe("bytes=150000-");
});

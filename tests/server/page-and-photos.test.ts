/** @file What the server sends: the page's files, pictures by id, and the API, with their headers. */
import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { PortUnavailableError } from "../../server/listen.ts";
import { startServer } from "../../server/start-server.ts";
import { createFakeLibrary, secretOfDefect } from "../fixtures/fake-library.ts";
import { runServer } from "./running-server.ts";

describe("the page", () => {
	test("may run only its own scripts and reach only its own server", async () => {
		const { send, bearer, port } = await runServer();
		const { headers } = await send("GET /", bearer);
		expect(headers["content-security-policy"]?.split("; ")).toEqual(
			expect.arrayContaining([
				"default-src 'none'",
				"script-src 'self'",
				"style-src 'self'",
				"img-src 'self' blob: data:",
				`connect-src 'self' ws://127.0.0.1:${port}`,
				"base-uri 'none'",
				"form-action 'none'",
				"frame-ancestors 'none'",
			]),
		);
		expect(headers).toMatchObject({
			"content-type": "text/html; charset=utf-8",
			"cache-control": "no-cache",
			"x-content-type-options": "nosniff",
			"referrer-policy": "no-referrer",
			"cross-origin-opener-policy": "same-origin",
			"cross-origin-resource-policy": "same-origin",
			"permissions-policy": expect.stringContaining("camera=()"),
		});
	});

	test("answers at addresses inside it, and keeps files with a hash in their name for good", async () => {
		const { send, bearer } = await runServer();
		expect((await send("GET /photo/12", bearer)).body).toContain("<title>Page</title>");
		const script = await send("GET /assets/index-abc123.js", bearer);
		expect(script.status).toBe(200);
		expect(script.headers).toMatchObject({
			"content-type": "text/javascript; charset=utf-8",
			"cache-control": "private, max-age=31536000, immutable",
		});
		expect((await send("GET /assets/absent.js", bearer)).status).toBe(404);
	});

	test.each([
		"/../secret.txt",
		"/assets/../../secret.txt",
		"/..%2fsecret.txt",
		"/%2e%2e/secret.txt",
		"/%2e%2e%2fsecret.txt",
		"/..%5csecret.txt",
		"/..\\secret.txt",
		"/assets/..%252f..%252fsecret.txt",
		"/.hidden.txt",
		"//secret.txt",
		"/secret.txt%00.html",
		"/%c0%ae%c0%ae/secret.txt",
		"file:///etc/passwd",
		"http://127.0.0.1/index.html",
	])("is not left by %s", async (path) => {
		const { send, bearer } = await runServer();
		const answer = await send(`GET ${path}`, bearer);
		expect(answer.status).toBeGreaterThanOrEqual(400);
		expect(answer.status).toBeLessThan(500);
		expect(answer.body).not.toMatch(/secret|hidden/);
	});

	test.each(["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])("refuses %s", async (method) => {
		const { send, bearer } = await runServer();
		for (const path of ["/", "/assets/index-abc123.js", "/photos/1/thumbnail"]) {
			const answer = await send(`${method} ${path}`, bearer);
			expect(answer.status).toBe(405);
			expect(answer.headers.allow).toBe("GET, HEAD");
		}
	});

	test("that was not built is an answer, not a crash", async () => {
		const { send, bearer, folder } = await runServer();
		rmSync(join(folder, "page"), { recursive: true });
		expect((await send("GET /", bearer)).status).toBe(503);
	});
});

describe("photos", () => {
	async function withPhoto(contentType: string, bytes: Uint8Array, immutable = true) {
		let filePath = "";
		const server = await runServer({
			picture: (id, kind) => {
				if (id !== 7) return undefined;
				if (kind === "thumbnail") return { contentType, body: { bytes }, immutable };
				return { contentType, body: { filePath }, immutable };
			},
		});
		filePath = join(server.folder, "photo");
		writeFileSync(filePath, bytes);
		return { ...server, filePath };
	}

	test("arrive whole from a file and from memory, and are not sent twice", async () => {
		const bytes = randomBytes(3_000_000);
		const { address, bearer } = await withPhoto("image/jpeg", bytes);
		const digest = (data: Uint8Array) => createHash("sha256").update(data).digest("hex");
		for (const kind of ["thumbnail", "display"]) {
			const response = await fetch(`${address}/photos/7/${kind}?v=2`, { headers: bearer });
			expect(response.status).toBe(200);
			expect(response.headers.get("content-type")).toBe("image/jpeg");
			expect(response.headers.get("cache-control")).toBe("private, max-age=31536000, immutable");
			expect(digest(await response.bytes())).toBe(digest(bytes));
			const etag = response.headers.get("etag") ?? "";
			expect(etag).toMatch(/^"[\w-]+"$/);
			const again = await fetch(`${address}/photos/7/${kind}?v=2`, {
				headers: { ...bearer, "if-none-match": etag },
			});
			expect(again.status).toBe(304);
		}
	});

	test("without a version in the address are asked for again", async () => {
		const { send, bearer } = await withPhoto("image/jpeg", randomBytes(10));
		const { headers } = await send("GET /photos/7/display", bearer);
		expect(headers["cache-control"]).toBe("private, no-cache");
		const head = await send("HEAD /photos/7/display", bearer);
		expect(head.status).toBe(200);
		expect(head.headers["content-length"]).toBe("10");
		expect(head.body).toBe("");
	});

	test("never run scripts, whatever an SVG holds", async () => {
		const svg = new TextEncoder().encode("<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>");
		const { send, bearer } = await withPhoto("image/svg+xml", svg);
		for (const kind of ["thumbnail", "display"]) {
			const { headers } = await send(`GET /photos/7/${kind}`, bearer);
			expect(headers["content-security-policy"]).toContain(
				"default-src 'none'; style-src 'unsafe-inline'; sandbox",
			);
			expect(headers["x-content-type-options"]).toBe("nosniff");
		}
	});

	test.each(["/photos/8/display", "/photos/0/display", "/photos/-7/display", "/photos/7/original"])(
		"%s is not found",
		async (path) => {
			const { send, bearer } = await withPhoto("image/jpeg", randomBytes(10));
			expect((await send(`GET ${path}`, bearer)).status).toBe(404);
		},
	);

	test.each([
		"/photos/7/display/../../../secret.txt",
		"/photos/%2e%2e/secret.txt",
		"/photos/..%2fsecret.txt/display",
		"/photos/7%00/display",
		"/photos/99999999999999999999/display",
		"/photos/7e0/display",
	])("%s reaches no file", async (path) => {
		const { send, bearer } = await withPhoto("image/jpeg", randomBytes(10));
		expect((await send(`GET ${path}`, bearer)).status).toBe(404);
	});

	test("whose file is gone, a folder or empty are answers of their own", async () => {
		const { send, bearer, filePath } = await withPhoto("image/jpeg", randomBytes(10));
		writeFileSync(filePath, "");
		expect((await send("GET /photos/7/display", bearer)).status).toBe(200);
		rmSync(filePath);
		expect((await send("GET /photos/7/display", bearer)).status).toBe(404);
		mkdirSync(filePath);
		expect((await send("GET /photos/7/display", bearer)).status).toBe(404);
		if (process.platform === "win32") return;
		rmSync(filePath, { recursive: true });
		execFileSync("mkfifo", [filePath]);
		expect((await send("GET /photos/7/display", bearer)).status).toBe(404);
	});

	test("survive a client that goes away in the middle", async () => {
		const { address, bearer } = await withPhoto("image/jpeg", randomBytes(30_000_000));
		const controller = new AbortController();
		const response = await fetch(`${address}/photos/7/display`, {
			headers: bearer,
			signal: controller.signal,
		});
		await response.body?.getReader().read();
		controller.abort();
		expect((await fetch(`${address}/photos/7/thumbnail`, { headers: bearer })).status).toBe(200);
	});
});

describe("the API", () => {
	test("reads numbers from the query string", async () => {
		const { address, bearer } = await runServer();
		const answer = await fetch(`${address}/api/search?query=beach&limit=5`, { headers: bearer });
		expect(answer.status).toBe(200);
		expect(await answer.json()).toMatchObject({ searched: 5, hits: [{ path: "beach" }] });
	});

	test("describes itself", async () => {
		const { send, bearer } = await runServer();
		const document = JSON.parse((await send("GET /api/openapi.json", bearer)).body);
		expect(document).toMatchObject({ openapi: expect.stringMatching(/^3\./) });
		expect(document.info).toEqual({ title: "Afterimage", version: "1.2.3" });
		expect(Object.keys(document.paths)).toContain("/photos/{id}/similar");
		expect(document.paths["/search"].get.parameters).toContainEqual(
			expect.objectContaining({ name: "limit", in: "query" }),
		);
	});

	test("answers refusals with their status and a sentence", async () => {
		const { send, address, bearer } = await runServer();
		const answer = await fetch(`${address}/api/photos/12`, { headers: bearer });
		expect(answer.status).toBe(404);
		expect(await answer.json()).toMatchObject({
			code: "PHOTO_NOT_FOUND",
			message: "That photo is no longer in the library.",
		});
		expect((await send("GET /api/nothing", bearer)).status).toBe(404);
	});

	test("tells defects to whoever runs it, and refusals to nobody", async () => {
		const defects: unknown[] = [];
		const { send, bearer } = await runServer({}, { onDefect: (error) => defects.push(error) });
		await send("GET /api/search?query=refuse:DISK_FULL", bearer);
		await send("GET /api/search?query=x&limit=0", bearer);
		const noJson = { ...bearer, "Content-Type": "application/json", "Content-Length": "3" };
		await send("POST /api/folders", noJson, "{[}");
		expect(defects).toEqual([]);
		const answer = await send("GET /api/search?query=defect", bearer);
		expect(answer.status).toBe(500);
		expect(answer.body).not.toContain(secretOfDefect);
		expect(defects).toEqual([expect.objectContaining({ message: secretOfDefect })]);
	});

	test("refuses a picture that is too large before reading it", async () => {
		const { send, bearer } = await runServer();
		const headers = { ...bearer, "Content-Type": "multipart/form-data; boundary=x" };
		const answer = await send(
			"POST /api/search/image",
			{ ...headers, "Content-Length": String(200 * 1024 * 1024) },
			"--x\r\n",
		);
		expect(answer.status).toBe(413);
	});

	test("refuses a body that is no JSON", async () => {
		const { send, bearer } = await runServer();
		const headers = { ...bearer, "Content-Type": "application/json", "Content-Length": "3" };
		expect((await send("POST /api/folders", headers, "{[}")).status).toBe(400);
	});
});

describe("the port", () => {
	test("that was asked for and is taken is an error that says so", async () => {
		const blocker = createServer().listen(0, "127.0.0.1");
		await new Promise((resolve) => blocker.once("listening", resolve));
		onTestFinished(() => void blocker.close());
		const bound = blocker.address();
		const port = bound !== null && typeof bound === "object" ? bound.port : 0;
		const options = { library: createFakeLibrary(), pagePath: "/nowhere", version: "1", port };
		await expect(startServer(options)).rejects.toThrow(PortUnavailableError);
		await expect(startServer(options)).rejects.toThrow(`Port ${port} is in use`);
	});

	test("that was not asked for is another one when the usual one is taken", async () => {
		const options = { library: createFakeLibrary(), pagePath: "/nowhere", version: "1" };
		const servers = [await startServer(options), await startServer(options)];
		onTestFinished(async () => void (await Promise.all(servers.map((each) => each.close()))));
		expect(servers[0]?.port).not.toBe(servers[1]?.port);
	});

	test("is free again after closing, which may be asked twice", async () => {
		const server = await runServer();
		await Promise.all([server.close(), server.close()]);
		await expect(fetch(server.address)).rejects.toThrow();
	});
});

/** @file `photo:` and `app:` answer what they are for and nothing else. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import type { PictureAnswer } from "../../electron/engine-messages.ts";
import { answerPageRequest } from "../../electron/page-protocol.ts";
import { answerPhotoRequest, readPhotoUrl } from "../../electron/photo-protocol.ts";

let folder = "";

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "afterimage-schemes-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

const get = (url: string) => ({ url, method: "GET" });
const bytes = (immutable: boolean): PictureAnswer => ({
	kind: "picture",
	contentType: "image/webp",
	body: { bytes: Uint8Array.of(1, 2, 3) },
	immutable,
});

test("a file's bytes are sent with its type and a policy that runs nothing", async () => {
	const filePath = join(folder, "one.jpg");
	writeFileSync(filePath, "jpeg");
	const picture = vi.fn(
		async (): Promise<PictureAnswer> => ({
			kind: "picture",
			contentType: "image/jpeg",
			body: { filePath },
			immutable: true,
		}),
	);
	const response = await answerPhotoRequest(get("photo://thumbnail/12?v=3"), picture);
	expect(picture).toHaveBeenCalledWith("thumbnail", 12);
	expect(response.status).toBe(200);
	expect(await response.text()).toBe("jpeg");
	expect(Object.fromEntries(response.headers)).toMatchObject({
		"content-type": "image/jpeg",
		"content-length": "4",
		"cache-control": "private, max-age=31536000, immutable",
		"x-content-type-options": "nosniff",
	});
	expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
});

test("bytes are kept only where address and picture are for good", async () => {
	const cached = async (url: string, immutable: boolean) =>
		(await answerPhotoRequest(get(url), async () => bytes(immutable))).headers.get("cache-control");
	expect(await cached("photo://display/1?v=2", true)).toContain("immutable");
	expect(await cached("photo://display/1", true)).toBe("private, no-cache");
	expect(await cached("photo://display/1?v=2", false)).toBe("private, no-cache");
});

test.each([
	"photo://thumbnail/",
	"photo://thumbnail/0",
	"photo://thumbnail/-1",
	"photo://thumbnail/1.5",
	"photo://thumbnail/1e3",
	"photo://thumbnail/9999999999999999",
	"photo://thumbnail/12/../../etc/passwd",
	"photo://thumbnail/%2e%2e/etc/passwd",
	"photo://display//etc/passwd",
	"photo://display/12?v=../../x",
	"photo://other/12",
	"photo:///12",
	"file:///etc/passwd",
])("%s names no picture and never reaches the engine", async (url) => {
	const response = await answerPhotoRequest(get(url), () => expect.fail("asked"));
	expect(response.status).toBe(404);
});

test("whatever the address, it is an id and a size or nothing", () => {
	fc.assert(
		fc.property(
			fc.oneof(
				fc.webUrl(),
				fc.string(),
				fc.string().map((s) => `photo://display/${s}`),
			),
			(url) => {
				const wanted = readPhotoUrl(url);
				if (wanted === null) return;
				expect(Number.isSafeInteger(wanted.id) && wanted.id > 0).toBe(true);
				expect(["thumbnail", "display"]).toContain(wanted.size);
			},
		),
	);
});

test("a refusal keeps its status and sentence; a vanished file is not found; nothing can be written", async () => {
	const refused = await answerPhotoRequest(get("photo://display/1"), async () => ({
		kind: "none",
		status: 409,
		message: "The drive is not connected.",
	}));
	expect([refused.status, await refused.text()]).toEqual([409, "The drive is not connected."]);
	const vanished = await answerPhotoRequest(get("photo://display/1"), async () => ({
		kind: "picture",
		contentType: "image/jpeg",
		body: { filePath: join(folder, "gone.jpg") },
		immutable: true,
	}));
	expect(vanished.status).toBe(404);
	const post = { url: "photo://display/1", method: "POST" };
	expect((await answerPhotoRequest(post, () => expect.fail("asked"))).status).toBe(405);
});

test("the page comes under a strict policy", async () => {
	mkdirSync(join(folder, "assets"));
	writeFileSync(join(folder, "index.html"), "<!doctype html>");
	writeFileSync(join(folder, "assets", "index-1a.js"), "export {};");
	const index = await answerPageRequest(get("app://afterimage/"), folder);
	expect(await index.text()).toBe("<!doctype html>");
	const policy = index.headers.get("content-security-policy") ?? "";
	expect(policy).toContain("default-src 'none'");
	expect(policy).toContain("script-src 'self'");
	expect(policy).not.toMatch(/unsafe|https?:|\*/);
	const script = await answerPageRequest(get("app://afterimage/assets/index-1a.js?x=1"), folder);
	expect(script.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
});

test.each([
	"app://afterimage/../secret.js",
	"app://afterimage/%2e%2e/secret.js",
	"app://afterimage/..%2fsecret.js",
	"app://afterimage/.hidden.js",
	"app://afterimage/c:/secret.js",
	"app://other/index.html",
	"app://afterimage/missing.js",
	"app://afterimage/index",
	"not an address",
])("%s is not part of the page", async (url) => {
	mkdirSync(join(folder, "page"));
	writeFileSync(join(folder, "secret.js"), "secret");
	writeFileSync(join(folder, "page", ".hidden.js"), "secret");
	const response = await answerPageRequest(get(url), join(folder, "page"));
	expect(response.status).toBe(404);
	expect(await response.text()).not.toContain("secret");
});

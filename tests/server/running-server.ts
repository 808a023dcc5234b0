/** @file A server over the fake library, with a small built page, removed after the test. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type ServerOptions, startServer } from "../../server/start-server.ts";
import { createFakeLibrary, type FakeLibraryOptions } from "../fixtures/fake-library.ts";
import { type RawAnswer, sendRaw } from "./raw-request.ts";

export async function runServer(
	libraryOptions: FakeLibraryOptions = {},
	options: Partial<ServerOptions> = {},
) {
	const folder = mkdtempSync(join(tmpdir(), "afterimage-server-"));
	const pagePath = join(folder, "page");
	mkdirSync(join(pagePath, "assets"), { recursive: true });
	writeFileSync(join(pagePath, "index.html"), "<!doctype html><title>Page</title>");
	writeFileSync(join(pagePath, "assets", "index-abc123.js"), "export {};");
	writeFileSync(join(pagePath, ".hidden.txt"), "hidden");
	writeFileSync(join(folder, "secret.txt"), "secret");
	const server = await startServer({
		library: createFakeLibrary(libraryOptions),
		pagePath,
		version: "1.2.3",
		port: 0,
		...options,
	});
	onTestFinished(async () => {
		await server.close();
		rmSync(folder, { recursive: true, force: true });
	});
	const bearer = { Authorization: `Bearer ${server.token}` };
	const send = (requestLine: string, headers: Record<string, string> = {}, body = "") =>
		sendRaw(server.port, requestLine, headers, body);
	return {
		...server,
		folder,
		bearer,
		send,
		/** What a browser holds after it opened the printed address. */
		async openInBrowser(): Promise<{ Cookie: string }> {
			const answer: RawAnswer = await send(`GET /?token=${server.token}`);
			return { Cookie: (answer.headers["set-cookie"] ?? "").split(";")[0] ?? "" };
		},
	};
}

/** What asks for a WebSocket. */
export const upgradeHeaders = {
	Connection: "Upgrade",
	Upgrade: "websocket",
	"Sec-WebSocket-Version": "13",
	"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
};

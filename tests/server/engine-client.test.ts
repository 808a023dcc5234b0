/** @file Becoming the client of the process that holds a library. */
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { acquireLibraryLock } from "../../engine/library/library-lock.ts";
import { connectToHolder, HolderLostError } from "../../server/engine-client.ts";
import { holderPageUrl, serveHolder } from "../../server/serve-holder.ts";
import { createFakeLibrary } from "../fixtures/fake-library.ts";
import { runServer } from "./running-server.ts";

test("a holder publishes where it is, for its owner's eyes alone, and a client gets in", async () => {
	const libraryPath = await mkdtemp(join(tmpdir(), "afterimage-holder-"));
	onTestFinished(() => rm(libraryPath, { recursive: true, force: true }));
	const lock = await acquireLibraryLock(libraryPath);
	if (lock.kind !== "held") expect.unreachable("nobody else has this library");
	onTestFinished(() => lock.release());
	const server = await serveHolder(lock, {
		library: createFakeLibrary(),
		pagePath: "/nowhere",
		version: "1.2.3",
		port: 0,
	});
	onTestFinished(() => server.close());

	const second = await acquireLibraryLock(libraryPath);
	if (second.kind !== "taken" || second.holder === null) {
		expect.unreachable("the holder should be known");
	}
	expect(holderPageUrl(second.holder)).toBe(server.url);
	const connection = await connectToHolder(second.holder);
	expect((await connection.client.search.text({ query: "beach" })).hits[0]?.path).toBe("beach");
	await connection.close();
	await connection.close();
	if (process.platform !== "win32") {
		expect((await stat(join(libraryPath, "holder.json"))).mode & 0o077).toBe(0);
	}
	expect(await readFile(join(libraryPath, "holder.json"), "utf8")).toContain(server.token);
});

test("a server that cannot be published does not stay behind", async () => {
	let address = "";
	const lock = {
		kind: "held" as const,
		publish: async (holder: { address: string }) => {
			address = holder.address;
			throw new Error("The disk is full.");
		},
		release: async () => undefined,
	};
	const options = { library: createFakeLibrary(), pagePath: "/nowhere", version: "1", port: 0 };
	await expect(serveHolder(lock, options)).rejects.toThrow("The disk is full.");
	await expect(fetch(address)).rejects.toThrow("fetch failed");
});

test("a wrong token and a holder that is gone are the same sentence", async () => {
	const { address, token, close } = await runServer();
	const sentence = `does not answer at ${address}`;
	await expect(connectToHolder({ address, token: "wrong" })).rejects.toThrow(sentence);
	await close();
	await expect(connectToHolder({ address, token })).rejects.toThrow(sentence);
	await expect(connectToHolder({ address, token })).rejects.toBeInstanceOf(HolderLostError);
});

test("a holder that ends rejects what was asked of it with a reason", async () => {
	const { address, token, close } = await runServer();
	const { client } = await connectToHolder({ address, token });
	const call = expect(client.search.text({ query: "hang" })).rejects.toThrow(HolderLostError);
	const events = await client.activity.events();
	await events.next();
	const streamed = expect(
		(async () => {
			for await (const _ of events);
		})(),
	).rejects.toThrow(HolderLostError);
	await close();
	await Promise.all([call, streamed]);
	await expect(client.activity.progress()).rejects.toThrow("has this library open has closed");
});

test("a refusal stays a refusal, and the caller's own cancelling stays that", async () => {
	const { address, token } = await runServer();
	const { client, close } = await connectToHolder({ address, token });
	onTestFinished(() => close());
	const refused = client.search.text({ query: "refuse:DISK_FULL" });
	await expect(refused).rejects.toMatchObject({ code: "DISK_FULL", defined: true });
	const controller = new AbortController();
	const hanging = client.search.text({ query: "hang" }, { signal: controller.signal });
	const cancelled = expect(hanging).rejects.toThrow("aborted");
	controller.abort();
	await cancelled;
});

/** @file A library that another process has open, signals, and the launcher. */
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makePhotoFolder } from "./photo-folder.ts";
import { lineMatching, newFolder, resultOf, runCli, startCli } from "./run-cli.ts";

const address = /^Afterimage is at (http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43})\n/;

/** As on a Node that is too old: the launcher then uses the one among the dependencies. */
const asOldNode = [
	"--import",
	'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"18.0.0"}})',
];

async function openPage(libraryPath: string, nodeArgs: string[] = [], folders: string[] = []) {
	const args = ["open", ...folders, "--no-open", "--port", "0"];
	const child = startCli(libraryPath, args, nodeArgs);
	const match = await lineMatching(child.stdout, address);
	return { child, url: match[1] ?? "" };
}

async function pageAnswers(url: string): Promise<boolean> {
	return fetch(url, { redirect: "manual" }).then(
		(response) => response.status === 303,
		() => false,
	);
}

test("the app serves until it is told to end, and frees the library", async () => {
	const libraryPath = join(newFolder(), "library");
	const { child, url } = await openPage(libraryPath);
	expect(await pageAnswers(url)).toBe(true);
	expect(existsSync(join(libraryPath, "holder.json"))).toBe(true);
	const ended = resultOf(child);
	child.kill("SIGTERM");
	expect((await ended).code).toBe(0);
	expect(await pageAnswers(url)).toBe(false);
	expect(existsSync(join(libraryPath, "holder.json"))).toBe(false);
});

test("every command works through the process that has the library open", async () => {
	const [libraryPath, photosPath] = [join(newFolder(), "library"), await makePhotoFolder()];
	const { url } = await openPage(libraryPath);
	const indexed = await runCli(libraryPath, ["index", photosPath, "--json"]);
	expect(indexed).toMatchObject({ code: 0, stderr: "" });
	expect(JSON.parse(indexed.stdout)).toMatchObject({ embedded: 4, failed: 1, skipped: 0 });
	const found = await runCli(libraryPath, ["search", "red", "--json"]);
	expect(JSON.parse(found.stdout).hits).toHaveLength(4);
	const similar = ["search", "--image", join(photosPath, "photo 1.jpg"), "--limit", "1"];
	expect((await runCli(libraryPath, similar)).stdout).toContain("photo 1.jpg");
	const refused = await runCli(libraryPath, ["index", "/no/such/folder"]);
	expect(refused).toMatchObject({ code: 1, stdout: "" });
	expect(refused.stderr).toContain('There is no folder "/no/such/folder".');
	const again = await runCli(libraryPath, ["open", "--no-open"]);
	expect(again).toMatchObject({ code: 0, stdout: `Afterimage is at ${url}\n`, stderr: "" });
	expect((await runCli(libraryPath, ["remove", photosPath])).code).toBe(0);
	expect(JSON.parse((await runCli(libraryPath, ["status", "--json"])).stdout).photos).toBe(0);
});

test("after the holder was killed the next command opens the library itself", async () => {
	const libraryPath = join(newFolder(), "library");
	const { child } = await openPage(libraryPath);
	const ended = once(child, "close");
	child.kill("SIGKILL");
	await ended;
	const status = await runCli(libraryPath, ["status", "--json"]);
	expect(status).toMatchObject({ code: 0, stderr: "" });
});

test("a command started while another runs waits for it or works beside it", async () => {
	const [libraryPath, photosPath] = [join(newFolder(), "library"), await makePhotoFolder()];
	const results = await Promise.all(
		Array.from({ length: 4 }, () => runCli(libraryPath, ["index", photosPath, "--json"])),
	);
	expect(results.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
		results.map(() => ({ code: 0, stderr: "" })),
	);
	for (const { stdout } of results) {
		const { photos, embedded, skipped, failed } = JSON.parse(stdout);
		expect(photos).toBe(5);
		expect({ read: embedded + skipped, failed }).toEqual({ read: 4, failed: 1 });
	}
});

test("a port that is taken is refused, and the library is free again", async () => {
	const blocker = createServer().listen(0, "127.0.0.1");
	await once(blocker, "listening");
	onTestFinished(() => void blocker.close());
	const bound = blocker.address();
	const port = bound !== null && typeof bound === "object" ? bound.port : 0;
	const libraryPath = join(newFolder(), "library");
	const result = await runCli(libraryPath, ["open", "--no-open", "--port", String(port)]);
	expect(result).toMatchObject({ code: 1, stdout: "" });
	expect(result.stderr).toContain(`Port ${port} is in use by another program.`);
	expect((await runCli(libraryPath, ["status"])).code).toBe(0);
});

test("a missing folder is refused before the page is served", async () => {
	const libraryPath = join(newFolder(), "library");
	const result = await runCli(libraryPath, ["open", "/no/such/folder", "--no-open"]);
	expect(result).toMatchObject({ code: 1, stdout: "" });
});

test("the launcher passes arguments, output, exit codes and signals on to a newer Node", async () => {
	const libraryPath = join(newFolder(), "library");
	expect(await runCli(libraryPath, ["--version"], asOldNode)).toEqual(
		await runCli(libraryPath, ["--version"]),
	);
	expect((await runCli(libraryPath, ["--nonsense"], asOldNode)).code).toBe(2);
	const { child, url } = await openPage(libraryPath, asOldNode);
	const holder = JSON.parse(readFileSync(join(libraryPath, "holder.json"), "utf8"));
	expect(holder.pid).not.toBe(child.pid);
	const ended = resultOf(child);
	child.kill("SIGINT");
	expect((await ended).code).toBe(0);
	expect(await pageAnswers(url)).toBe(false);
});

test("what the launcher started ends with it, even when it is killed", async () => {
	const libraryPath = join(newFolder(), "library");
	const { child, url } = await openPage(libraryPath, asOldNode);
	expect(await pageAnswers(url)).toBe(true);
	child.kill("SIGKILL");
	await expect.poll(() => pageAnswers(url)).toBe(false);
});

/** @file One writer per library, with real processes. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { acquireLibraryLock, type Holder } from "../../engine/library/library-lock.ts";

function newFolder(): string {
	const path = mkdtempSync(join(tmpdir(), "afterimage-lock-"));
	onTestFinished(() => rmSync(path, { recursive: true, force: true }));
	return path;
}

/** Starts another process that tries to take the lock; resolves with what it said. */
async function startHolder(libraryPath: string): Promise<{ child: ChildProcess; answer: unknown }> {
	const child = fork(new URL("./lock-holder.ts", import.meta.url), [libraryPath], { execArgv: [] });
	onTestFinished(() => void child.kill("SIGKILL"));
	const [answer] = await once(child, "message");
	return { child, answer };
}

async function kill(child: ChildProcess): Promise<void> {
	child.kill("SIGKILL");
	await once(child, "exit");
}

const holder: Holder = {
	pid: process.pid,
	address: "http://127.0.0.1:1234",
	token: "word",
	version: "1.2.3",
};

test("a second process learns who has the library", async () => {
	const folder = newFolder();
	const { child, answer } = await startHolder(folder);
	expect(answer).toEqual({ kind: "held" });
	expect(await acquireLibraryLock(folder)).toEqual({
		kind: "taken",
		holder: {
			pid: child.pid,
			address: "http://127.0.0.1:4000",
			token: "secret",
			version: "0.1.0",
		},
	});
	child.send("release");
	await once(child, "exit");
	const mine = await acquireLibraryLock(folder);
	expect(mine.kind).toBe("held");
	if (mine.kind === "held") await mine.release();
});

test("the lock of a killed process is free at once, and its address is forgotten", async () => {
	const folder = newFolder();
	for (let round = 0; round < 3; round += 1) {
		const { child } = await startHolder(folder);
		await kill(child);
		expect(existsSync(join(folder, "holder.json"))).toBe(true);
		const mine = await acquireLibraryLock(folder);
		if (mine.kind !== "held") throw new Error("the lock of a dead process was not free");
		expect(existsSync(join(folder, "holder.json"))).toBe(false);
		expect((await startHolder(folder)).answer).toEqual({ kind: "taken", holder: null });
		await mine.publish(holder);
		expect((await startHolder(folder)).answer).toEqual({ kind: "taken", holder });
		await mine.release();
	}
});

test("of several processes that start at once, one gets the library", async () => {
	const folder = newFolder();
	const started = await Promise.all([1, 2, 3].map(() => startHolder(folder)));
	const kinds = started.map(({ answer }) =>
		typeof answer === "object" && answer !== null && "kind" in answer ? answer.kind : answer,
	);
	expect(kinds.toSorted()).toEqual(["held", "taken", "taken"]);
});

test("the lock is taken within one process too, and can be released twice", async () => {
	const folder = newFolder();
	const first = await acquireLibraryLock(folder);
	if (first.kind !== "held") throw new Error("the lock of a new folder was not free");
	expect((await acquireLibraryLock(folder)).kind).toBe("taken");
	// Refusing the second one must not have dropped the first one's lock for other processes.
	expect((await startHolder(folder)).answer).toEqual({ kind: "taken", holder: null });
	await first.release();
	await first.release();
	const second = await acquireLibraryLock(folder);
	if (second.kind !== "held") throw new Error("a released lock was not free");
	await second.release();
});

test("the holder's token can be read by its owner alone", async () => {
	const folder = newFolder();
	const lock = await acquireLibraryLock(folder);
	if (lock.kind !== "held") throw new Error("the lock of a new folder was not free");
	await lock.publish(holder);
	const holderPath = join(folder, "holder.json");
	if (process.platform !== "win32") expect(statSync(holderPath).mode & 0o777).toBe(0o600);
	expect(JSON.parse(readFileSync(holderPath, "utf8"))).toEqual({ format: 1, ...holder });
	await lock.release();
	expect(existsSync(holderPath)).toBe(false);
});

test("a holder that cannot be understood counts as not known yet", async () => {
	const folder = newFolder();
	const lock = await acquireLibraryLock(folder);
	if (lock.kind !== "held") throw new Error("the lock of a new folder was not free");
	for (const text of [
		"",
		"{",
		"null",
		`{"format":2,"pid":1}`,
		JSON.stringify({ ...holder, format: 9 }),
	]) {
		writeFileSync(join(folder, "holder.json"), text);
		expect(await acquireLibraryLock(folder)).toEqual({ kind: "taken", holder: null });
	}
	await lock.release();
});

test("a lock file that is not ours, or cannot be made, is refused by name", async () => {
	const folder = newFolder();
	writeFileSync(join(folder, "library.lock"), "something else ".repeat(100));
	await expect(acquireLibraryLock(folder)).rejects.toMatchObject({
		code: "LIBRARY_UNUSABLE",
		message: expect.stringContaining("library.lock"),
	});
	await expect(acquireLibraryLock(join(folder, "absent"))).rejects.toMatchObject({
		code: "LIBRARY_UNUSABLE",
	});
});

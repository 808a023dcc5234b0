/** @file One process at a time puts a model into a folder, and none that is gone keeps others from it. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ModelStore } from "../../engine/models/model-store.ts";

function newFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), "afterimage-claims-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	mkdirSync(join(folder, ".staging"));
	return folder;
}

test("a model is claimed once until it is released", async () => {
	const folder = newFolder();
	const release = await new ModelStore(folder).claim("tiny");
	await expect(new ModelStore(folder).claim("tiny")).rejects.toMatchObject({ code: "MODEL_BUSY" });
	(await new ModelStore(folder).claim("other"))();
	release();
	(await new ModelStore(folder).claim("tiny"))();
});

test("the number of a process that lives claims nothing, whoever has it now", async () => {
	const folder = newFolder();
	writeFileSync(join(folder, ".staging", "tiny.claim"), String(process.pid));
	(await new ModelStore(folder).claim("tiny"))();
});

test("what another process claims is not cleaned away; killed, it claims nothing any more", async () => {
	const folder = newFolder();
	const child = fork(new URL("./model-claimer.ts", import.meta.url), [folder, "tiny"], {
		execArgv: [],
	});
	onTestFinished(() => void child.kill("SIGKILL"));
	await once(child, "message");
	const store = new ModelStore(folder);
	mkdirSync(store.stagingPath("tiny"));
	await expect(store.claim("tiny")).rejects.toMatchObject({ code: "MODEL_BUSY" });
	await store.clean(new Set());
	expect(existsSync(store.stagingPath("tiny"))).toBe(true);
	child.kill("SIGKILL");
	await once(child, "exit");
	(await store.claim("tiny"))();
	await store.clean(new Set());
	expect(readdirSync(join(folder, ".staging"))).toEqual([]);
});

/** @file A tower's thread that dies is replaced. */
import { describe, expect, it } from "vitest";
import { Refusal } from "../../contract/errors.ts";
import { loadModelPackage } from "../../engine/encoder/model-package.ts";
import { TowerThread } from "../../engine/encoder/tower-thread.ts";
import { fixturePackage } from "./starter-package.ts";

const modelPackage = loadModelPackage(fixturePackage("clip-like"));
const crashingModule = new URL("../fixtures/encoder/crashing-worker.mjs", import.meta.url);

describe("a tower's thread", () => {
	it.each([
		["exit", "code 3"],
		["throw", "out of order"],
	])("that dies by %s rejects what it owed and is started again", async (word, reason) => {
		const start = { tower: "text", modelPackage, threads: 1, provider: "cpu" } as const;
		const thread = new TowerThread(start, crashingModule);
		expect(thread.state).toEqual({ kind: "idle" });
		const owed = await Promise.allSettled([
			thread.ask({ kind: "texts", texts: [word] }),
			thread.ask({ kind: "load" }),
		]);
		expect(owed[0]).toMatchObject({ status: "rejected", reason: expect.any(Refusal) });
		expect(thread.state).toMatchObject({
			kind: "failed",
			problem: expect.stringContaining(reason),
		});
		expect((await thread.ask({ kind: "texts", texts: ["cat"] })).vectors).toHaveLength(2);
		expect(thread.state).toEqual({ kind: "ready", provider: "cpu" });
		await thread.close();
	});

	it("that never started closes at once", async () => {
		const start = { tower: "picture", modelPackage, threads: 1, provider: "cpu" } as const;
		const thread = new TowerThread(start);
		await thread.close();
		await expect(thread.ask({ kind: "load" })).rejects.toThrow("closed");
	});
});

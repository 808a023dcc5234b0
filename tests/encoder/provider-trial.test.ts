/** @file How the place to run is chosen, remembered, and abandoned when it turns out bad. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { ProviderTrial } from "../../contract/model.ts";
import { loadModelPackage } from "../../engine/encoder/model-package.ts";
import { createDualEncoder } from "../../engine/encoder/onnx-dual-encoder.ts";
import { ProbeState } from "../../engine/encoder/probe-state.ts";
import { choose, knownProviders, tryProviders } from "../../engine/encoder/provider-trial.ts";
import { fixturePackage } from "./starter-package.ts";

const scratch = mkdtempSync(join(tmpdir(), "afterimage-probe-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function trial(
	provider: ProviderTrial["provider"],
	outcome: ProviderTrial["outcome"],
	imagesPerSecond: number | null,
): ProviderTrial {
	return { provider, outcome, parity: 1, imagesPerSecond, batchSize: 16, reason: null };
}

describe("the choice among providers", () => {
	it("falls on the fastest that agrees with the CPU", () => {
		const chosen = choose([
			trial("cuda", "unavailable", null),
			trial("dml", "disagrees", 900),
			trial("webgpu", "slower", 300),
			trial("cpu", "slower", 100),
		]);
		expect(chosen.map(({ outcome }) => outcome)).toEqual([
			"unavailable",
			"disagrees",
			"chosen",
			"slower",
		]);
	});

	it("falls on the CPU when nothing else is clearly faster or nothing could be tried", () => {
		expect(choose([trial("webgpu", "slower", 105), trial("cpu", "slower", 100)])[1]?.outcome).toBe(
			"chosen",
		);
		expect(choose([trial("cpu", "unavailable", null)])[0]?.outcome).toBe("chosen");
	});

	it("is made by trying, with the runtime's reason where one is not there", async () => {
		const modelPackage = loadModelPackage(fixturePackage("clip-like"));
		const signal = new AbortController().signal;
		const missing = process.platform === "darwin" ? "dml" : "coreml";
		const trials = await tryProviders(modelPackage, 1, signal, true, [missing, "cpu"]);
		expect(trials[0]).toMatchObject({ provider: missing, outcome: "unavailable", parity: null });
		expect(trials[0]?.reason).not.toBe("");
		expect(trials[1]).toMatchObject({ provider: "cpu", outcome: "chosen", parity: 1 });
		expect(trials[1]?.imagesPerSecond).toBeGreaterThan(0);
		expect(knownProviders().at(-1)).toBe("cpu");
		const [, cpu] = await tryProviders(modelPackage, 1, signal, false, [missing, "cpu"]);
		expect(cpu).toMatchObject({ outcome: "chosen", imagesPerSecond: null });
	});
});

describe("an encoder that remembers its trials", () => {
	it("tries every provider when asked and keeps the outcome for the next start", async () => {
		const probeStatePath = join(scratch, "asked", "probe.json");
		const options = { packagePath: fixturePackage("clip-like"), probeStatePath };
		const encoder = createDualEncoder(options);
		const status = await encoder.probe();
		expect(status.state).toBe("ready");
		expect(status.trials.filter(({ outcome }) => outcome === "chosen")).toHaveLength(1);
		expect(status.trials.map(({ provider }) => provider)).toEqual(knownProviders());
		await encoder.close();
		const next = createDualEncoder(options);
		expect(next.status().trials).toEqual(status.trials);
		await next.close();
	});

	it("tries by itself after the first pictures, while the CPU serves", async () => {
		const probeStatePath = join(scratch, "itself.json");
		const options = { packagePath: fixturePackage("clip-like"), probeStatePath };
		const encoder = createDualEncoder(options);
		await encoder.embedPictures([new Uint8Array(48)]);
		expect(encoder.status()).toMatchObject({ state: "ready", provider: "cpu" });
		await expect.poll(() => encoder.status().trials).not.toEqual([]);
		await encoder.close();
	});

	it("closes while trials are under way", async () => {
		const encoder = createDualEncoder({
			packagePath: fixturePackage("clip-like"),
			probeStatePath: join(scratch, "closed.json"),
		});
		expect(await encoder.embedPictures([new Uint8Array(48)])).toHaveLength(1);
		await encoder.close();
		await encoder.close();
		await expect(encoder.embedTexts(["cat"])).rejects.toThrow("closed");
	});

	it("goes on with the CPU where the remembered provider is gone", async () => {
		const path = join(scratch, "gone.json");
		const key = createKey();
		const missing = process.platform === "darwin" ? "dml" : "coreml";
		new ProbeState(path, key).record([trial(missing, "chosen", 500), trial("cpu", "slower", 100)]);
		const encoder = createDualEncoder({
			packagePath: fixturePackage("clip-like"),
			probeStatePath: path,
		});
		expect(await encoder.embedPictures([new Uint8Array(48)])).toHaveLength(1);
		expect(encoder.status().provider).toBe("cpu");
		await encoder.close();
	});
});

describe("the remembered trials", () => {
	const trials = [trial("webgpu", "chosen", 500), trial("cpu", "slower", 100)];

	it("skip a provider during whose opening the program stopped", () => {
		const path = join(scratch, "crashed.json");
		const before = new ProbeState(path, "key");
		before.record(trials);
		before.markOpening("webgpu");
		const after = new ProbeState(path, "key");
		expect(after.chosen).toBe("cpu");
		expect(after.trials[0]).toMatchObject({ outcome: "unavailable" });
		before.markWorking();
		expect(new ProbeState(path, "key").chosen).toBe("webgpu");
	});

	it("are void for another encoder, and when the file is damaged", () => {
		const path = join(scratch, "void.json");
		new ProbeState(path, "key").record(trials);
		expect(new ProbeState(path, "other").trials).toEqual([]);
		writeFileSync(path, readFileSync(path, "utf8").slice(0, 40));
		expect(new ProbeState(path, "key")).toMatchObject({ trials: [], chosen: "cpu" });
	});
});

function createKey(): string {
	const encoder = createDualEncoder({ packagePath: fixturePackage("clip-like") });
	return encoder.key;
}

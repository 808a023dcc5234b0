/** @file Where the encoder runs: by choice, and what becomes of its work where a device fails. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
	type EncoderPlace,
	type ExecutionProvider,
	encoderPlaceSchema,
	type ProviderTrial,
} from "../../contract/model.ts";
import { createDualEncoder } from "../../engine/encoder/onnx-dual-encoder.ts";
import { ProbeState } from "../../engine/encoder/probe-state.ts";
import { EncoderPlaceChoice } from "../../engine/encoder-change/encoder-place.ts";
import { EmbeddingBatches } from "../../engine/indexer/embedding-batches.ts";
import { fixturePackage } from "./starter-package.ts";

const scratch = mkdtempSync(join(tmpdir(), "afterimage-place-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const packagePath = fixturePackage("clip-like");
const towerModule = new URL("../fixtures/encoder/failing-device-worker.ts", import.meta.url);
const pictures = Array.from({ length: 40 }, (_, picture) =>
	Uint8Array.from({ length: 48 }, (_, at) => (at * 37 + picture * 53) % 256),
);

const trials: ProviderTrial[] = [
	trial("dml", "slower", 200),
	trial("cuda", "chosen", 500),
	trial("webgpu", "slower", 300),
	trial("coreml", "disagrees", 900),
	trial("cpu", "slower", 100),
];

function trial(
	provider: ExecutionProvider,
	outcome: ProviderTrial["outcome"],
	imagesPerSecond: number,
): ProviderTrial {
	return { provider, outcome, parity: 1, imagesPerSecond, batchSize: 5, reason: null };
}

/** An encoder for which every made-up device was tried already. */
function triedEncoder(name: string, place: () => EncoderPlace) {
	const probeStatePath = join(scratch, `${name}.json`);
	const { key } = createDualEncoder({ packagePath });
	new ProbeState(probeStatePath, key).record(trials);
	const encoder = createDualEncoder({ packagePath, probeStatePath, place, towerModule });
	return { encoder, probeStatePath };
}

async function onCpu(): Promise<Float32Array[]> {
	const encoder = createDualEncoder({ packagePath });
	const vectors = await encoder.embedPictures(pictures);
	await encoder.close();
	return vectors;
}

describe("the place a person chooses", () => {
	it("serves from the next batch on, without a picture being lost", async () => {
		let place: EncoderPlace = "webgpu";
		const { encoder } = triedEncoder("changed", () => place);
		const first = encoder.embedPictures(pictures.slice(0, 20));
		place = "cpu";
		const second = encoder.embedPictures(pictures.slice(20));
		expect(await first).toHaveLength(20);
		expect([...(await first), ...(await second)]).toEqual(await onCpu());
		expect(encoder.status()).toMatchObject({ provider: "cpu", place: "cpu", lost: null });
		place = "webgpu";
		expect(await encoder.goToPlace()).toMatchObject({ provider: "webgpu", place: "webgpu" });
		await encoder.close();
	});

	it("is loaded only when it is needed", async () => {
		let place: EncoderPlace = "cpu";
		const { encoder } = triedEncoder("idle", () => place);
		place = "webgpu";
		expect((await encoder.goToPlace()).state).toBe("idle");
		await encoder.embedPictures(pictures.slice(0, 1));
		expect(encoder.status().provider).toBe("webgpu");
		await encoder.close();
	});

	it("gives way to the automatic choice where it did not agree or was never tried", () => {
		const state = new ProbeState(null, "key");
		expect(state.providerFor("webgpu")).toBe("cpu");
		state.record(trials);
		expect(encoderPlaceSchema.options.map((place) => [place, state.providerFor(place)])).toEqual([
			["auto", "cuda"],
			["coreml", "cuda"],
			["dml", "dml"],
			["cuda", "cuda"],
			["webgpu", "webgpu"],
			["cpu", "cpu"],
		]);
	});

	it("is abandoned where the program stopped while opening it; the fastest stays chosen", () => {
		const path = join(scratch, "crashed.json");
		const before = new ProbeState(path, "key");
		before.record(trials);
		before.markOpening("webgpu");
		const after = new ProbeState(path, "key");
		expect(after.providerFor("webgpu")).toBe("cuda");
		expect(after.trials.filter(({ outcome }) => outcome === "chosen")).toHaveLength(1);
	});

	it("is kept by the library, and automatic where what is kept says nothing", async () => {
		const kept = new Map<string, unknown>([["encoder-place", "abacus"]]);
		const settings = {
			get: async (name: string) => kept.get(name),
			set: async (name: string, value: unknown) => void kept.set(name, value),
			setTogether: async () => undefined,
		};
		const choice = await EncoderPlaceChoice.open(settings);
		expect(choice.now).toBe("auto");
		await choice.change("cpu");
		expect((await EncoderPlaceChoice.open(settings)).now).toBe("cpu");
	});
});

describe("a device that fails while photos are read", () => {
	it("costs none of them: the CPU does the same batch again and all that follow", async () => {
		const { encoder, probeStatePath } = triedEncoder("lost", () => "auto");
		const batches = new EmbeddingBatches(encoder);
		expect(encoder.batchSize).toBe(5);
		const vectors = await Promise.all(
			pictures.map((pixels, at) => batches.embed(`content ${at}`, pixels)),
		);
		expect(vectors).toEqual(await onCpu());
		expect(encoder.status()).toMatchObject({
			state: "ready",
			provider: "cpu",
			problem: null,
			place: "auto",
			lost: { provider: "cuda", reason: "device removed" },
		});
		expect(encoder.batchSize).toBe(4);
		const { opening } = JSON.parse(readFileSync(probeStatePath, "utf8"));
		expect(opening).toBeNull();
		expect(await encoder.goToPlace()).toMatchObject({ provider: "cuda", lost: null });
		await encoder.close();
	});

	it("is told also where it cannot even be opened", async () => {
		const { encoder } = triedEncoder("unopened", () => "dml");
		expect(await encoder.embedPictures(pictures)).toEqual(await onCpu());
		expect(encoder.status()).toMatchObject({
			provider: "cpu",
			place: "dml",
			lost: { provider: "dml", reason: "no adapter" },
		});
		await encoder.close();
	});
});

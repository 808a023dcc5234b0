/** @file Whatever happens to a decoding process, one picture fails and the batch goes on. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import sharp from "sharp";
import { expect, test } from "vitest";
import { createDecoder, type DecoderOptions } from "../../engine/decoder/create-decoder.ts";
import type { Decoder } from "../../engine/decoder/decoder.ts";
import { fixturePath, small, testDecoder } from "./test-decoder.ts";

const scene = await readFile(fixturePath("scene.jpg"));
const misdeed = (name: string) => ({ bytes: new TextEncoder().encode(name) });
const faulty = (options: DecoderOptions = {}): DecoderOptions => ({
	parallelism: 1,
	childModule: new URL("./faulty-child.ts", import.meta.url),
	timeLimitMs: 20_000,
	...options,
});

async function processId(decoder: Decoder): Promise<number> {
	const outcome = await decoder.decode(misdeed("process id"), small);
	return outcome.kind === "failed" ? Number(outcome.message) : Number.NaN;
}

function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

async function untilGone(pid: number): Promise<void> {
	while (isRunning(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
}

test("a process that dies fails its picture and the others are decoded", async () => {
	const decoder = testDecoder(faulty({ parallelism: 2 }));
	const misdeeds = ["exit", "abort", "throw", "nonsense", "disconnect"];
	const outcomes = await Promise.all(
		misdeeds.flatMap((name) => [
			decoder.decode(misdeed(name), small),
			decoder.decode({ bytes: scene }, small),
		]),
	);
	for (const [index, outcome] of outcomes.entries()) {
		if (index % 2 === 1) expect(outcome.kind).toBe("decoded");
		else expect(outcome).toMatchObject({ kind: "failed", reason: "decoder-crashed" });
	}
});

test("a process that hangs or never answers is killed and the picture timed out", async () => {
	const decoder = testDecoder(faulty({ timeLimitMs: 1500 }));
	const before = await processId(decoder);
	for (const name of ["hang", "silence"]) {
		const outcome = await decoder.decode(misdeed(name), small);
		expect(outcome).toMatchObject({ kind: "failed", reason: "timed-out" });
	}
	await untilGone(before);
	expect(await processId(decoder)).not.toBe(before);
});

test("a process whose JavaScript heap is full is out of memory", async () => {
	const decoder = testDecoder(faulty());
	const outcome = await decoder.decode(misdeed("fill-heap"), small);
	expect(outcome).toMatchObject({ kind: "failed", reason: "out-of-memory" });
	expect((await decoder.decode({ bytes: scene }, small)).kind).toBe("decoded");
});

test("a picture that needs more memory than allowed is out of memory", async () => {
	// Interlaced, so that all of it must be held at once: 190 MB from a file of a few hundred kilobytes.
	const bytes = await sharp({
		create: { width: 8000, height: 8000, channels: 3, background: "#345" },
	})
		.png({ progressive: true, compressionLevel: 1 })
		.toBuffer();
	const decoder = testDecoder({ maxMemoryBytes: 180 * 1024 ** 2 });
	const outcome = await decoder.decode({ bytes }, small);
	expect(outcome).toMatchObject({ kind: "failed", reason: "out-of-memory" });
	expect((await decoder.decode({ bytes: scene }, small)).kind).toBe("decoded");
});

test("a process is replaced after its share of pictures", async () => {
	const decoder = testDecoder(faulty({ recycleAfter: 2 }));
	const pids = [];
	for (let count = 0; count < 4; count++) pids.push(await processId(decoder));
	expect(pids[0]).toBe(pids[1]);
	expect(pids[2]).toBe(pids[3]);
	expect(pids[1]).not.toBe(pids[2]);
	await untilGone(pids[0] ?? 0);
});

test("an idle process ends and the next picture starts another", async () => {
	const decoder = testDecoder(faulty({ idleMs: 50 }));
	const pid = await processId(decoder);
	await untilGone(pid);
	expect((await decoder.decode({ bytes: scene }, small)).kind).toBe("decoded");
});

test("what is looked at is rendered before what waits to be indexed", async () => {
	const decoder = testDecoder();
	const order: string[] = [];
	const decodes = [1, 2, 3].map(async (number) => {
		await decoder.decode({ bytes: scene }, small);
		order.push(`decode ${number}`);
	});
	const render = decoder.render({ bytes: scene }, { longestSide: 100 });
	await Promise.all([...decodes, render.then(() => order.push("render"))]);
	expect(order).toEqual(["decode 1", "render", "decode 2", "decode 3"]);
});

test("closing rejects what is unfinished, ends every process and refuses more", async () => {
	const decoder = createDecoder(faulty());
	const pid = await processId(decoder);
	const unfinished = Promise.allSettled([
		decoder.decode(misdeed("hang"), small),
		decoder.decode({ bytes: scene }, small),
	]);
	await decoder.close();
	expect((await unfinished).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
	expect(isRunning(pid)).toBe(false);
	await expect(decoder.decode({ bytes: scene }, small)).rejects.toThrow("closed");
	await decoder.close();
});

test("decoding processes end when their parent is killed", async () => {
	const parent = fork(new URL("./parent-with-decoder.ts", import.meta.url), { execArgv: [] });
	const [pid] = await once(parent, "message");
	expect(isRunning(pid)).toBe(true);
	parent.kill("SIGKILL");
	await untilGone(pid);
	expect(isRunning(pid)).toBe(false);
});

test("an idle decoder lets its program end by itself", async () => {
	const parent = fork(new URL("./parent-with-decoder.ts", import.meta.url), ["end"], {
		execArgv: [],
	});
	const [pid] = await once(parent, "message");
	parent.disconnect();
	expect(await once(parent, "exit")).toEqual([0, null]);
	await untilGone(pid);
});

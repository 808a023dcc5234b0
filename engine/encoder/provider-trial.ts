/** @file Tries execution providers against the CPU and keeps the fastest that gives its numbers. */
import { fork } from "node:child_process";
import type { ExecutionProvider, ProviderTrial } from "../../contract/model.ts";
import { leastParity } from "./batch-size-probe.ts";
import type { ModelPackage } from "./model-package.ts";
import { availableProviders } from "./onnx-session.ts";
import type { ProviderMeasurement, TrialRequest } from "./provider-trial-child.ts";

/** How much faster than the CPU another provider must be: a timing is not exact to a few percent. */
const leastGain = 1.1;

/** A first start on a graphics device compiles shaders, which can take many seconds. */
const trialTimeoutMs = 90_000;

/** The platform's own first, then what is usually slower or may be missing. */
const preference: readonly ExecutionProvider[] = ["coreml", "dml", "cuda", "webgpu", "cpu"];

/** The providers this build of ONNX Runtime knows on this platform, most promising first. */
export function knownProviders(): ExecutionProvider[] {
	const known = availableProviders();
	return preference.filter((provider) => provider === "cpu" || known.has(provider));
}

/**
 * [Note: Provider trials] A driver can throw, hang, crash its process or compute something else. Each
 * provider is therefore tried in a process of its own, with a time limit, on fixed pictures whose
 * embeddings the CPU computes as well. Nothing waits for this: the CPU serves until it is known.
 * @param signal ends the trial under way; the promise then rejects with AbortError.
 * @param measuresCpuAlone whether to time the CPU though nothing else is in question.
 * @returns a trial per provider, exactly one of them `chosen`.
 */
export async function tryProviders(
	modelPackage: ModelPackage,
	threads: number,
	signal: AbortSignal,
	measuresCpuAlone: boolean,
	providers: readonly ExecutionProvider[] = knownProviders(),
): Promise<ProviderTrial[]> {
	const trials: ProviderTrial[] = [];
	for (const provider of providers) {
		signal.throwIfAborted();
		if (provider === "cpu" && !measuresCpuAlone && trials.every(isOut)) {
			// Nothing to compare it with: its time is better spent on the person's photos.
			const unmeasured = { imagesPerSecond: null, batchSize: null, reason: null };
			trials.push({ provider, outcome: "slower", parity: 1, ...unmeasured });
			continue;
		}
		trials.push(await tryProvider({ modelPackage, threads, provider }, signal));
	}
	signal.throwIfAborted();
	return choose(trials);
}

/** Marks the fastest that agrees as chosen; the CPU when none is clearly faster. */
export function choose(trials: readonly ProviderTrial[]): ProviderTrial[] {
	const cpu = trials.find((trial) => trial.provider === "cpu");
	let best = cpu;
	let rate = (cpu?.imagesPerSecond ?? 0) * leastGain;
	for (const trial of trials) {
		if (trial.outcome !== "slower" || (trial.imagesPerSecond ?? 0) <= rate) continue;
		best = trial;
		rate = trial.imagesPerSecond ?? 0;
	}
	return trials.map((trial) => (trial === best ? { ...trial, outcome: "chosen" } : trial));
}

function isOut(trial: ProviderTrial): boolean {
	return trial.outcome === "unavailable" || trial.outcome === "disagrees";
}

async function tryProvider(request: TrialRequest, signal: AbortSignal): Promise<ProviderTrial> {
	const { provider } = request;
	try {
		const { parity, imagesPerSecond, batchSize } = await measureInChild(request, signal);
		const outcome = parity >= leastParity ? "slower" : "disagrees";
		return { provider, outcome, parity, imagesPerSecond, batchSize, reason: null };
	} catch (error) {
		const reason = readableReason(error instanceof Error ? error.message : String(error));
		const unmeasured = { parity: null, imagesPerSecond: null, batchSize: null };
		return { provider, outcome: "unavailable", ...unmeasured, reason };
	}
}

/** The runtime puts the line of its source that found out before what it found out. */
function readableReason(message: string): string {
	return message.replace(/^\/onnxruntime_src.* was false\. /s, "").trim();
}

function measureInChild(request: TrialRequest, signal: AbortSignal): Promise<ProviderMeasurement> {
	const { promise, resolve, reject } = Promise.withResolvers<ProviderMeasurement>();
	const file = import.meta.url.endsWith(".ts")
		? "./provider-trial-child.ts"
		: "./provider-trial-child.js";
	const child = fork(new URL(file, import.meta.url), { stdio: "ignore", signal });
	child.unref();
	const timer = setTimeout(() => {
		reject(new Error(`It gave no answer within ${trialTimeoutMs / 1000} seconds.`));
		child.kill("SIGKILL");
	}, trialTimeoutMs);
	timer.unref();
	child.once("message", (answer: { measurement: ProviderMeasurement } | { problem: string }) => {
		if ("measurement" in answer) resolve(answer.measurement);
		else reject(new Error(answer.problem));
	});
	child.once("error", reject);
	child.once("exit", (code, killedBy) => {
		clearTimeout(timer);
		reject(new Error(`Its process ended with ${killedBy ?? `code ${code}`}.`));
	});
	child.send(request);
	return promise;
}

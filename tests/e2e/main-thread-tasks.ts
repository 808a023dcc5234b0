/** @file How long the page's main thread was busy at a time, from the browser's own trace. */
import type { Browser } from "playwright-core";
import { z } from "zod";

/** Tasks of the page's main thread while something was done. */
export interface MainThreadTasks {
	count: number;
	/** Processor time of the longest task, in ms: what other programs on the machine take is not in it. */
	longestCpuMs: number;
	/** The longest task by the clock, in ms: on a busy machine other programs are in it. */
	longestWallMs: number;
	/** Tasks of more than 50 ms of processor time, which is what a browser calls long. */
	longCount: number;
	totalCpuMs: number;
}

const eventSchema = z.object({
	name: z.string(),
	ph: z.string(),
	pid: z.number(),
	tid: z.number(),
	/** Microseconds by the clock. */
	dur: z.number().optional(),
	/** Microseconds of the thread's processor time. */
	tdur: z.number().optional(),
	args: z.record(z.string(), z.unknown()).optional(),
});
const traceSchema = z.object({ traceEvents: z.array(z.unknown()) });

/** Does some work in the browser's pages and measures the tasks of their main threads meanwhile. */
export async function traceMainThread(
	browser: Browser,
	work: () => Promise<unknown>,
): Promise<MainThreadTasks> {
	await browser.startTracing(undefined, {
		categories: ["disabled-by-default-devtools.timeline", "toplevel"],
	});
	try {
		await work();
	} catch (error) {
		await browser.stopTracing();
		throw error;
	}
	return readTrace(await browser.stopTracing());
}

/** Reads a trace as Chromium writes it. */
export function readTrace(trace: Buffer): MainThreadTasks {
	const { traceEvents } = traceSchema.parse(JSON.parse(trace.toString()));
	const events = traceEvents.flatMap((event) => {
		const parsed = eventSchema.safeParse(event);
		return parsed.success ? [parsed.data] : [];
	});
	const mainThreads = new Set(
		events
			.filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain")
			.map(({ pid, tid }) => `${pid}:${tid}`),
	);
	const tasks = events.filter(
		({ name, ph, pid, tid }) =>
			ph === "X" && /(^|::)RunTask$/.test(name) && mainThreads.has(`${pid}:${tid}`),
	);
	if (tasks.length === 0 || tasks.every(({ tdur }) => tdur === undefined)) {
		throw new Error("The trace tells nothing of the main thread's processor time.");
	}
	const cpuMs = tasks.map(({ tdur = 0 }) => tdur / 1000);
	return {
		count: tasks.length,
		longestCpuMs: Math.max(...cpuMs),
		longestWallMs: Math.max(...tasks.map(({ dur = 0 }) => dur / 1000)),
		longCount: cpuMs.filter((ms) => ms > 50).length,
		totalCpuMs: cpuMs.reduce((sum, ms) => sum + ms, 0),
	};
}

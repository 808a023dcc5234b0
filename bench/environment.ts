/** @file What a figure was measured on; printed with every figure. */
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";

export function describeEnvironment() {
	return {
		date: new Date().toISOString().slice(0, 10),
		node: process.version,
		platform: process.platform,
		arch: process.arch,
		cpu: cpus()[0]?.model ?? "unknown",
		cores: availableParallelism(),
		memoryBytes: totalmem(),
	};
}

/** The value below which a share of the samples lies. */
export function percentile(samples: readonly number[], share: number): number {
	const sorted = [...samples].sort((left, right) => left - right);
	return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** Resident memory of this process and of all its descendants, in bytes (Linux; else this process). */
export function residentBytes(): { own: number; withChildren: number } {
	const own = process.memoryUsage.rss();
	return { own, withChildren: own + descendantsBytes(process.pid) };
}

function descendantsBytes(pid: number): number {
	let total = 0;
	for (const child of childrenOf(pid)) {
		total += residentOf(child) + descendantsBytes(child);
	}
	return total;
}

function childrenOf(pid: number): number[] {
	try {
		const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
		return text.trim() === "" ? [] : text.trim().split(" ").map(Number);
	} catch {
		return [];
	}
}

function residentOf(pid: number): number {
	try {
		const match = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
		return Number(match?.[1] ?? 0) * 1024;
	} catch {
		return 0;
	}
}

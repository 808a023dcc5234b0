/** @file Entry of a decoding process: answers one request at a time and ends with its parent. */
import { constants, setPriority } from "node:os";
import sharp from "sharp";
import { type ChildReply, isChildRequest, largeFileBytes } from "./child-protocol.ts";
import { runTask } from "./run-task.ts";
import { outOfMemoryMessage } from "./unreadable-picture.ts";

const memoryCheckMs = 100;

// Parallelism is the number of processes; within one, a second thread would only compete.
sharp.concurrency(1);
sharp.cache(false);

yieldToOthers();

/**
 * The model must never wait for a core because pictures are being decoded far ahead of it, and
 * neither must the person's other programs.
 */
function yieldToOthers(): void {
	try {
		setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
	} catch {
		// Not allowed here: decoding is as urgent as everything else then.
	}
}

/** Ends at once, whatever the imaging library's threads are doing. */
const end = (): boolean => process.kill(process.pid, "SIGKILL");

function reply(message: ChildReply, onSent: () => void = () => {}): void {
	if (process.connected) process.send?.(message, undefined, undefined, onSent);
}

let maxMemoryBytes = Number.POSITIVE_INFINITY;
let busy = false;

setInterval(() => {
	if (!busy || process.memoryUsage.rss() <= maxMemoryBytes) return;
	busy = false;
	const outcome = { kind: "failed", reason: "out-of-memory", message: outOfMemoryMessage } as const;
	reply({ kind: "done", outcome, retire: true }, end);
}, memoryCheckMs).unref();

process.on("disconnect", end);
process.on("message", async (message) => {
	if (!isChildRequest(message)) return;
	maxMemoryBytes = message.limits.maxMemoryBytes;
	busy = true;
	const outcome = await runTask(message, (sizeBytes) => {
		if (sizeBytes > largeFileBytes) reply({ kind: "large-file", sizeBytes });
	});
	if (!busy) return;
	busy = false;
	reply({ kind: "done", outcome, retire: false });
});

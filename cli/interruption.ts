/** @file Ctrl+C and its kin: the first asks the command to end in good order, the second ends it. */
import { constants } from "node:os";
import { exitCodes } from "./failure.ts";
import { remark } from "./terminal.ts";

/** Thrown inside a command that is to end; `exitCode` is what the process then ends with. */
export class Interrupted extends Error {
	readonly exitCode: number;

	constructor(exitCode: number) {
		super("Interrupted.");
		this.name = "Interrupted";
		this.exitCode = exitCode;
	}
}

/** What was printed reaches nobody: the command ends with this, even when its work is done. */
export class OutputLost extends Interrupted {}

/**
 * Terminals send Ctrl+C to every process of the command, and those that started us pass it on: the
 * same key press may arrive more than once.
 */
const samePressMs = 300;

/** Aborts with an `Interrupted` as its reason. */
export function listenForInterruption(): AbortSignal {
	const controller = new AbortController();
	let firstAt: number | null = null;
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
		const exitCode = 128 + constants.signals[signal];
		process.on(signal, () => {
			if (firstAt === null) {
				firstAt = performance.now();
				controller.abort(new Interrupted(exitCode));
			} else if (performance.now() - firstAt > samePressMs) {
				process.exit(exitCode);
			}
		});
	}
	// Whoever reads our output has had enough (`| head`): that is no failure.
	for (const stream of [process.stdout, process.stderr]) {
		stream.on("error", (error: NodeJS.ErrnoException) => {
			if (controller.signal.aborted) return;
			if (error.code === "EPIPE") return controller.abort(new OutputLost(exitCodes.done));
			remark(`The output cannot be written (${error.code ?? error.message}).`);
			controller.abort(new OutputLost(exitCodes.failed));
		});
	}
	// Started by bin.mjs, which was killed: nobody waits for us any more.
	if (process.channel !== undefined) {
		process.channel.unref();
		process.on("disconnect", () => process.exit(exitCodes.failed));
	}
	return controller.signal;
}

/** Rejects with the signal's reason as soon as it aborts; never resolves. */
export function whenInterrupted(signal: AbortSignal): Promise<never> {
	return new Promise((_, reject) => {
		const fail = () => reject(signal.reason);
		if (signal.aborted) fail();
		else signal.addEventListener("abort", fail, { once: true });
	});
}

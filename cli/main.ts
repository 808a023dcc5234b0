/** @file Runs the command line once and ends the process. */
import { CommanderError } from "commander";
import { describeFailure, exitCodeOf, exitCodes, UsageError } from "./failure.ts";
import { findInstallation } from "./installation.ts";
import { Interrupted, listenForInterruption, OutputLost } from "./interruption.ts";
import { createProgram } from "./program.ts";
import { flushOutput, remark } from "./terminal.ts";

/** @returns the exit code */
async function run(args: readonly string[], signal: AbortSignal): Promise<number> {
	const program = createProgram(findInstallation(), signal);
	try {
		await program.parseAsync(args, { from: "user" });
		return exitCodes.done;
	} catch (error) {
		if (error instanceof Interrupted) return error.exitCode;
		// Help and version have been printed.
		if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done;
		const failure =
			error instanceof CommanderError
				? new UsageError(`${error.message.replace(/^error: /, "").replace(/\.?$/, ".")}`)
				: error;
		remark(describeFailure(failure, program.opts<{ debug?: boolean }>().debug === true));
		return exitCodeOf(failure);
	}
}

const signal = listenForInterruption();
const exitCode = await run(process.argv.slice(2), signal);
await flushOutput();
const late: unknown = signal.aborted ? signal.reason : undefined;
// Not left to the event loop: a library's thread that lingers must not keep the person waiting.
process.exit(exitCode === exitCodes.done && late instanceof OutputLost ? late.exitCode : exitCode);

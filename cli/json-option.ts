/** @file `--json` for commands that stand below another one. */
import type { Command } from "commander";
import { UsageError } from "./failure.ts";

/** `--json` may stand before or behind the name of the command below. */
export function isJson(command: Command): boolean {
	return command.optsWithGlobals().json === true;
}

/** @throws UsageError where `--json` is asked of a command that has no such answer. */
export function refuseJson(command: Command): void {
	if (!isJson(command)) return;
	throw new UsageError(`${command.parent?.name()} ${command.name()} has no answer in JSON.`);
}

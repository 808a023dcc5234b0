/** @file What every command gets besides its own arguments. */
import type { Installation } from "./installation.ts";

export interface CommandContext {
	/** Absolute. */
	libraryPath: string;
	debug: boolean;
	installation: Installation;
	/** Aborts with an `Interrupted` when the command is to end. */
	signal: AbortSignal;
}

/** @file Asks before something is done that the person should have said twice. */
import { createInterface } from "node:readline/promises";
import { UsageError } from "./failure.ts";

/**
 * True for a yes typed at a terminal, and where `--yes` was given already.
 * @throws UsageError where nobody can be asked.
 */
export async function confirmed(
	question: string,
	{ yes, signal }: { yes: boolean; signal: AbortSignal },
): Promise<boolean> {
	if (yes) return true;
	if (!process.stdin.isTTY)
		throw new UsageError(`${question} Nobody can be asked here: add --yes.`);
	const terminal = createInterface({ input: process.stdin, output: process.stderr });
	try {
		const answer = await terminal.question(`${question} [y/N] `, { signal });
		return /^y(es)?$/iu.test(answer.trim());
	} finally {
		terminal.close();
	}
}

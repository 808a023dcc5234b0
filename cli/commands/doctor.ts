/** @file `afterimage doctor`: checks the library, and mends it when asked to. */
import type { CommandContext } from "../command-context.ts";
import { CommandError } from "../failure.ts";
import { printJson, printLine } from "../terminal.ts";
import { withEngine } from "../with-engine.ts";

/** @throws CommandError when something is left that is not as it should be. */
export async function doctor(
	context: CommandContext,
	options: { repair: boolean; json: boolean },
): Promise<void> {
	const { repair, json } = options;
	await withEngine(context, { live: false, port: 0 }, async ({ client }) => {
		const findings = await client.library.check({ repair });
		if (json) printJson(findings);
		else {
			for (const { check, outcome, message } of findings) {
				printLine(`${outcome.padEnd(11)}${check.padEnd(12)}${message}`);
			}
		}
		const left = (outcome: string) =>
			findings.filter((finding) => finding.outcome === outcome).length;
		if (left("broken") > 0) {
			throw new CommandError("Something is broken that cannot be mended from here; see above.");
		}
		if (left("repairable") > 0) {
			throw new CommandError("Some of this can be mended. Run: afterimage doctor --repair");
		}
	});
}

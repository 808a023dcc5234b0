/** @file `afterimage remove FOLDER`: forgets a folder; the photos themselves stay where they are. */
import { realpath } from "node:fs/promises";
import type { CommandContext } from "../command-context.ts";
import { CommandError } from "../failure.ts";
import { resolveGiven } from "../library-path.ts";
import { printLine } from "../terminal.ts";
import { withEngine } from "../with-engine.ts";

export async function remove(context: CommandContext, folder: string): Promise<void> {
	await withEngine(context, { live: false, port: 0 }, async ({ client }) => {
		const path = resolveGiven(folder);
		// A folder that is gone from the disk can be removed all the same.
		const real = await realpath(path).catch(() => path);
		const folders = await client.folder.list();
		const found = folders.find((known) => known.path === path || known.path === real);
		if (found === undefined) {
			const known = folders.map((each) => each.path).join(", ");
			throw new CommandError(
				`${path} is no folder of this library. ${known === "" ? "It has none." : `It has: ${known}`}`,
			);
		}
		const { photosForgotten } = await client.folder.remove({ id: found.id });
		printLine(`Forgot ${found.path} with ${photosForgotten} photos. The photos themselves stay.`);
	});
}

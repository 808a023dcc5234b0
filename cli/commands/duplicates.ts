/** @file `afterimage duplicates`: groups of copies, which to keep, and why. */
import type { EngineClient } from "../../contract/contract.ts";
import type { LookAlikeGroup } from "../../contract/lookalike.ts";
import type { CommandContext } from "../command-context.ts";
import { printJson, printLine } from "../terminal.ts";
import { withEngine } from "../with-engine.ts";

const groupsAtATime = 1000;
const kindsInWords = { identical: "identical", resaved: "saved again", edited: "edited copy" };

/** Only lists: nothing is moved or changed from the command line. */
export async function duplicates(
	context: CommandContext,
	{ json }: { json: boolean },
): Promise<void> {
	await withEngine(context, { live: false, port: 0 }, async ({ client }) => {
		const found = await listAll(client);
		if (json) return printJson(found);
		if (found.total === 0) return printLine("No copies were found among the photos read so far.");
		for (const { reason, photos } of found.groups) {
			for (const { kind, path, width, height, differences } of photos) {
				const role = kind === null ? "keep" : kindsInWords[kind];
				const words = differences.length === 0 ? "" : `  (${differences.join(", ")})`;
				printLine(`${role.padEnd(12)}${width}x${height}  ${path}${words}`);
			}
			printLine(`            ${reason}`);
			printLine("");
		}
		const groups = found.total === 1 ? "1 group" : `${found.total} groups`;
		const copies = found.copies === 1 ? "1 copy takes" : `${found.copies} copies take`;
		const size =
			found.copiesBytes < 1e6
				? `${Math.ceil(found.copiesBytes / 1000)} KB`
				: `${(found.copiesBytes / 1e6).toFixed(1)} MB`;
		printLine(`${groups}; ${copies} ${size}.`);
	});
}

async function listAll(client: EngineClient) {
	const first = await client.lookAlike.list({ offset: 0, limit: groupsAtATime });
	const groups: LookAlikeGroup[] = [...first.groups];
	while (groups.length < first.total) {
		const next = await client.lookAlike.list({ offset: groups.length, limit: groupsAtATime });
		if (next.groups.length === 0) break;
		groups.push(...next.groups);
	}
	return { ...first, groups };
}

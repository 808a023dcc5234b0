/** @file `afterimage status`: what the library holds and how it is searched. */
import type { LibraryStatus } from "../../contract/library.ts";
import type { CommandContext } from "../command-context.ts";
import { printJson, printLine } from "../terminal.ts";
import { withEngine } from "../with-engine.ts";

export async function status(context: CommandContext, options: { json: boolean }): Promise<void> {
	await withEngine(context, { live: false, port: 0 }, async ({ client }) => {
		const found = await client.library.status();
		if (options.json) return printJson(found);
		for (const [name, value] of rows(found)) printLine(`${name.padEnd(13)}${value}`);
	});
}

function rows(found: LibraryStatus): [name: string, value: string][] {
	const { encoder, index } = found;
	const recall = index.recallAt10 === null ? "not measured yet" : index.recallAt10.toFixed(3);
	return [
		["Library", found.path],
		["Size", `${(found.sizeBytes / 1e6).toFixed(1)} MB`],
		[
			"Folders",
			`${found.folders}${found.offlineFolders > 0 ? `, ${found.offlineFolders} offline` : ""}`,
		],
		["Photos", `${found.photos}`],
		["Searchable", `${found.searchable}`],
		["Waiting", `${found.waiting}${found.paused ? " (paused)" : ""}`],
		["Failed", `${found.failed}`],
		["Search", `${index.kind}, ${index.vectors} vectors, recall at 10: ${recall}`],
		["Encoder", `${encoder.title} (${encoder.id}), ${encoder.problem ?? encoder.state}`],
		["Runs on", encoder.provider ?? "decided when it is first used"],
		["Connections", `${found.outgoingConnections} to other computers`],
		["Version", found.version],
	];
}

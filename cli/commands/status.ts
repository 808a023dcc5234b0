/** @file `afterimage status`: what the library holds and how it is searched. */
import type { EncoderUse } from "../../contract/encoder-change.ts";
import type { LibraryStatus } from "../../contract/library.ts";
import type { CommandContext } from "../command-context.ts";
import { describeBytes } from "../reading.ts";
import { printJson, printLine } from "../terminal.ts";
import { withEngine } from "../with-engine.ts";
import { changeInWords } from "./search-model.ts";

export async function status(context: CommandContext, options: { json: boolean }): Promise<void> {
	await withEngine(context, { live: false, port: 0 }, async ({ client }) => {
		const found = await client.library.status();
		const encoderUse = await client.encoderChange.status();
		if (options.json) return printJson({ ...found, encoderUse });
		const all = [...rows(found), ...encoderRows(encoderUse)];
		for (const [name, value] of all) printLine(`${name.padEnd(13)}${value}`);
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
		["Photos", `${found.photos - found.drawn}`],
		["Drawings", `${found.drawn}`],
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

/** Only where there is something to say. */
function encoderRows({ problem, missing, change, kept }: EncoderUse): [string, string][] {
	const found: [string, string][] = [];
	if (problem !== null) found.push(["Attention", problem]);
	if (missing > 0) found.push(["Not read yet", `${missing} photos, by the model that searches`]);
	if (change !== null) found.push(["Changing", changeInWords(change)]);
	for (const { title, photos, sizeBytes } of kept) {
		found.push(["Kept", `${photos} photos read by ${title}, ${describeBytes(sizeBytes)}`]);
	}
	return found;
}

/** @file `afterimage tags`: the tags in use, and labels and tags as files. */
import { writeFile } from "node:fs/promises";
import type { Tag } from "../../contract/tag.ts";
import type { CommandContext } from "../command-context.ts";
import { counted } from "../counted.ts";
import { CommandError } from "../failure.ts";
import { readGiven } from "../given-files.ts";
import { resolveGiven } from "../library-path.ts";
import { printJson, printLine, remark } from "../terminal.ts";
import { withEngine } from "../with-engine.ts";

const documentMaxBytes = 256 * 1024 * 1024;
const once = { live: false, port: 0 } as const;

/** Lists the tags as a tree, with how many photos have each. */
export async function tags(context: CommandContext, { json }: { json: boolean }): Promise<void> {
	await withEngine(context, once, async ({ client }) => {
		const all = await client.tag.list({});
		if (json) return printJson(all);
		for (const tag of all) printLine(asLine(tag));
		if (all.length === 0) remark("There are no tags yet. Run: afterimage tag FOLDER");
	});
}

function asLine({ path, name, acceptedBelow, suggested }: Tag): string {
	const indent = "  ".repeat(path.split("/").length - 1);
	const waiting = suggested === 0 ? "" : `  (${suggested} suggested)`;
	return `${String(acceptedBelow).padStart(7)}  ${indent}${name}${waiting}`;
}

/** The library's own labels, with what they learned, as a file that `import` takes. */
export async function exportLabels(context: CommandContext, file: string): Promise<void> {
	await withEngine(context, once, async ({ client }) => {
		const document = await client.label.export({});
		await save(resolveGiven(file), `${JSON.stringify(document, null, "\t")}\n`);
		remark(`Wrote ${counted(document.labels.length, "label")} to ${resolveGiven(file)}.`);
	});
}

export async function importLabels(
	context: CommandContext,
	file: string,
	{ json }: { json: boolean },
): Promise<void> {
	const document = await readDocument(resolveGiven(file), context.signal);
	await withEngine(context, once, async ({ client }) => {
		const { added, replaced, answers } = await client.label.import({ document });
		if (json) return printJson({ added, replaced, answers });
		printLine(
			`${counted(added, "label")} added, ${replaced} replaced, ${counted(answers, "answer")}.`,
		);
	});
}

/** Every tag of every photo with its score, to a file or to standard output. */
export async function tagsAsCsv(context: CommandContext, file: string | undefined): Promise<void> {
	await withEngine(context, once, async ({ client }) => {
		const pieces: string[] = [];
		for await (const piece of await client.tag.csv({}, { signal: context.signal })) {
			if (file === undefined) process.stdout.write(piece);
			else pieces.push(piece);
		}
		if (file !== undefined) await save(resolveGiven(file), pieces.join(""));
	});
}

async function readDocument(path: string, signal: AbortSignal): Promise<unknown> {
	const bytes = await readGiven(path, documentMaxBytes, signal);
	try {
		return JSON.parse(bytes.toString("utf8"));
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		throw new CommandError(`${path} is no file of labels: ${why}`, error);
	}
}

async function save(path: string, text: string): Promise<void> {
	try {
		await writeFile(path, text);
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		throw new CommandError(`${path} could not be written: ${why}`, error);
	}
}

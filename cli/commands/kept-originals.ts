/** @file `afterimage tags originals`: untouched photo files in the library, and discarding them. */
import type { EngineClient } from "../../contract/contract.ts";
import type { KeptOriginal, KeptOriginals } from "../../contract/kept-original.ts";
import type { CommandContext } from "../command-context.ts";
import { confirmed } from "../confirm.ts";
import { counted } from "../counted.ts";
import { CommandError } from "../failure.ts";
import { resolveGiven } from "../library-path.ts";
import { printJson, printLine, remark } from "../terminal.ts";
import { withEngine } from "../with-engine.ts";

export interface OriginalsOptions {
	/** Only those that no photo goes back to any more. */
	unused: boolean;
	discard: boolean;
	/** The person need not be asked. */
	yes: boolean;
	json: boolean;
}

/**
 * Lists the copies of the photo files named, or all; with `discard`, just what would be listed goes.
 * @throws CommandError for a photo file that has none, and when some could not be moved.
 */
export async function keptOriginals(
	context: CommandContext,
	photoPaths: readonly string[],
	options: OriginalsOptions,
): Promise<void> {
	await withEngine(context, { live: false, port: 0 }, async ({ client }) => {
		const kept = await client.tagWriting.originals();
		const chosen = choose(
			kept.originals,
			photoPaths.map((path) => resolveGiven(path)),
			options.unused,
		);
		const none =
			kept.originals.length > 0
				? "Every untouched copy has its photo."
				: "No untouched copies are kept.";
		if (options.discard)
			return discard(client, context.signal, { ...kept, originals: chosen }, { ...options, none });
		const sizeBytes = sumOf(chosen);
		if (options.json) return printJson({ path: kept.path, originals: chosen, sizeBytes });
		for (const original of chosen) printLine(asLine(original));
		if (chosen.length === 0) return printLine(none);
		printLine(`${copies(chosen.length)}, ${inWords(sizeBytes)}, in ${kept.path}`);
	});
}

async function discard(
	client: EngineClient,
	signal: AbortSignal,
	{ originals, trash }: KeptOriginals,
	{ yes, json, none }: OriginalsOptions & { none: string },
): Promise<void> {
	const [first, ...others] = originals.map(({ id }) => id);
	if (first === undefined) {
		if (json) return printJson({ discarded: 0, sizeBytes: 0, stayed: [] });
		return printLine(none);
	}
	const what = `${copies(originals.length)} (${inWords(sumOf(originals))})`;
	const where = trash ? "to the trash" : "for good, because this computer has no trash";
	if (!json) for (const original of originals) remark(asLine(original));
	const question = `Discard ${what} ${where}? What goes cannot be put back in place of its photo.`;
	if (!(await confirmed(question, { yes, signal }))) return remark("Nothing was discarded.");
	const done = await client.tagWriting.discardOriginals({
		ids: [first, ...others],
		forGood: !trash,
	});
	const { discarded, sizeBytes, stayed } = done;
	if (json) printJson({ discarded, sizeBytes, stayed });
	else {
		const went = trash ? "moved to the trash" : "deleted";
		printLine(`${copies(discarded)} ${went}, ${inWords(sizeBytes)}.`);
		for (const message of stayed) printLine(message);
	}
	if (stayed.length > 0) throw new CommandError("Some copies are still there.");
}

function choose(
	originals: readonly KeptOriginal[],
	photoPaths: readonly string[],
	unused: boolean,
): KeptOriginal[] {
	const isOf = (original: KeptOriginal, path: string) =>
		original.copiedFrom === path || original.photos.some((photo) => photo.path === path);
	for (const path of photoPaths) {
		if (originals.some((original) => isOf(original, path))) continue;
		throw new CommandError(`No untouched copy of ${path} is kept.`);
	}
	return originals.filter(
		(original) =>
			(photoPaths.length === 0 || photoPaths.some((path) => isOf(original, path))) &&
			!(unused && original.photos.length > 0),
	);
}

function asLine({ sizeBytes, keptAtMs, photos, copiedFrom, path }: KeptOriginal): string {
	const [day] = new Date(keptAtMs).toISOString().split("T");
	const of =
		photos.length > 0
			? photos.map((photo) => photo.path).join(", ")
			: `no photo goes back to it: ${copiedFrom ?? path}`;
	return `${inWords(sizeBytes).padStart(9)}  ${day}  ${of}`;
}

const sumOf = (originals: readonly KeptOriginal[]) =>
	originals.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

const copies = (count: number) => counted(count, "untouched copy", "untouched copies");

const inWords = (bytes: number) =>
	bytes < 1e6 ? `${Math.ceil(bytes / 1000)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;

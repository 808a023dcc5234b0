/** @file `afterimage tags write`, `keep` and `restore`: tags beside and inside photo files. */
import type { EngineClient } from "../../contract/contract.ts";
import {
	type KeptIn,
	keptInSchema,
	type PlannedWrite,
	type TagWritingStatus,
} from "../../contract/tag-writing.ts";
import type { CommandContext } from "../command-context.ts";
import { counted } from "../counted.ts";
import { CommandError, UsageError } from "../failure.ts";
import { ProgressLine, printJson, printLine, remark } from "../terminal.ts";
import { withEngine } from "../with-engine.ts";

const once = { live: false, port: 0 } as const;
/** Planned writes listed one by one; a plan may name hundreds of thousands. */
const mostListed = 100_000;

export interface WriteOptions {
	/** Also into photo files; else into sidecars, or where the library keeps tags. */
	intoFiles: boolean;
	dryRun: boolean;
	json: boolean;
}

/** Writes accepted tags, titles, captions and stars once, or says what would be written. */
export async function writeTags(
	context: CommandContext,
	{ intoFiles, dryRun, json }: WriteOptions,
): Promise<void> {
	await withEngine(context, once, async ({ client }) => {
		const { keptIn } = await client.tagWriting.status();
		const to = intoFiles || keptIn === "files" ? "files" : "sidecars";
		if (dryRun) return showPlan(client, to, json);
		const line = new ProgressLine();
		let last = { sidecars: 0, photos: 0 };
		try {
			const run = await client.tagWriting.write({ to }, { signal: context.signal });
			for await (const { done, total, sidecars, photos } of run) {
				line.show(`${done} of ${total} photos looked at`);
				last = { sidecars, photos };
			}
		} finally {
			line.clear();
		}
		const status = await client.tagWriting.status();
		const conflicts = await conflictsOf(client);
		if (json) return printJson({ ...last, conflicts, ...leftAlone(status) });
		printLine(
			`${counted(last.sidecars, "sidecar")} and ${counted(last.photos, "photo file")} written.`,
		);
		tellConflicts(conflicts);
		for (const { path, reason } of [...status.refused, ...status.unwritable]) {
			printLine(`Left alone: ${path}: ${reason}`);
		}
	});
}

async function showPlan(
	client: EngineClient,
	to: Exclude<KeptIn, "library">,
	json: boolean,
): Promise<void> {
	const { writes, more, conflicts } = await client.tagWriting.plan({ to, limit: mostListed });
	const known = await conflictsOf(client);
	if (json) return printJson({ writes, more, conflicts: known, conflictsInAll: conflicts });
	for (const write of writes) printLine(inOneLine(write));
	printLine(`${counted(writes.length, "file")}${more ? " and more" : ""} would be written.`);
	tellConflicts(known);
}

function inOneLine({ path, isNew, add, remove, title, caption, rating }: PlannedWrite): string {
	const parts = [...add.map((tag) => `+${tag}`), ...remove.map((tag) => `-${tag}`)];
	if (rating !== undefined) parts.push(rating === null ? "no stars" : `${rating} stars`);
	if (title !== undefined) parts.push(title === null ? "no title" : `title “${title}”`);
	if (caption !== undefined) parts.push(caption === null ? "no caption" : "a caption");
	return `${path}${isNew ? " (new)" : ""}: ${parts.join(", ")}`;
}

interface ShownConflict {
	path: string;
	differsIn: string[];
}

async function conflictsOf(client: EngineClient): Promise<ShownConflict[]> {
	const conflicts = await client.tagWriting.conflicts();
	return conflicts.map(({ path, differsIn }) => ({ path, differsIn }));
}

function tellConflicts(conflicts: readonly ShownConflict[]): void {
	for (const { path, differsIn } of conflicts) {
		printLine(`Not written: ${path}: ${differsIn.join(", ")} changed here and in its file.`);
	}
	if (conflicts.length > 0) remark("Decide these in the settings. Run: afterimage open");
}

function leftAlone({ refused, unwritable }: TagWritingStatus) {
	return { refused, unwritable: unwritable.map(({ path, reason }) => ({ path, reason })) };
}

/** Says, or chooses, where tags are kept from now on. */
export async function keepTags(
	context: CommandContext,
	where: string | undefined,
	{ json }: { json: boolean },
): Promise<void> {
	const chosen = keptInSchema.optional().safeParse(where);
	if (!chosen.success) {
		throw new UsageError(`Tags are kept in library, sidecars or files, not in “${where}”.`);
	}
	await withEngine(context, once, async ({ client }) => {
		const status =
			chosen.data === undefined
				? await client.tagWriting.status()
				: await client.tagWriting.change({ keptIn: chosen.data });
		if (json) return printJson({ keptIn: status.keptIn });
		printLine(whereInWords(status.keptIn));
		if (chosen.data !== undefined && chosen.data !== "library") {
			remark("They are written while Afterimage is open. To write them now: afterimage tags write");
		}
	});
}

function whereInWords(keptIn: KeptIn): string {
	switch (keptIn) {
		case "library":
			return "Tags are kept in the library alone.";
		case "sidecars":
			return "Tags are kept in the library and in sidecars beside the photos.";
		case "files":
			return "Tags are kept in the library, in sidecars and inside photo files.";
	}
}

/** Puts every untouched photo file back. @throws CommandError when some could not be. */
export async function restoreFiles(
	context: CommandContext,
	{ json }: { json: boolean },
): Promise<void> {
	await withEngine(context, once, async ({ client }) => {
		const { restored, withoutCopy, refused } = await client.tagWriting.restore({});
		if (json) printJson({ restored, withoutCopy, refused });
		else {
			printLine(`${counted(restored, "photo file")} put back.`);
			if (withoutCopy > 0) {
				printLine(`${counted(withoutCopy, "photo file")} left as it is now: no copy is kept.`);
			}
			for (const { path, reason } of refused) printLine(`Left as it is: ${path}: ${reason}`);
		}
		if (refused.length > 0) throw new CommandError("Some photo files were left as they are.");
	});
}

/** @file `afterimage tag FOLDER…`: reads folders into the library and suggests tags for their photos. */
import type { EngineClient } from "../../contract/contract.ts";
import type { FolderId, LabelId, PhotoId } from "../../contract/ids.ts";
import type { CommandContext } from "../command-context.ts";
import { counted } from "../counted.ts";
import { type LabelFile, readLabelFile } from "../label-file.ts";
import { resolveGiven } from "../library-path.ts";
import { waitUntilRead } from "../reading.ts";
import { ProgressLine, printJson, printLine, remark } from "../terminal.ts";
import { withEngine } from "../with-engine.ts";

export interface TagOptions {
	labels?: string | undefined;
	/** Suggestions at least this sure become tags at once. */
	acceptAbove?: number | undefined;
	json: boolean;
}

interface TagReport {
	photos: number;
	suggested: number;
	withdrawn: number;
	accepted: number;
}

/** With a file, its labels become labels of the library, and only they are looked for. */
export async function tag(
	context: CommandContext,
	folders: readonly string[],
	{ labels: file, acceptAbove, json }: TagOptions,
): Promise<void> {
	const given = file === undefined ? null : await readLabelFile(file, context.signal);
	await withEngine(context, { live: false, port: 0 }, async ({ client }) => {
		const labelIds = given === null ? undefined : await addLabels(client, given);
		const folderIds = await readFolders(client, folders, context.signal);
		const report: TagReport = { photos: 0, suggested: 0, withdrawn: 0, accepted: 0 };
		for (const folderId of folderIds) {
			await suggest(client, folderId, labelIds, report, context.signal);
			const { ids } = await client.photo.columns({ folderId, drawn: "shown" });
			report.photos += ids.length;
			if (acceptAbove === undefined) continue;
			report.accepted += await accept(client, ids, labelIds, acceptAbove);
		}
		if (json) return printJson(report);
		const { photos, suggested, withdrawn, accepted } = report;
		const parts = [`${counted(suggested, "tag")} suggested`];
		if (withdrawn > 0) parts.push(`${counted(withdrawn, "suggestion")} withdrawn`);
		if (acceptAbove !== undefined) parts.push(`${counted(accepted, "tag")} accepted`);
		printLine(`${counted(photos, "photo")}: ${parts.join(", ")}.`);
	});
}

/** @returns the library's labels of these paths, new or known. */
async function addLabels(client: EngineClient, { text, groups }: LabelFile): Promise<LabelId[]> {
	await client.label.addLines({ text });
	const paths = new Set(groups.flatMap(({ labels }) => labels.map(({ path }) => folded(path))));
	const { labels } = await client.label.list();
	return labels.filter(({ path }) => paths.has(folded(path))).map(({ id }) => id);
}

async function readFolders(
	client: EngineClient,
	folders: readonly string[],
	signal: AbortSignal,
): Promise<Set<FolderId>> {
	const known = new Set((await client.folder.list()).map(({ id }) => id));
	const added = new Set<FolderId>();
	for (const path of folders) added.add((await client.folder.add({ path: resolveGiven(path) })).id);
	// One that holds another takes it over, also when that was named before it.
	const left = new Set((await client.folder.list()).map(({ id }) => id));
	const folderIds = added.intersection(left);
	for (const id of folderIds) if (known.has(id)) await client.folder.rescan({ id });
	if ((await client.activity.progress()).phase === "paused") {
		remark("Reading photos was paused; it goes on now.");
		await client.activity.resume();
	}
	await waitUntilRead(client, folderIds, signal);
	return folderIds;
}

async function suggest(
	client: EngineClient,
	folderId: FolderId,
	labelIds: LabelId[] | undefined,
	report: TagReport,
	signal: AbortSignal,
): Promise<void> {
	const scope = { type: "folder", folderId } as const;
	const line = new ProgressLine();
	const last = { suggested: 0, withdrawn: 0 };
	try {
		const run = await client.tagging.run({ scope, ...(labelIds && { labelIds }) }, { signal });
		for await (const { done, total, suggested, withdrawn } of run) {
			line.show(`${done} of ${total} photos looked at, ${suggested} tags suggested`);
			Object.assign(last, { suggested, withdrawn });
		}
	} finally {
		line.clear();
	}
	report.suggested += last.suggested;
	report.withdrawn += last.withdrawn;
}

/** @returns how many suggestions became tags. */
async function accept(
	client: EngineClient,
	ids: PhotoId[],
	labelIds: readonly LabelId[] | undefined,
	atLeast: number,
): Promise<number> {
	const wanted = labelIds === undefined ? null : new Set(labelIds);
	let accepted = 0;
	for (const { id: tagId, suggested, labelIds: makers } of await client.tag.list({})) {
		if (suggested === 0 || (wanted !== null && !makers.some((id) => wanted.has(id)))) continue;
		const suggestions = { type: "of-tag", tagId, ids, atLeast } as const;
		accepted += (await client.tag.decide({ decision: "accept", suggestions })).changed;
	}
	return accepted;
}

function folded(path: string): string {
	return path.normalize("NFC").toLowerCase();
}

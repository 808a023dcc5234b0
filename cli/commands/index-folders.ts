/** @file `afterimage index FOLDER…`: adds folders and reads everything in them. */
import { join } from "node:path";
import type { EngineClient } from "../../contract/contract.ts";
import type { FolderId, PhotoId } from "../../contract/ids.ts";
import type { CommandContext } from "../command-context.ts";
import { resolveGiven } from "../library-path.ts";
import { reportReading, versionsOf, waitUntilRead } from "../reading.ts";
import { printJson, printLine, remark } from "../terminal.ts";
import { type TextReport, waitUntilTextRead } from "../text-reading.ts";
import { withEngine } from "../with-engine.ts";

/** Failures listed for a person; the rest is counted. */
const listedFailures = 20;

/** Resolves when nothing of the folders waits any more. Photos that failed are no failure of it. */
export async function indexFolders(
	context: CommandContext,
	folders: readonly string[],
	options: { text: boolean; json: boolean },
): Promise<void> {
	const startedAt = performance.now();
	let before: Map<PhotoId, number> | null = null;
	await withEngine(context, { live: false, port: 0 }, async ({ client }) => {
		before ??= await versionsOf(client);
		const known = new Set((await client.folder.list()).map(({ id }) => id));
		const added = new Set<FolderId>();
		for (const path of folders) {
			const { id } = await client.folder.add({ path: resolveGiven(path) });
			added.add(id);
		}
		// One that holds another takes it over, also when that was named before it.
		const left = new Set((await client.folder.list()).map(({ id }) => id));
		const folderIds = added.intersection(left);
		for (const id of folderIds) if (known.has(id)) await client.folder.rescan({ id });
		if ((await client.activity.progress()).phase === "paused") {
			remark("Reading photos was paused; it goes on now.");
			await client.activity.resume();
		}
		await waitUntilRead(client, folderIds, context.signal);
		const text = options.text ? await waitUntilTextRead(client, context.signal) : null;
		await tellUnreadable(client, folderIds);
		const { failures, ...counts } = await reportReading(client, folderIds, before);
		const seconds = Math.round((performance.now() - startedAt) / 10) / 100;
		if (options.json) return printJson({ ...counts, ...(text && { text }), seconds, failures });
		printLine(
			`${counts.photos} photos: ${counts.embedded} read now, ${counts.skipped} before, ${counts.failed} failed, in ${seconds} s.`,
		);
		if (text !== null) printLine(textSentence(text));
		for (const { path, reason } of failures.slice(0, listedFailures)) {
			remark(`${reason}: ${path}`);
		}
		if (failures.length > listedFailures) {
			remark(`and ${failures.length - listedFailures} more; --json lists them all.`);
		}
	});
}

function textSentence({ read, failed }: TextReport): string {
	const unread = failed === 0 ? "" : `, and could not be in ${failed}`;
	return `The text was read in ${read} photos of the library${unread}.`;
}

/** What could not even be looked into is in no count. */
async function tellUnreadable(client: EngineClient, ids: ReadonlySet<FolderId>): Promise<void> {
	for (const { id, path, unreadable = [] } of await client.folder.list()) {
		if (!ids.has(id)) continue;
		for (const place of unreadable.slice(0, listedFailures)) {
			remark(`Could not be read, so its photos are missing: ${join(path, place)}`);
		}
		if (unreadable.length > listedFailures) remark("and more places that could not be read.");
	}
}

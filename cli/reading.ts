/** @file Waiting until folders have been read, and what came of it. */
import { setTimeout as delay } from "node:timers/promises";
import type { Progress } from "../contract/activity.ts";
import type { EngineClient } from "../contract/contract.ts";
import type { FolderId, PhotoId } from "../contract/ids.ts";
import type { FailureReason } from "../contract/photo.ts";
import { CommandError } from "./failure.ts";
import { ProgressLine } from "./terminal.ts";

const lookEveryMs = 250;

/** Nothing has moved for this long although photos wait: they cannot be read now. */
const standstillMs = 10_000;

/** Ends when nothing of these folders waits to be read. Shows progress on a terminal. */
export async function waitUntilRead(
	client: EngineClient,
	folderIds: ReadonlySet<FolderId>,
	signal: AbortSignal,
): Promise<void> {
	const line = new ProgressLine();
	let idleSince: number | null = null;
	try {
		for (;;) {
			signal.throwIfAborted();
			const progress = await client.activity.progress();
			if (progress.trouble !== null) throw new CommandError(progress.trouble);
			if (progress.phase === "idle" || progress.phase === "paused") {
				const mine = (await client.folder.list()).filter(({ id }) => folderIds.has(id));
				const open = mine.filter(
					(folder) =>
						folder.scanning ||
						(folder.state === "online" && folder.photos > folder.searchable + folder.failed),
				);
				if (open.length === 0) return;
				if (progress.phase === "paused") {
					throw new CommandError("Reading photos was paused before it was done.");
				}
				idleSince ??= performance.now();
				if (performance.now() - idleSince > standstillMs) {
					throw new CommandError(
						`Some photos of ${open[0]?.path ?? "a folder"} could not be read now. Run: afterimage doctor`,
					);
				}
			} else {
				idleSince = null;
			}
			line.show(describe(progress));
			await delay(lookEveryMs, undefined, { signal }).catch(() => signal.throwIfAborted());
		}
	} finally {
		line.clear();
	}
}

function describe(progress: Progress): string {
	if (progress.phase === "scanning" && progress.waiting === 0) {
		return `Looking for photos: ${progress.photos} so far`;
	}
	const { photosPerSecond, secondsLeft } = progress;
	const speed = photosPerSecond === null ? "" : `, ${photosPerSecond.toFixed(1)} per second`;
	const left = secondsLeft === null ? "" : `, ${describeSeconds(secondsLeft)} left`;
	return `${progress.searchable} of ${progress.photos} searchable${speed}${left}`;
}

/** Such as `42 s` or `12 min`. */
export function describeSeconds(seconds: number): string {
	if (seconds < 90) return `${Math.ceil(seconds)} s`;
	if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
	return `${(seconds / 3600).toFixed(1)} h`;
}

/** Such as `56 KB` or `1.4 MB`. */
export function describeBytes(bytes: number): string {
	return bytes < 1e6 ? `${Math.ceil(bytes / 1000)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** What one run brought, in numbers and failures; the shape that `index --json` prints. */
export interface ReadingReport {
	/** All photos of the folders. */
	photos: number;
	embedded: number;
	failed: number;
	/** Were searchable before and have not changed. */
	skipped: number;
	failures: { path: string; reason: FailureReason }[];
}

/** Every photo's version; it grows whenever the photo is read. */
export async function versionsOf(client: EngineClient): Promise<Map<PhotoId, number>> {
	const { ids, versions } = await client.photo.columns({ drawn: "shown" });
	return new Map(ids.map((id, index) => [id, versions[index] ?? 0]));
}

/** @param before the versions before the run */
export async function reportReading(
	client: EngineClient,
	folderIds: ReadonlySet<FolderId>,
	before: ReadonlyMap<PhotoId, number>,
): Promise<ReadingReport> {
	const failed = new Map((await client.photo.failures()).map((failure) => [failure.id, failure]));
	const report: ReadingReport = { photos: 0, embedded: 0, failed: 0, skipped: 0, failures: [] };
	for (const folderId of folderIds) {
		const { ids, versions } = await client.photo.columns({ folderId, drawn: "shown" });
		report.photos += ids.length;
		for (const [index, id] of ids.entries()) {
			const version = versions[index] ?? 0;
			const failure = failed.get(id);
			if (failure !== undefined) {
				report.failed += 1;
				report.failures.push({ path: failure.path, reason: failure.reason });
			} else if (version > 0 && before.get(id) === version) {
				report.skipped += 1;
			} else if (version > 0) {
				report.embedded += 1;
			}
		}
	}
	return report;
}

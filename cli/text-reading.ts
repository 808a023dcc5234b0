/** @file Waiting until the text in pictures has been read. */
import { setTimeout as delay } from "node:timers/promises";
import type { EngineClient } from "../contract/contract.ts";
import { CommandError } from "./failure.ts";
import { ProgressLine, remark } from "./terminal.ts";

const lookEveryMs = 250;

/** Nothing has moved for this long although photos wait: they cannot be read now. */
const standstillMs = 10_000;

/** Photos of the whole library. */
export interface TextReport {
	read: number;
	failed: number;
}

/** Ends when no photo's text is left to be read, or none can be read now. */
export async function waitUntilTextRead(
	client: EngineClient,
	signal: AbortSignal,
): Promise<TextReport> {
	const line = new ProgressLine();
	let stillSince: number | null = null;
	try {
		let status = await client.recognition.start();
		for (;;) {
			signal.throwIfAborted();
			if (!status.enabled) {
				remark("Reading text is turned off in the settings, so none was read.");
				break;
			}
			if (status.problem !== null) throw new CommandError(status.problem);
			const { text } = await client.activity.progress();
			if (text === null) break;
			if (text.running) stillSince = null;
			else stillSince ??= performance.now();
			if (stillSince !== null && performance.now() - stillSince > standstillMs) {
				remark(`The text of ${text.photos - text.done} photos cannot be read now.`);
				break;
			}
			line.show(`Text read in ${text.done} of ${text.photos} photos`);
			await delay(lookEveryMs, undefined, { signal }).catch(() => signal.throwIfAborted());
			status = await client.recognition.status();
		}
		return { read: status.done - status.failed, failed: status.failed };
	} finally {
		line.clear();
	}
}

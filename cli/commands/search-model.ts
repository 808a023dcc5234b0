/** @file `afterimage models use` and `discard`: which model a library is searched with. */
import { setTimeout as delay } from "node:timers/promises";
import type { EngineClient } from "../../contract/contract.ts";
import type { EncoderChange, EncoderUse } from "../../contract/encoder-change.ts";
import { assertNever } from "../../contract/errors.ts";
import { type ModelId, modelIdSchema } from "../../contract/model-package.ts";
import type { CommandContext } from "../command-context.ts";
import { CommandError } from "../failure.ts";
import { describeBytes, describeSeconds } from "../reading.ts";
import { ProgressLine, printJson, printLine, remark } from "../terminal.ts";
import { withEngine } from "../with-engine.ts";

const lookEveryMs = 500;

/** Ends when the library is searched with the model. */
export async function useModel(
	context: CommandContext,
	given: string,
	{ json }: { json: boolean },
): Promise<void> {
	const model = parseModel(given);
	await withEngine(context, { live: false, port: 0 }, async ({ client }) => {
		await makeSureItIsThere(client, model);
		const before = await client.encoderChange.start({ model });
		if (before.change === null && before.model === model) {
			if (json) return printJson(before);
			return printLine(`This library is searched with ${before.title}.`);
		}
		remark(
			"Search stays on the present model until every photo is read. Stopped here, it goes on with this command, or while the app is open.",
		);
		const use = await follow(client, model, context.signal);
		if (json) return printJson(use);
		printLine(`This library is searched with ${use.title} from now on.`);
		for (const { title, photos, sizeBytes, model: old } of use.kept) {
			const how = old === null ? "" : ` To forget it: afterimage models discard ${old}`;
			remark(
				`What ${title} has read of ${photos} photos is kept (${describeBytes(sizeBytes)}).${how}`,
			);
		}
	});
}

/** @param given a model's id, or the key under which its work is kept */
export async function discardModel(
	context: CommandContext,
	given: string,
	{ json }: { json: boolean },
): Promise<void> {
	await withEngine(context, { live: false, port: 0 }, async ({ client }) => {
		const { kept } = await client.encoderChange.status();
		const found = kept.filter(({ key, model }) => key === given || model === given);
		if (found.length === 0) {
			const known = kept.map(({ model, key }) => model ?? key).join(", ");
			throw new CommandError(
				known === ""
					? "Nothing is kept of any model but the one that searches."
					: `Nothing is kept of a model "${given}". What is kept: ${known}`,
			);
		}
		for (const { key, title, photos } of found) {
			await client.encoderChange.discard({ key });
			if (!json) printLine(`Forgot what ${title} had read of ${photos} photos.`);
		}
		if (json) printJson({ discarded: found });
	});
}

async function follow(
	client: EngineClient,
	model: ModelId,
	signal: AbortSignal,
): Promise<EncoderUse> {
	const line = new ProgressLine();
	try {
		for (;;) {
			signal.throwIfAborted();
			const use = await client.encoderChange.status();
			if (use.change === null) {
				if (use.model === model) return use;
				throw new CommandError("The change was stopped. What was read is kept.");
			}
			if (use.change.phase === "stopped") {
				throw new CommandError(
					`${use.change.problem ?? "The change stopped."} What was read is kept; search stays as it is.`,
				);
			}
			line.show(changeInWords(use.change));
			await delay(lookEveryMs, undefined, { signal }).catch(() => signal.throwIfAborted());
		}
	} finally {
		line.clear();
	}
}

/** Where a change stands, in one line. */
export function changeInWords(change: EncoderChange): string {
	const { done, photos, photosPerSecond, secondsLeft } = change;
	const so = `${done} of ${photos} photos read by ${change.title}`;
	switch (change.phase) {
		case "embedding": {
			const speed = photosPerSecond === null ? "" : `, ${photosPerSecond.toFixed(1)} per second`;
			const left = secondsLeft === null ? "" : `, ${describeSeconds(secondsLeft)} left`;
			return `${so}${speed}${left}`;
		}
		case "waiting":
			return `${so}; waiting for other work`;
		case "paused":
			return `${so}; paused`;
		case "stopped":
			return `${so}; stopped: ${change.problem ?? "no reason is known"}`;
		case "finishing":
			return `All photos are read by ${change.title}; getting search ready`;
		default:
			return assertNever(change.phase);
	}
}

/** The engine says no more than that it is not installed; here there is a command for what comes next. */
async function makeSureItIsThere(client: EngineClient, id: ModelId): Promise<void> {
	const { models } = await client.model.list();
	const known = models.find((model) => model.id === id);
	if (known === undefined) {
		throw new CommandError(`There is no model "${id}". See: afterimage models`);
	}
	const { title, kind, state } = known;
	if (kind !== "encoder") throw new CommandError(`${title} draws pictures; it cannot search.`);
	if (state.kind === "bundled" || state.kind === "installed") return;
	const from = state.kind === "folder-only" ? "FOLDER" : id;
	throw new CommandError(
		`${title} is not installed. To install it: afterimage models install ${from}`,
	);
}

function parseModel(given: string): ModelId {
	const id = modelIdSchema.safeParse(given);
	if (!id.success) throw new CommandError(`There is no model "${given}". See: afterimage models`);
	return id.data;
}

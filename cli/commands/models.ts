/** @file `afterimage models`: what there is, installing, removing, measuring. */
import { existsSync, statSync } from "node:fs";
import type { EngineClient } from "../../contract/contract.ts";
import { assertNever } from "../../contract/errors.ts";
import type { EncoderPlace } from "../../contract/model.ts";
import { type InstallEvent, type Model, modelIdSchema } from "../../contract/model-package.ts";
import type { CommandContext } from "../command-context.ts";
import { CommandError } from "../failure.ts";
import { resolveGiven } from "../library-path.ts";
import { ProgressLine, printJson, printLine, remark } from "../terminal.ts";
import { withEngine } from "../with-engine.ts";

const use = { live: false, port: 0 } as const;

export async function listModels(
	context: CommandContext,
	{ json }: { json: boolean },
): Promise<void> {
	await withEngine(context, use, async ({ client }) => {
		const found = await client.model.list();
		if (json) return printJson(found);
		const { model: inUse, change } = await client.encoderChange.status();
		const widest = Math.max(...found.models.map(({ id }) => id.length));
		for (const model of found.models) {
			const size = model.sizeBytes === null ? "" : inMegabytes(model.sizeBytes);
			const coming = change?.model === model.id ? "; the library is changing to it" : "";
			const used = model.id === inUse ? ", in use" : coming;
			const state = `${stateInWords(model, found.host)}${used}`;
			printLine(`${model.id.padEnd(widest)}  ${size.padStart(8)}  ${model.title}; ${state}`);
			if (model.notUsable !== null) printLine(`${" ".repeat(widest + 12)}${model.notUsable}`);
		}
	});
}

/** @param given an id of the catalogue, or a folder */
export async function installModel(
	context: CommandContext,
	given: string,
	{ mirror }: { mirror?: string },
): Promise<void> {
	await withEngine(context, use, async ({ client }) => {
		const id = modelIdSchema.safeParse(given);
		const { models } = await client.model.list();
		const known = models.find((model) => model.id === id.data);
		if (known === undefined) return installFrom(client, given);
		if (mirror !== undefined)
			await client.model.setMirror({ mirror: mirror === "" ? null : mirror });
		const { host } = await client.model.list();
		if (known.state.kind === "not-looked-up") return lookUp(client, known, host);
		const size = known.downloadBytes > 0 ? `${inMegabytes(known.downloadBytes)} ` : "";
		if (known.state.kind === "available") remark(`Downloading ${size}from ${host}.`);
		await follow(client, known, context.signal);
	});
}

export async function removeModel(
	context: CommandContext,
	given: string,
	{ json }: { json: boolean },
): Promise<void> {
	await withEngine(context, use, async ({ client }) => {
		const id = modelIdSchema.safeParse(given);
		if (!id.success) throw new CommandError(`There is no model "${given}".`);
		const { freedBytes } = await client.model.remove({ id: id.data });
		if (json) return printJson({ removed: id.data, freedBytes });
		printLine(`Removed ${given}; ${inMegabytes(freedBytes)} are free again.`);
	});
}

/** @param wanted.use where it shall run from now on; else that stays as it is. */
export async function probeModel(
	context: CommandContext,
	wanted: { use?: EncoderPlace; json: boolean },
): Promise<void> {
	await withEngine(context, use, async ({ client }) => {
		const probed = await client.model.probe();
		const found =
			wanted.use === undefined ? probed : await client.model.choosePlace({ place: wanted.use });
		if (wanted.json) return printJson(found);
		const { title, trials, place, provider, lost } = found;
		printLine(title);
		for (const { provider, outcome, imagesPerSecond, reason } of trials) {
			const speed = imagesPerSecond === null ? "" : `, ${imagesPerSecond.toFixed(1)} images/s`;
			printLine(
				`  ${provider.padEnd(8)}${outcome}${speed}${reason === null ? "" : ` (${reason})`}`,
			);
		}
		const chosen = place === "auto" ? "auto (the fastest that agrees)" : place;
		printLine(`Chosen: ${chosen}; runs on ${provider ?? "nothing yet"}`);
		if (lost !== null) remark(`${lost.provider} failed, so the CPU took over: ${lost.reason}`);
	});
}

/** The first of two steps: nothing is downloaded before the person has seen what it is. */
async function lookUp(client: EngineClient, { id, title }: Model, host: string): Promise<void> {
	remark(`Asking ${host} what there is of ${title}.`);
	const model = await client.model.lookUp({ id });
	const { pin } = model;
	if (pin === null) return;
	printLine(`${title}: ${inMegabytes(model.downloadBytes)} in ${pin.files} files`);
	printLine(`  licence, by ${pin.host}: ${pin.licence ?? "not named"}`);
	printLine(`  revision ${pin.revision}, remembered`);
	printLine(`Run the command again to download just that.`);
}

async function installFrom(client: EngineClient, given: string): Promise<void> {
	const path = resolveGiven(given);
	if (!existsSync(path)) {
		throw new CommandError(`There is no model and no folder "${given}". See: afterimage models`);
	}
	const { id } = await client.model.installFolder({ path });
	const where = statSync(path).isDirectory() ? "the folder" : "its folder";
	printLine(`Installed ${id} from ${where}.`);
}

async function follow(client: EngineClient, { id }: Model, signal: AbortSignal): Promise<void> {
	const line = new ProgressLine();
	const stop = () => void client.model.cancel({ id }).catch(() => undefined);
	signal.addEventListener("abort", stop, { once: true });
	try {
		for await (const event of await client.model.install({ id })) {
			if (event.phase === "failed") throw new CommandError(event.message);
			if (event.phase === "cancelled") throw new CommandError("Stopped. What has arrived is kept.");
			if (event.phase === "installed") break;
			line.show(eventInWords(event));
		}
	} finally {
		signal.removeEventListener("abort", stop);
		line.clear();
	}
	printLine(`Installed ${id}.`);
	const { models } = await client.model.list();
	const notUsable = models.find((one) => one.id === id)?.notUsable ?? null;
	if (notUsable !== null) remark(notUsable);
}

function eventInWords(event: InstallEvent): string {
	switch (event.phase) {
		case "downloading": {
			const left =
				event.secondsLeft === null ? "" : `, ${Math.ceil(event.secondsLeft)} seconds left`;
			return `${inMegabytes(event.doneBytes)} of ${inMegabytes(event.totalBytes)}${left}`;
		}
		case "waiting":
			return `${event.reason} Trying again in ${event.seconds} seconds.`;
		case "checking":
			return `Checking ${event.file}`;
		case "installed":
		case "cancelled":
			return "";
		case "failed":
			return event.message;
		default:
			return assertNever(event);
	}
}

function stateInWords(model: Model, host: string): string {
	const { state } = model;
	switch (state.kind) {
		case "bundled":
			return "came with the app";
		case "installed":
			return `installed from ${state.origin}`;
		case "installing":
			return "being installed";
		case "not-looked-up":
			return `not looked up at ${host} yet`;
		case "folder-only":
			return "only from a folder";
		case "available": {
			const kept = state.keptBytes > 0 ? `, ${inMegabytes(state.keptBytes)} are here` : "";
			return `can be downloaded from ${host}${kept}`;
		}
		default:
			return assertNever(state);
	}
}

function inMegabytes(bytes: number): string {
	return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

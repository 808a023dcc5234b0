/**
 * @file `node bench/changing-encoder.ts FOLDER [KILLS] [PHOTOS]`: changes the encoder of a library of so many different
 * pictures made of the folder's photos, while it is searched all the time and killed with SIGKILL on the way, and says
 * whether anything was ever wrong. The other encoder is the bundled one with its space turned: it finds the same, so
 * whatever differs is a mistake.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createRouterClient } from "@orpc/server";
import { z } from "zod";
import type { EncoderUse } from "../contract/encoder-change.ts";
import { modelIdSchema } from "../contract/model-package.ts";
import { openLibrary } from "../engine/engine.ts";
import { writeRotatedStarter } from "../tests/fixtures/encoder/rotated-starter.ts";
import { makeDifferentPhotos } from "./many-photos.ts";

const answerSchema = z.object({
	query: z.string(),
	encoder: z.string(),
	/** File names, best first. */
	names: z.array(z.string()),
	ms: z.number(),
	done: z.number(),
});
type Answer = z.infer<typeof answerSchema>;

const queries = [
	"a dog running on grass",
	"children playing",
	"a man on a bicycle",
	"people at the beach",
	"snow",
	"a red shirt",
];
const resourcesPath = join(import.meta.dirname, "..", "resources");
const rotated = modelIdSchema.parse("rotated-starter");
const [role = "", ...rest] = process.argv.slice(2);
if (role === "--change") await change(rest[0] ?? "");
else await measure(resolve(role), Number(rest[0] ?? 3), Number(rest[1] ?? 500));

function open(root: string, live: boolean) {
	const [libraryPath, modelsPath] = [join(root, "library"), join(root, "models")];
	return openLibrary({ libraryPath, modelsPath, resourcesPath, version: "0.0.0-bench", live });
}

/** The process that is killed: changes and searches, a line for each answer. */
async function change(root: string): Promise<void> {
	const library = await open(root, true);
	const client = createRouterClient(library.router);
	await client.encoderChange.start({ model: rotated });
	// Every question once more after the step.
	let left = queries.length;
	for (let at = 0; left > 0; at++) {
		const query = queries[at % queries.length] ?? "";
		const startedAt = performance.now();
		const { encoder, hits } = await client.search.text({ query, limit: 20, strictness: 0 });
		const ms = performance.now() - startedAt;
		const use = await client.encoderChange.status();
		const done = use.change?.done ?? -1;
		const answer: Answer = {
			query,
			encoder,
			names: hits.map(({ path }) => basename(path)),
			ms,
			done,
		};
		process.stdout.write(`${JSON.stringify(answer)}\n`);
		if (use.change === null && use.model === rotated) left -= 1;
		await delay(50);
	}
	await library.close();
}

async function measure(folder: string, kills: number, wanted: number): Promise<void> {
	const root = mkdtempSync(join(tmpdir(), "afterimage-changing-"));
	try {
		const photosPath = join(root, "photos");
		await makeDifferentPhotos(await photosBelow(folder), photosPath, wanted);
		writeRotatedStarter(join(root, "rotated"));
		const { photos, expected, before } = await prepare(root, photosPath);
		const answers: Answer[] = [];
		const killedAt: number[] = [];
		let failedSearches = 0;
		let lostByKills = 0;
		let changedOldSides = 0;
		const changedAt = performance.now();
		for (let run = 0; run <= kills; run++) {
			const until = run < kills ? (photos * (run + 1)) / (kills + 1) : null;
			const { told, code } = await changeUntil(root, until);
			if (code !== null && code !== 0) failedSearches += 1;
			answers.push(...told);
			const resumedAt = told[0]?.done ?? 0;
			lostByKills += Math.max(0, (killedAt.at(-1) ?? 0) - resumedAt);
			if (until === null) break;
			const left = await look(root);
			killedAt.push(left.change?.done ?? 0);
			if (left.model !== "starter" || left.missing !== 0) changedOldSides += 1;
			console.error(`killed with ${killedAt.at(-1)} of ${photos} photos, ${told.length} searches`);
		}
		const changeSeconds = seconds(changedAt);
		const differing = answers.filter(
			({ query, names }) => JSON.stringify(names) !== JSON.stringify(expected.get(query)),
		);
		const encoders = answers.map(({ encoder }) => encoder);
		const steps = encoders.filter((encoder, at) => at > 0 && encoder !== encoders[at - 1]).length;
		const use = await look(root);
		const result = {
			photos,
			searches: answers.length,
			failedSearches,
			/** Anything but the answer of one whole encoder. */
			mixedResults: differing.length,
			stepsBetweenEncoders: steps,
			killedAt,
			lostByKills,
			changedOldSides,
			searchesWith: use.model,
			missingAfterwards: use.missing,
			keptOfTheOld: use.kept.map(({ photos }) => photos),
			changeSeconds,
			searchMs: { before: spread(before), meanwhile: spread(answers.map(({ ms }) => ms)) },
		};
		console.log(JSON.stringify(result, null, "\t"));
	} finally {
		rmSync(root, { recursive: true, force: true });
	}
}

/** Indexes the photos, installs the other encoder, and asks what searches are to find. */
async function prepare(root: string, photosPath: string) {
	const library = await open(root, true);
	const client = createRouterClient(library.router);
	await client.tagging.change({ automatic: false });
	await client.recognition.change({ enabled: false });
	await client.folder.add({ path: photosPath });
	const startedAt = performance.now();
	for (;;) {
		const { phase, waiting, photos } = await client.activity.progress();
		if (phase === "idle" && waiting === 0 && photos > 0) break;
		await delay(500);
	}
	const { searchable } = await client.library.status();
	console.error(`${searchable} photos indexed in ${seconds(startedAt)} s`);
	await client.model.installFolder({ path: join(root, "rotated") });
	const expected = new Map<string, string[]>();
	const before: number[] = [];
	for (let round = 0; round < 5; round++) {
		for (const query of queries) {
			const askedAt = performance.now();
			const { hits } = await client.search.text({ query, limit: 20, strictness: 0 });
			before.push(performance.now() - askedAt);
			expected.set(
				query,
				hits.map(({ path }) => basename(path)),
			);
		}
	}
	await library.close();
	return { photos: searchable, expected, before };
}

/**
 * Changes and searches in a process of its own, which is killed once it has so many photos.
 * @param until null: to the end.
 * @returns what was answered, and how the process ended: null when it was killed.
 */
async function changeUntil(
	root: string,
	until: number | null,
): Promise<{ told: Answer[]; code: number | null }> {
	const child = spawn(process.execPath, [import.meta.filename, "--change", root], {
		stdio: ["ignore", "pipe", "inherit"],
	});
	const ended = once(child, "close");
	let output = "";
	child.stdout.on("data", (chunk) => {
		output += chunk;
		const done = Number(/"done":(-?\d+)\}\n[^\n]*$/.exec(output)?.[1] ?? 0);
		if (until !== null && done >= until) child.kill("SIGKILL");
	});
	await ended;
	const whole = output.slice(0, output.lastIndexOf("\n") + 1).split("\n");
	const lines = whole.filter((line) => line !== "");
	const told = lines.map((line) => answerSchema.parse(JSON.parse(line)));
	return { told, code: child.exitCode };
}

/** What the library says of its encoders, with nothing begun. */
async function look(root: string): Promise<EncoderUse> {
	const library = await open(root, false);
	try {
		return await createRouterClient(library.router).encoderChange.status();
	} finally {
		await library.close();
	}
}

async function photosBelow(folder: string): Promise<string[]> {
	const names = await readdir(folder, { recursive: true });
	return names
		.filter((name) => /\.(jpe?g|png|webp)$/i.test(name))
		.map((name) => join(folder, name));
}

function seconds(sinceMs: number): number {
	return Math.round((performance.now() - sinceMs) / 100) / 10;
}

function spread(values: readonly number[]): { median: number; p95: number } {
	const sorted = values.toSorted((a, b) => a - b);
	const at = (share: number) =>
		Math.round((sorted[Math.floor(sorted.length * share)] ?? 0) * 10) / 10;
	return { median: at(0.5), p95: at(0.95) };
}

/**
 * @file `node bench/changing-encoder.ts FOLDER [KILLS]`: changes the encoder of a library of the folder's photos while
 * it is searched all the time, killed with SIGKILL on the way, and says whether anything was ever wrong. The other
 * encoder is the bundled one with its space turned: it finds the same, so whatever differs is a mistake.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createRouterClient } from "@orpc/server";
import { z } from "zod";
import { modelIdSchema } from "../contract/model-package.ts";
import { openLibrary } from "../engine/engine.ts";
import { writeRotatedStarter } from "../tests/fixtures/encoder/rotated-starter.ts";

const answerSchema = z.object({
	query: z.string(),
	encoder: z.string(),
	/** File names: copies of one photo tie. */
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
else await measure(role, Number(rest[0] ?? 3));

function open(root: string, live: boolean) {
	const [libraryPath, modelsPath] = [join(root, "library"), join(root, "models")];
	return openLibrary({ libraryPath, modelsPath, resourcesPath, version: "0.0.0-bench", live });
}

/** The process that is killed: changes and searches, a line for each answer. */
async function change(root: string): Promise<void> {
	const library = await open(root, true);
	const client = createRouterClient(library.router);
	await client.encoderChange.start({ model: rotated });
	for (let at = 0; ; at++) {
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
		if (use.change === null && use.model === rotated) break;
		await delay(50);
	}
	await library.close();
}

async function measure(folder: string, kills: number): Promise<void> {
	const root = mkdtempSync(join(tmpdir(), "afterimage-changing-"));
	try {
		writeRotatedStarter(join(root, "rotated"));
		const library = await open(root, true);
		const client = createRouterClient(library.router);
		await client.tagging.change({ automatic: false });
		await client.recognition.change({ enabled: false });
		await client.folder.add({ path: folder });
		const startedAt = performance.now();
		for (;;) {
			const { phase, waiting, photos } = await client.activity.progress();
			if (phase === "idle" && waiting === 0 && photos > 0) break;
			await delay(500);
		}
		const { photos, index } = await client.library.status();
		console.error(`${photos} photos indexed in ${seconds(startedAt)} s`);
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

		const answers: Answer[] = [];
		let failures = 0;
		const changedAt = performance.now();
		for (let run = 0; run <= kills; run++) {
			const child = spawn(process.execPath, [import.meta.filename, "--change", root], {
				stdio: ["ignore", "pipe", "inherit"],
			});
			let output = "";
			child.stdout.on("data", (chunk) => {
				output += chunk;
			});
			const ended = once(child, "close");
			const until = (photos * (run + 1)) / (kills + 1);
			const lastDone = () => Number(/"done":(-?\d+)\}\n[^\n]*$/.exec(output)?.[1] ?? 0);
			while (run < kills && child.exitCode === null && lastDone() < until) await delay(100);
			if (run < kills) child.kill("SIGKILL");
			const [code] = await ended;
			if (run === kills && code !== 0) failures += 1;
			const whole = output.slice(0, output.lastIndexOf("\n")).split("\n");
			const told = whole.filter((line) => line !== "");
			answers.push(...told.map((line) => answerSchema.parse(JSON.parse(line))));
			console.error(`run ${run + 1}: ${told.length} searches, ${lastDone()} photos embedded`);
		}
		const wrong = answers.filter(
			({ query, names }) => JSON.stringify(names) !== JSON.stringify(expected.get(query)),
		);
		const encoders = answers.map(({ encoder }) => encoder);
		const steps = encoders.filter((encoder, at) => at > 0 && encoder !== encoders[at - 1]).length;
		const last = await open(root, false);
		const use = await createRouterClient(last.router).encoderChange.status();
		await last.close();
		const result = {
			photos,
			vectors: index.vectors,
			kills,
			searches: answers.length,
			failedRuns: failures,
			differingResults: wrong.length,
			stepsBetweenEncoders: steps,
			missingAfterwards: use.missing,
			keptOfTheOld: use.kept.map(({ photos }) => photos),
			changeSeconds: seconds(changedAt),
			searchMs: { before: spread(before), meanwhile: spread(answers.map(({ ms }) => ms)) },
		};
		console.log(JSON.stringify(result, null, "\t"));
	} finally {
		rmSync(root, { recursive: true, force: true });
	}
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

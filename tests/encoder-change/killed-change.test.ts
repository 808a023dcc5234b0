import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { z } from "zod";
import { openTestLibrary } from "../engine/open-test-library.ts";
import { askAll, expectSame, libraryWithTwoEncoders, rotatedModel } from "./change-under-test.ts";

const photoCount = 40;
const kills = 3;

/** Photos embedded by each encoder, in the order in which encoders came, and the chosen model. */
function lookInto(libraryPath: string): { embedded: number[]; chosen: string } {
	const database = new Database(join(libraryPath, "catalogue.sqlite"), { readonly: true });
	try {
		expect(database.pragma("integrity_check")).toEqual([{ integrity_check: "ok" }]);
		const rows = database
			.prepare("select count(*) from embeddings group by encoder_id order by encoder_id")
			.pluck()
			.all();
		const chosen = database
			.prepare("select value from settings where name = 'search-encoder'")
			.pluck()
			.get();
		return { embedded: z.array(z.number()).parse(rows), chosen: String(chosen ?? "starter") };
	} finally {
		database.close();
	}
}

function linesOf(output: string): { encoder: string; ids: number[] }[] {
	const schema = z.object({ encoder: z.string(), ids: z.array(z.number()) });
	const whole = output.slice(0, output.lastIndexOf("\n") + 1).split("\n");
	return whole.filter((line) => line !== "").map((line) => schema.parse(JSON.parse(line)));
}

test("killed again and again, a change loses nothing, leaves the old encoder whole until the step, and comes to its end", async () => {
	const { client, root, library, libraryPath } = await libraryWithTwoEncoders(photoCount);
	const { ids } = await client.photo.columns({});
	const [anyPhoto] = ids;
	if (anyPhoto === undefined) throw new Error("The library is empty.");
	const before = await askAll(client, anyPhoto);
	const found = (await client.search.text({ query: "a red circle", strictness: 0 })).hits;
	const expected = found.map(({ id }) => id);
	await library.close();

	const program = join(import.meta.dirname, "change-until-killed.ts");
	const start = () => {
		const child = spawn(
			process.execPath,
			[program, libraryPath, join(root, "models"), rotatedModel],
			{ stdio: ["ignore", "pipe", "inherit"] },
		);
		let output = "";
		child.stdout.on("data", (chunk) => {
			output += chunk;
		});
		return { child, ended: once(child, "close"), lines: () => linesOf(output) };
	};
	let embedded = 0;
	for (let kill = 0; kill < kills; kill++) {
		const { child, ended, lines } = start();
		// Every kill falls into work: some photos more are embedded, and not all.
		while (child.exitCode === null && (lookInto(libraryPath).embedded[1] ?? 0) < embedded + 5) {
			await delay(20);
		}
		child.kill("SIGKILL");
		await ended;
		for (const line of lines())
			expect(line).toEqual({ encoder: found.length > 0 ? before[0]?.encoder : "", ids: expected });
		const state = lookInto(libraryPath);
		expect(state.embedded[0]).toBe(photoCount);
		expect(state.embedded[1]).toBeGreaterThanOrEqual(embedded);
		expect(state.embedded[1]).toBeLessThan(photoCount);
		expect(state.chosen).toBe("starter");
		embedded = state.embedded[1] ?? 0;
	}
	const { ended, lines } = start();
	const [code] = await ended;
	expect(code).toBe(0);
	for (const line of lines()) expect(line.ids).toEqual(expected);
	expect(lookInto(libraryPath).embedded).toEqual([photoCount, photoCount]);

	const last = await openTestLibrary({ root });
	expectSame(await askAll(last.client, anyPhoto), before);
	expect(await last.client.encoderChange.status()).toMatchObject({
		model: rotatedModel,
		missing: 0,
		change: null,
	});
}, 600_000);

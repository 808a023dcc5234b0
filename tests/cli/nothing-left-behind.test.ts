/** @file Whatever runs on behalf of a command, it writes into the library and nowhere else. */
import { execFile } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { makePhotoFolder } from "./photo-folder.ts";
import { binPath, newFolder } from "./run-cli.ts";

/** What would keep ONNX Runtime quiet in tests although it reports on a person's computer. */
const silencers = ["CI", "TF_BUILD", "GITHUB_ACTIONS", "ORT_RUNNING_UNIT_TESTS"];

test("a person's home and the temporary folder stay as they were, in the native parts too", async () => {
	const photosPath = await makePhotoFolder();
	const place = newFolder();
	const [home, temporary, working] = ["home", "tmp", "cwd"].map((name) => join(place, name));
	if (home === undefined || temporary === undefined || working === undefined) throw new Error();
	for (const path of [home, temporary, working]) mkdirSync(path);
	const env: NodeJS.ProcessEnv = { ...process.env, HOME: home, TMPDIR: temporary };
	for (const name of [...silencers, "ORT_DISABLE_TELEMETRY", "NODE_COMPILE_CACHE"]) {
		delete env[name];
	}
	for (const name of Object.keys(env)) if (name.startsWith("XDG_")) delete env[name];
	const run = (...args: string[]) =>
		promisify(execFile)(process.execPath, [binPath, "--library", join(place, "library"), ...args], {
			cwd: working,
			env,
		});
	await run("index", photosPath);
	await run("search", "a red wall");
	await run("doctor", "--repair");
	const left = [home, temporary, working].flatMap((path) => readdirSync(path));
	expect(left).toEqual([]);
});

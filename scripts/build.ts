/**
 * @file Builds what is installed and packed, into `dist/`: the page with Vite, the Node parts with
 * the TypeScript compiler alone (one file out for one file in; see DECISIONS.md). `--page` builds
 * only the page, which is all that running from the checkout needs.
 */
import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Files that must be there afterwards, or the build did not do what it says. */
const nodeOutputs = [
	"dist/contract/contract.js",
	"dist/engine/engine.js",
	"dist/server/start-server.js",
	"dist/cli/main.js",
	"dist/electron/main.js",
	"dist/electron/engine-process.js",
	"dist/electron/preload.cjs",
];

/** Runs a tool of ours with this Node; its output goes to the terminal. */
function run(script: string, args: string[]): void {
	const result = spawnSync(process.execPath, [script, ...args], {
		cwd: root,
		stdio: ["ignore", "inherit", "inherit"],
	});
	if (result.status !== 0) {
		console.error(`The build stopped: ${script} ${args.join(" ")} failed.`);
		process.exit(1);
	}
}

run("node_modules/vite/bin/vite.js", [
	"build",
	"--config",
	"renderer/vite.config.ts",
	"--logLevel",
	"warn",
]);
const expected = ["dist/renderer/index.html"];
if (!process.argv.includes("--page")) {
	// What is left of deleted sources must not be packed, so everything is written anew.
	for (const part of ["contract", "engine", "server", "cli", "electron"]) {
		rmSync(fileURLToPath(new URL(`../dist/${part}`, import.meta.url)), {
			recursive: true,
			force: true,
		});
	}
	run("node_modules/typescript/bin/tsc", ["-b", "--force"]);
	expected.push(...nodeOutputs);
}
const missing = expected.filter(
	(path) => !existsSync(fileURLToPath(new URL(`../${path}`, import.meta.url))),
);
if (missing.length > 0) {
	console.error(`The build left out ${missing.join(", ")}.`);
	process.exit(1);
}

#!/usr/bin/env node
/**
 * @file Starts the command line. Runs under any Node from 18 on and finds the one that Afterimage
 * needs: the present one where it is new enough, else the one installed with the dependencies.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const pathOf = (relative) => fileURLToPath(new URL(relative, import.meta.url));

// Node strips types only outside node_modules; an installed package brings the compiled files.
const source = pathOf("./main.ts");
const inCheckout = existsSync(source) && !source.includes(`${sep}node_modules${sep}`);
const main = inCheckout ? source : pathOf("../dist/cli/main.js");

/** The first that strips types without a warning and knows `await using`. */
const oldestMajor = 24;

if (Number.parseInt(process.versions.node, 10) >= oldestMajor) {
	await import(pathToFileURL(main).href);
} else {
	runWith(["../node_modules/node/bin/node", "../node_modules/node/bin/node.exe"].map(pathOf));
}

/** Runs the command line with the first of these that exists, as if it were this process. */
function runWith(candidates) {
	const node = candidates.find((candidate) => existsSync(candidate));
	if (node === undefined) {
		console.error(
			`Afterimage needs Node.js ${oldestMajor} or newer, this is ${process.versions.node}. Update Node.js, or run "npm ci" in Afterimage's folder to get the right one.`,
		);
		process.exit(1);
	}
	const child = spawn(
		node,
		[main, ...process.argv.slice(2)],
		// The channel says nothing: it closes when this process is killed, and the child then ends too.
		{ stdio: ["inherit", "inherit", "inherit", "ipc"] },
	);
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
		process.on(signal, () => child.kill(signal));
	}
	child.on("error", (error) => {
		console.error(`${node} cannot be run (${error.message}). Run "npm ci" to install it again.`);
		process.exit(1);
	});
	child.on("exit", (code, signal) => {
		if (signal === null) process.exit(code ?? 1);
		process.removeAllListeners(signal);
		process.kill(process.pid, signal);
	});
}

/**
 * @file The one test command: format and lint, types, import and file rules, the page, then every
 * test. Each check counts as one test; the last line is `N passed, N failed, N skipped`.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readTestReport, type TestCounts } from "./test-report.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = (path: string) => join(root, "node_modules", path);

interface Check {
	name: string;
	script: string;
	args: string[];
	/** A check that hangs is a failed one. */
	timeoutMs: number;
}

const minutes = 60_000;

const checks: readonly Check[] = [
	{
		name: "format and lint",
		script: bin("@biomejs/biome/bin/biome"),
		args: ["check", "--error-on-warnings", "."],
		timeoutMs: 5 * minutes,
	},
	{
		name: "types of the Node parts",
		script: bin("typescript/bin/tsc"),
		args: ["-b"],
		timeoutMs: 10 * minutes,
	},
	{
		name: "types of the tests and scripts",
		script: bin("typescript/bin/tsc"),
		args: ["-p", "tests"],
		timeoutMs: 10 * minutes,
	},
	{
		name: "types of the page",
		script: bin("svelte-check/bin/svelte-check"),
		args: ["--tsconfig", "renderer/tsconfig.json", "--fail-on-warnings"],
		timeoutMs: 10 * minutes,
	},
	{
		name: "import rules",
		script: bin("dependency-cruiser/bin/dependency-cruise.mjs"),
		args: [
			"--config",
			".dependency-cruiser.cjs",
			...["contract", "engine", "server", "cli", "electron", "renderer"],
			...["tests", "bench", "eval", "scripts"],
		],
		timeoutMs: 5 * minutes,
	},
	{ name: "file rules", script: "scripts/file-rules.ts", args: [], timeoutMs: 1 * minutes },
	{ name: "the page builds", script: "scripts/build.ts", args: ["--page"], timeoutMs: 5 * minutes },
];

const counts: TestCounts = { passed: 0, failed: 0, skipped: 0 };

for (const check of checks) {
	const { succeeded, output, seconds } = await runQuietly(check);
	console.log(`${succeeded ? "✓" : "✗"} ${check.name} (${seconds.toFixed(1)} s)`);
	if (succeeded) counts.passed += 1;
	else {
		counts.failed += 1;
		console.log(output.trimEnd());
	}
}

const reportFolder = mkdtempSync(join(tmpdir(), "afterimage-test-report-"));
const reportPath = join(reportFolder, "report.json");
try {
	const vitestArgs = ["run", "--reporter=default", "--reporter=json"];
	const finished = await runTests([...vitestArgs, `--outputFile.json=${reportPath}`]);
	const tests = readTestReport(readReport(), finished);
	counts.passed += tests.passed;
	counts.failed += tests.failed;
	counts.skipped += tests.skipped;
} finally {
	rmSync(reportFolder, { recursive: true, force: true });
}

process.exitCode = counts.failed === 0 ? 0 : 1;
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);

/** Keeps a check's output back until it is known to have failed. */
function runQuietly({ script, args, timeoutMs }: Check) {
	return new Promise<{ succeeded: boolean; output: string; seconds: number }>((resolve) => {
		const startedMs = performance.now();
		const child = spawn(process.execPath, [script, ...args], {
			cwd: root,
			stdio: ["ignore", "pipe", "pipe"],
			timeout: timeoutMs,
			env: { ...process.env, FORCE_COLOR: "0" },
		});
		let output = "";
		child.stdout.on("data", (chunk: Buffer) => {
			output += chunk.toString();
		});
		child.stderr.on("data", (chunk: Buffer) => {
			output += chunk.toString();
		});
		child.on("close", (code, signal) => {
			if (signal !== null) output += `\nStopped by ${signal} after ${timeoutMs / 1000} s at most.`;
			const seconds = (performance.now() - startedMs) / 1000;
			resolve({ succeeded: code === 0, output, seconds });
		});
	});
}

/** Runs Vitest, showing what it shows. Resolves with whether it ended well. */
function runTests(args: string[]): Promise<boolean> {
	return new Promise((resolve) => {
		const child = spawn(process.execPath, [bin("vitest/vitest.mjs"), ...args], {
			cwd: root,
			stdio: ["ignore", "inherit", "inherit"],
			timeout: 60 * minutes,
			env: { ...process.env, CI: process.env.CI ?? "true" },
		});
		child.on("close", (code) => resolve(code === 0));
	});
}

function readReport(): unknown {
	try {
		return JSON.parse(readFileSync(reportPath, "utf8"));
	} catch {
		return null;
	}
}

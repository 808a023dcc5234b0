/** @file The real command line in a process of its own, as scripts use it. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

export const binPath = fileURLToPath(new URL("../../cli/bin.mjs", import.meta.url));

/** A folder for one test, removed after it. */
export function newFolder(): string {
	const path = mkdtempSync(join(tmpdir(), "afterimage-cli-"));
	onTestFinished(() => rmSync(path, { recursive: true, force: true }));
	return path;
}

export interface CliResult {
	code: number | null;
	stdout: string;
	stderr: string;
}

/** Starts `afterimage …` with a library of its own and no display. Killed when the test ends. */
export function startCli(
	libraryPath: string,
	args: readonly string[],
	nodeArgs: readonly string[] = [],
	variables: Readonly<Record<string, string>> = {},
): ChildProcessWithoutNullStreams {
	const { DISPLAY: _, WAYLAND_DISPLAY: __, ...environment } = process.env;
	const child = spawn(process.execPath, [...nodeArgs, binPath, ...args], {
		env: {
			...environment,
			AFTERIMAGE_LIBRARY: libraryPath,
			// Never the person's own, which all their libraries share.
			AFTERIMAGE_MODELS: `${libraryPath}-models`,
			...variables,
		},
	});
	onTestFinished(() => void child.kill("SIGKILL"));
	return child;
}

/** Runs it to its end. */
export async function runCli(
	libraryPath: string,
	args: readonly string[],
	nodeArgs: readonly string[] = [],
	variables: Readonly<Record<string, string>> = {},
): Promise<CliResult> {
	return resultOf(startCli(libraryPath, args, nodeArgs, variables));
}

export async function resultOf(child: ChildProcessWithoutNullStreams): Promise<CliResult> {
	const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
	const [code] = await once(child, "close");
	return { code, stdout: stdout(), stderr: stderr() };
}

/** Everything a stream has said so far. */
function collect(stream: NodeJS.ReadableStream): () => string {
	const chunks: Buffer[] = [];
	stream.on("data", (chunk: Buffer) => chunks.push(chunk));
	return () => Buffer.concat(chunks).toString("utf8");
}

/** Resolves with the first line of the stream that matches. */
export async function lineMatching(
	stream: NodeJS.ReadableStream,
	pattern: RegExp,
): Promise<RegExpExecArray> {
	return new Promise((resolve, reject) => {
		let text = "";
		stream.on("data", (chunk: Buffer) => {
			text += chunk.toString("utf8");
			const match = pattern.exec(text);
			if (match !== null) resolve(match);
		});
		stream.on("end", () => reject(new Error(`Ended without ${pattern}: ${text}`)));
	});
}

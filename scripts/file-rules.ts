/** @file How large our files may be and what they may not be called. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** A file longer than this has more than one subject. */
export const mostLines = 500;

/** A name that says nothing invites everything. */
const emptyNames = /^(utils?|helpers?|common|misc|managers?)$/i;

const checkedExtensions = /\.(ts|cts|mts|mjs|cjs|svelte|css)$/;

/** One line a person can act on for each file that breaks a rule. */
export function brokenFileRules(path: string, text: string): string[] {
	if (!checkedExtensions.test(path)) return [];
	const broken: string[] = [];
	const lines = text.split("\n").length - 1;
	const isData = /(^|\/)(generated|fixtures)\//.test(path) || text.startsWith("/** @file Data:");
	if (lines > mostLines && !isData) {
		broken.push(`${path} has ${lines} lines; split it by subject (at most ${mostLines}).`);
	}
	const words = basename(path).split(".")[0]?.split("-") ?? [];
	const folders = path.split("/").slice(0, -1);
	const empty = [...words, ...folders].find((word) => emptyNames.test(word));
	if (empty !== undefined) {
		broken.push(`${path}: "${empty}" says nothing about what is inside; name its subject.`);
	}
	// A test says what it is about in its own sentences.
	const isSource =
		!path.startsWith("tests/") && !path.endsWith(".d.ts") && /\.(ts|cts|mts|mjs|cjs)$/.test(path);
	if (isSource && !/^(#!.*\n)?\/\*\*[\s*]*@file /.test(text)) {
		broken.push(`${path} does not open with a "/** @file purpose */" comment.`);
	}
	return broken;
}

/** Checks every file git knows or would add below `rootPath`. */
export function checkFiles(rootPath: string): string[] {
	const listed = spawnSync("git", ["ls-files", "-co", "--exclude-standard"], {
		cwd: rootPath,
		encoding: "utf8",
		maxBuffer: 64 * 1024 * 1024,
	});
	if (listed.status !== 0) throw new Error(`git ls-files failed: ${listed.stderr}`);
	return listed.stdout
		.split("\n")
		.filter((path) => path !== "" && existsSync(join(rootPath, path)))
		.filter((path) => checkedExtensions.test(path))
		.flatMap((path) => brokenFileRules(path, readFileSync(join(rootPath, path), "utf8")));
}

if (import.meta.main) {
	const broken = checkFiles(process.cwd());
	for (const line of broken) console.error(line);
	process.exitCode = broken.length === 0 ? 0 : 1;
}

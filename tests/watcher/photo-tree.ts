/** @file Temporary folders with files for the watcher and the library to find. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";

/** An empty folder, links resolved, that goes away with the test. */
export function temporaryTree(): string {
	const root = realpathSync(mkdtempSync(path.join(tmpdir(), "afterimage-tree-")));
	onTestFinished(() => rmSync(root, { recursive: true, force: true }));
	return root;
}

/** Writes a file with its folders. The watcher looks at names, sizes and times only. */
export function put(root: string, relativePath: string, content = relativePath): string {
	const filePath = path.join(root, relativePath);
	mkdirSync(path.dirname(filePath), { recursive: true });
	writeFileSync(filePath, content);
	return filePath;
}

/** Polls until the check holds. */
export async function until(check: () => boolean | Promise<boolean>, what: string): Promise<void> {
	const deadline = performance.now() + 60_000;
	while (!(await check())) {
		if (performance.now() > deadline) throw new Error(`waited in vain for: ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 25));
	}
}

export function pause(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}

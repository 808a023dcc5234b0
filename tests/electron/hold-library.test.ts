/** @file The desktop's engine holds a real library and tells others where it is. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { holdLibrary } from "../../electron/hold-library.ts";

test("a second one on the same library is sent to the first, until that one closes", async () => {
	const root = mkdtempSync(join(tmpdir(), "afterimage-hold-"));
	onTestFinished(() => rmSync(root, { recursive: true, force: true }));
	const settings = {
		libraryPath: join(root, "library"),
		resourcesPath: join(import.meta.dirname, "..", "..", "resources"),
		pagePath: join(root, "page"),
		version: "1",
	};
	const first = await holdLibrary(settings, async () => undefined);
	if (first.kind !== "held") throw new Error("The library was taken.");
	const second = await holdLibrary(settings, async () => undefined);
	if (second.kind !== "taken" || second.pageUrl === null) throw new Error("No holder was told.");
	expect(second.pageUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+$/);
	await first.close();
	const third = await holdLibrary(settings, async () => undefined);
	if (third.kind !== "held") throw new Error("The library was still taken.");
	await third.close();
});

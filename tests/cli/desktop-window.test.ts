/** @file Whether a window can be had is told from files alone; a stand-in plays Electron's program. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { findDesktopWindow, runDesktopWindow } from "../../cli/desktop-window.ts";
import { Interrupted } from "../../cli/interruption.ts";
import { newFolder } from "./run-cli.ts";

/** An installation whose electron package holds this as its program. */
function installation(program: string | null): string {
	const rootPath = newFolder();
	const packagePath = join(rootPath, "node_modules", "electron");
	mkdirSync(join(packagePath, "dist"), { recursive: true });
	if (program !== null) {
		writeFileSync(join(packagePath, "path.txt"), "electron");
		const binaryPath = join(packagePath, "dist", "electron");
		writeFileSync(binaryPath, `#!/bin/sh\n${program}\n`);
		chmodSync(binaryPath, 0o755);
	}
	return rootPath;
}

function contextFor(rootPath: string, signal = new AbortController().signal) {
	const parts = { rootPath, resourcesPath: rootPath, pagePath: rootPath, version: "1.0.0" };
	return { libraryPath: "/library", debug: false, installation: parts, signal };
}

describe.runIf(process.platform === "linux")("on Linux", () => {
	test("no display, no window", () => {
		vi.stubEnv("DISPLAY", "");
		vi.stubEnv("WAYLAND_DISPLAY", "");
		const window = findDesktopWindow(installation("exit 0"));
		expect(window).toEqual({ kind: "absent", reason: "there is no display" });
		vi.unstubAllEnvs();
	});

	test("a display without Electron's program is no window, and nothing is fetched for it", () => {
		vi.stubEnv("DISPLAY", ":0");
		const window = findDesktopWindow(installation(null));
		expect(window).toEqual({ kind: "absent", reason: "Electron's program is not installed" });
		vi.unstubAllEnvs();
	});

	test("the window gets the library and the folders, and its end is ours", async () => {
		vi.stubEnv("DISPLAY", ":0");
		const saidPath = join(newFolder(), "said");
		const rootPath = installation(`echo "$AFTERIMAGE_LIBRARY $*" > '${saidPath}'`);
		const window = findDesktopWindow(rootPath);
		vi.unstubAllEnvs();
		if (window.kind === "absent") expect.unreachable(window.reason);
		await runDesktopWindow(contextFor(rootPath), window.binaryPath, ["/photos"]);
		expect(readFileSync(saidPath, "utf8")).toBe(`/library ${rootPath} /photos\n`);
	});

	test("a window that fails or cannot be started is a failure of the command", async () => {
		const rootPath = installation("exit 3");
		const binaryPath = join(rootPath, "node_modules", "electron", "dist", "electron");
		const context = contextFor(rootPath);
		await expect(runDesktopWindow(context, binaryPath, [])).rejects.toThrow("with a failure");
		await expect(runDesktopWindow(context, rootPath, [])).rejects.toThrow("cannot be opened");
	});

	test("ending the command closes the window", async () => {
		const rootPath = installation("exec sleep 60");
		const binaryPath = join(rootPath, "node_modules", "electron", "dist", "electron");
		const controller = new AbortController();
		const running = runDesktopWindow(contextFor(rootPath, controller.signal), binaryPath, []);
		const ended = expect(running).rejects.toThrow(Interrupted);
		controller.abort(new Interrupted(130));
		await ended;
	});
});

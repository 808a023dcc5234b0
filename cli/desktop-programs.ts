/** @file The desktop's own programs: the browser, the file manager. Absent on a machine without one. */
import { spawn } from "node:child_process";
import { platform } from "node:os";
import { dirname } from "node:path";

/** Whether somebody sits in front of this computer and could see a window. */
export function hasDisplay(environment: NodeJS.ProcessEnv = process.env): boolean {
	if (platform() !== "linux") return environment.SSH_CONNECTION === undefined;
	return Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY);
}

/** Opens an address in the default browser. That there is none is harmless: the address was printed. */
export async function openInBrowser(url: string): Promise<void> {
	switch (platform()) {
		case "darwin":
			return start("open", [url]).catch(() => undefined);
		case "win32":
			// Not `start`: it is a command of the shell, which would read the address's `&`.
			return start("rundll32", ["url.dll,FileProtocolHandler", url]).catch(() => undefined);
		default:
			return start("xdg-open", [url]).catch(() => undefined);
	}
}

/** Shows a file in the file manager. Rejects where there is none. */
export function revealFile(path: string): Promise<void> {
	switch (platform()) {
		case "darwin":
			return start("open", ["-R", path]);
		case "win32":
			return start("explorer.exe", [`/select,${path}`]);
		default:
			return start("xdg-open", [dirname(path)]);
	}
}

/** Resolves once the program runs; it outlives us. */
function start(program: string, args: string[]): Promise<void> {
	return new Promise((resolve, reject) => {
		const child = spawn(program, args, { stdio: "ignore", detached: true });
		child.once("error", reject);
		child.once("spawn", () => {
			child.unref();
			resolve();
		});
	});
}

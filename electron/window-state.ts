/** @file Where the window was, kept between starts. */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { z } from "zod";

const stateSchema = z.object({
	x: z.number().int(),
	y: z.number().int(),
	width: z.number().int().min(390),
	height: z.number().int().min(300),
	maximized: z.boolean(),
});

/** Device-independent pixels on the desktop. */
export type WindowState = z.infer<typeof stateSchema>;

export interface Area {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** Null where there is none to use: never saved, unreadable, or on a screen that is gone. */
export function readWindowState(path: string, screens: readonly Area[]): WindowState | null {
	let saved: unknown;
	try {
		saved = JSON.parse(readFileSync(path, "utf8"));
	} catch {
		return null;
	}
	const state = stateSchema.safeParse(saved);
	if (!state.success) return null;
	return screens.some((screen) => overlap(state.data, screen)) ? state.data : null;
}

/** Enough of the window to get hold of it. */
function overlap(state: WindowState, screen: Area): boolean {
	const acrossPx =
		Math.min(state.x + state.width, screen.x + screen.width) - Math.max(state.x, screen.x);
	const downPx =
		Math.min(state.y + state.height, screen.y + screen.height) - Math.max(state.y, screen.y);
	return acrossPx >= 100 && downPx >= 100;
}

/** A window that cannot be remembered is no reason to stop closing it. */
export function saveWindowState(path: string, state: WindowState): void {
	try {
		writeFileSync(`${path}.new`, `${JSON.stringify(state)}\n`);
		renameSync(`${path}.new`, path);
	} catch (error) {
		console.warn(`The window's place could not be saved: ${String(error)}`);
	}
}

/** @file How large photos are in the grid, as the person likes it. */
import { readPreference, writePreference } from "./preferences.ts";

export const smallestRowPx = 80;
export const largestRowPx = 420;
const wideScreenRowPx = 216;
const narrowScreenRowPx = 128;

export class GridSize {
	#rowPx = $state(wideScreenRowPx);

	constructor() {
		const remembered = Number(readPreference("grid.rowPx") ?? Number.NaN);
		const usual = innerWidth < 720 ? narrowScreenRowPx : wideScreenRowPx;
		this.#rowPx = remembered >= smallestRowPx && remembered <= largestRowPx ? remembered : usual;
	}

	/** The row height aimed at, in px. */
	get rowPx(): number {
		return this.#rowPx;
	}

	set(rowPx: number): void {
		this.#rowPx = Math.round(Math.min(largestRowPx, Math.max(smallestRowPx, rowPx)));
		writePreference("grid.rowPx", String(this.#rowPx));
	}

	larger(): void {
		this.set(this.#rowPx * 1.2);
	}

	smaller(): void {
		this.set(this.#rowPx / 1.2);
	}
}

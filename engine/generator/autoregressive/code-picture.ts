/** @file A picture as code numbers in groups, drawn from the top left, and what is known of it so far. */
import type { CodeGrid } from "./code-package.ts";

/** One picture's codes; `none` where nothing is drawn yet. */
export class CodePicture {
	readonly #grid: CodeGrid;
	/** [groups, codes a group] */
	readonly #codes: Int32Array;

	constructor(grid: CodeGrid) {
		this.#grid = grid;
		this.#codes = new Int32Array(grid.groups * grid.codesAGroup).fill(grid.none);
	}

	set(group: number, place: number, code: number): void {
		this.#codes[group * this.#grid.codesAGroup + place] = code;
	}

	/** The codes of a group that are drawn before its last one, `none` for those to come. */
	drawnOf(group: number): Int32Array {
		const start = group * this.#grid.codesAGroup;
		return this.#codes.slice(start, start + this.#grid.codesAGroup - 1);
	}

	/** The codes of the neighbouring groups, `none` beyond the edge. */
	around(group: number): Int32Array {
		const { columns, codesAGroup, neighbours, none } = this.#grid;
		const rows = this.#grid.groups / columns;
		const row = Math.floor(group / columns);
		const column = group % columns;
		const around = new Int32Array(neighbours.length * codesAGroup).fill(none);
		for (const [at, [down, right]] of neighbours.entries()) {
			const [otherRow, otherColumn] = [row + down, column + right];
			if (otherRow < 0 || otherRow >= rows || otherColumn < 0 || otherColumn >= columns) continue;
			const start = (otherRow * columns + otherColumn) * codesAGroup;
			around.set(this.#codes.subarray(start, start + codesAGroup), at * codesAGroup);
		}
		return around;
	}

	/** float32 [channels, rows, columns] of codes: what the autoencoder draws, its middle where nothing is yet. */
	latents(): Float32Array {
		const { levels, columns, groupSide, none } = this.#grid;
		const width = columns * groupSide;
		const places = this.#codes.length;
		const latents = new Float32Array(levels.length * places);
		for (const [at, code] of this.#codes.entries()) {
			if (code === none) continue;
			const group = Math.floor(at / groupSide ** 2);
			const inGroup = at % groupSide ** 2;
			const row = Math.floor(group / columns) * groupSide + Math.floor(inGroup / groupSide);
			const column = (group % columns) * groupSide + (inGroup % groupSide);
			let rest = code;
			for (const [channel, level] of levels.entries()) {
				const half = Math.floor(level / 2);
				latents[channel * places + row * width + column] = ((rest % level) - half) / half;
				rest = Math.floor(rest / level);
			}
		}
		return latents;
	}
}

/** @file Random numbers that a seed repeats exactly, on every machine. */

/** One source a candidate of a picture: more candidates do not change the first ones. */
export function randomsOfCandidates(seed: number, candidates: number): SeededRandom[] {
	const seeds = new SeededRandom(seed);
	return Array.from({ length: candidates }, () => new SeededRandom(seeds.uniform() * 2 ** 32));
}

export class SeededRandom {
	#state: number;
	#spare: number | null = null;

	/** @param seed whole number from 0 to 2^32 - 1. */
	constructor(seed: number) {
		this.#state = seed >>> 0;
	}

	/** Uniform in [0, 1): mulberry32, 32 bits of state, which is plenty for one picture. */
	uniform(): number {
		this.#state = (this.#state + 0x6d2b79f5) >>> 0;
		let mixed = this.#state;
		mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	}

	/** Uniform in [low, high). */
	between(low: number, high: number): number {
		return low + (high - low) * this.uniform();
	}

	/** Standard normal, by Marsaglia's polar method. */
	normal(): number {
		if (this.#spare !== null) {
			const spare = this.#spare;
			this.#spare = null;
			return spare;
		}
		for (;;) {
			const x = this.between(-1, 1);
			const y = this.between(-1, 1);
			const size = x * x + y * y;
			if (size > 0 && size < 1) {
				const factor = Math.sqrt((-2 * Math.log(size)) / size);
				this.#spare = y * factor;
				return x * factor;
			}
		}
	}
}

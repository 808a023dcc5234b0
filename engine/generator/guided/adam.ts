/** @file Adam (Kingma and Ba, arXiv:1412.6980) over one array of parameters. */

export class Adam {
	readonly #mean: Float32Array;
	readonly #square: Float32Array;
	#steps = 0;

	constructor(count: number) {
		this.#mean = new Float32Array(count);
		this.#square = new Float32Array(count);
	}

	/** Moves `parameters` against `gradient`, in place. @param rate by how much at most, about. */
	step(parameters: Float32Array, gradient: Float32Array, rate: number | Float32Array): void {
		this.#steps++;
		const early = 1 - 0.9 ** this.#steps;
		const earlySquare = 1 - 0.99 ** this.#steps;
		for (let at = 0; at < parameters.length; at++) {
			const slope = gradient[at] ?? 0;
			const mean = 0.9 * (this.#mean[at] ?? 0) + 0.1 * slope;
			const square = 0.99 * (this.#square[at] ?? 0) + 0.01 * slope * slope;
			this.#mean[at] = mean;
			this.#square[at] = square;
			const own = typeof rate === "number" ? rate : (rate[at] ?? 0);
			const move = (own * (mean / early)) / (Math.sqrt(square / earlySquare) + 1e-12);
			parameters[at] = (parameters[at] ?? 0) - move;
		}
	}
}

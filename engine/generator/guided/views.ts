/**
 * @file Random views of a picture, as the encoder is shown them: crops, slightly turned, mirrored,
 * brighter or paler. What looks right from all of them is a picture; what looks right from one is noise.
 */
import { addHalvedGradient, emptyPlanes, halved, type Planes } from "../picture/planes.ts";
import type { SeededRandom } from "../picture/random.ts";

export interface ViewSettings {
	/** Views a step. */
	count: number;
	/** Side of a view in pixels. */
	side: number;
	/** Smallest and largest share of the picture's sides that a crop takes. */
	smallest: number;
	largest: number;
	/** How the encoder wants its numbers. */
	mean: readonly number[];
	std: readonly number[];
}

/** One view: a box of the picture, in shares of its sides. */
interface View {
	centreX: number;
	centreY: number;
	/** Half the box's sides; a negative width mirrors. */
	halfWidth: number;
	halfHeight: number;
	turn: number;
	gain: readonly [number, number, number];
	lift: number;
	/** Which level of the picture it is taken from: 0 whole, 1 halved, 2 quartered. */
	level: number;
}

/** Draws views and carries the encoder's gradient back to the picture. Not for two pictures at once. */
export class Views {
	readonly #settings: ViewSettings;
	readonly #places: Int32Array;
	readonly #shareX: Float32Array;
	readonly #shareY: Float32Array;
	#views: View[] = [];
	#levels: Planes[] = [];
	/** [count, 3, side, side], normalised; what the last `take` made. */
	readonly values: Float32Array;

	constructor(settings: ViewSettings) {
		this.#settings = settings;
		const samples = settings.count * settings.side ** 2;
		this.#places = new Int32Array(samples);
		this.#shareX = new Float32Array(samples);
		this.#shareY = new Float32Array(samples);
		this.values = new Float32Array(3 * samples);
	}

	/** @returns `values`. */
	take(picture: Planes, random: SeededRandom): Float32Array {
		this.#levels = [picture];
		for (let last = picture; Math.min(last.width, last.height) >= 128; ) {
			last = halved(last);
			this.#levels.push(last);
		}
		const { count } = this.#settings;
		this.#views = Array.from({ length: count }, (_, at) => this.#choose(picture, random, at));
		for (const [at, view] of this.#views.entries()) this.#sample(view, at, random);
		return this.values;
	}

	#choose(picture: Planes, random: SeededRandom, at: number): View {
		const { smallest, largest, side } = this.#settings;
		// One view in four is nearly the whole picture: composition counts, not only texture.
		const size = at % 4 === 0 ? random.between(0.92, 1) : random.between(smallest, largest);
		const stretch = Math.exp(random.between(-0.08, 0.08));
		const halfWidth = Math.min(0.5, (size * stretch) / 2);
		const halfHeight = Math.min(0.5, size / stretch / 2);
		const mirror = random.uniform() < 0.5 ? -1 : 1;
		const reduction =
			Math.min(halfWidth * 2 * picture.width, halfHeight * 2 * picture.height) / side;
		const level = reduction >= 3 ? 2 : reduction >= 1.5 ? 1 : 0;
		const colour = (): number => 1 + 0.06 * random.normal();
		return {
			centreX: random.between(halfWidth, 1 - halfWidth),
			centreY: random.between(halfHeight, 1 - halfHeight),
			halfWidth: halfWidth * mirror,
			halfHeight,
			turn: 0.06 * random.normal(),
			gain: [colour(), colour(), colour()],
			lift: 0.04 * random.normal(),
			level: Math.min(level, this.#levels.length - 1),
		};
	}

	#sample(view: View, at: number, random: SeededRandom): void {
		const { side, mean, std } = this.#settings;
		const level = this.#levels[view.level];
		if (level === undefined) return;
		const { width, height, values } = level;
		const plane = width * height;
		const count = side * side;
		const cos = Math.cos(view.turn);
		const sin = Math.sin(view.turn);
		let sample = at * count;
		for (let row = 0; row < side; row++) {
			const v = ((row + 0.5) / side) * 2 - 1;
			for (let column = 0; column < side; column++, sample++) {
				const u = ((column + 0.5) / side) * 2 - 1;
				const across = view.centreX + view.halfWidth * (cos * u - sin * v);
				const down = view.centreY + view.halfHeight * (sin * u + cos * v);
				const x = Math.min(width - 1.001, Math.max(0, across * width - 0.5));
				const y = Math.min(height - 1.001, Math.max(0, down * height - 0.5));
				const left = Math.floor(x);
				const top = Math.floor(y);
				this.#places[sample] = top * width + left;
				this.#shareX[sample] = x - left;
				this.#shareY[sample] = y - top;
			}
		}
		const grain = 0.02 * random.uniform();
		for (let channel = 0; channel < 3; channel++) {
			const gain = view.gain[channel] ?? 1;
			const scale = 1 / (std[channel] ?? 1);
			const shift = (view.lift - (mean[channel] ?? 0)) * scale;
			const start = at * count;
			const target = (at * 3 + channel) * count;
			for (let index = 0; index < count; index++) {
				const place = channel * plane + (this.#places[start + index] ?? 0);
				const x = this.#shareX[start + index] ?? 0;
				const y = this.#shareY[start + index] ?? 0;
				const upper = (values[place] ?? 0) * (1 - x) + (values[place + 1] ?? 0) * x;
				const lower = (values[place + width] ?? 0) * (1 - x) + (values[place + width + 1] ?? 0) * x;
				const noise = grain * (random.uniform() - 0.5);
				this.values[target + index] =
					((upper * (1 - y) + lower * y) * gain + noise) * scale + shift;
			}
		}
	}

	/**
	 * @param byViews gradient by `values`.
	 * @returns gradient by the picture that was last given to `take`.
	 */
	pullBack(byViews: Float32Array): Planes {
		const gradients = this.#levels.map(({ width, height }) => emptyPlanes(width, height));
		for (const [at, view] of this.#views.entries()) {
			const gradient = gradients[view.level];
			if (gradient !== undefined) this.#addGradient(byViews, view, at, gradient);
		}
		for (let level = gradients.length - 1; level > 0; level--) {
			const finer = gradients[level - 1];
			const coarser = gradients[level];
			if (finer !== undefined && coarser !== undefined) addHalvedGradient(finer, coarser);
		}
		return gradients[0] ?? emptyPlanes(1, 1);
	}

	#addGradient(byViews: Float32Array, view: View, at: number, gradient: Planes): void {
		const { side, std } = this.#settings;
		const { width, height, values } = gradient;
		const plane = width * height;
		const count = side * side;
		for (let channel = 0; channel < 3; channel++) {
			const factor = (view.gain[channel] ?? 1) / (std[channel] ?? 1);
			const source = (at * 3 + channel) * count;
			for (let index = 0; index < count; index++) {
				const place = channel * plane + (this.#places[at * count + index] ?? 0);
				const x = this.#shareX[at * count + index] ?? 0;
				const y = this.#shareY[at * count + index] ?? 0;
				const value = (byViews[source + index] ?? 0) * factor;
				const upper = value * (1 - y);
				const lower = value * y;
				values[place] = (values[place] ?? 0) + upper * (1 - x);
				values[place + 1] = (values[place + 1] ?? 0) + upper * x;
				values[place + width] = (values[place + width] ?? 0) + lower * (1 - x);
				values[place + width + 1] = (values[place + width + 1] ?? 0) + lower * x;
			}
		}
	}
}

/** Canvases, views and wishes: what they draw, and that their gradients are those of what they draw. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Adam } from "../../engine/generator/guided/adam.ts";
import type { Canvas } from "../../engine/generator/guided/canvas.ts";
import { estimateGradient } from "../../engine/generator/guided/evolution-guide.ts";
import { openLatentCanvas } from "../../engine/generator/guided/latent-canvas.ts";
import {
	addDifference,
	addPalette,
	addTotalVariation,
} from "../../engine/generator/guided/penalties.ts";
import {
	createFourierCanvas,
	createPyramidCanvas,
} from "../../engine/generator/guided/pixel-canvases.ts";
import { StrokeCanvas, scatterStrokes } from "../../engine/generator/guided/stroke-canvas.ts";
import { Views } from "../../engine/generator/guided/views.ts";
import { openAutoencoder } from "../../engine/generator/picture/autoencoder-package.ts";
import { paintedFrom } from "../../engine/generator/picture/painted-finish.ts";
import {
	emptyPlanes,
	type Planes,
	pictureOf,
	planesOf,
	resized,
} from "../../engine/generator/picture/planes.ts";
import { SeededRandom } from "../../engine/generator/picture/random.ts";
import { models, numbers } from "./gradient-fixture.ts";

/** Blue above, yellow below. */
function horizon(width: number, height: number): Planes {
	const planes = emptyPlanes(width, height);
	for (let at = 0; at < width * height; at++) {
		const colour = at < (width * height) / 2 ? [0.2, 0.4, 0.8] : [0.8, 0.7, 0.2];
		for (const [channel, value] of colour.entries()) {
			planes.values[channel * width * height + at] = value;
		}
	}
	return planes;
}

function meanError(a: Planes, b: Planes): number {
	const total = a.values.reduce((sum, value, at) => sum + Math.abs(value - (b.values[at] ?? 0)), 0);
	return total / a.values.length;
}

const pixelCanvases: [string, (start: Planes) => Canvas][] = [
	["strokes", (start) => new StrokeCanvas(scatterStrokes(start, 40, new SeededRandom(1)), start)],
	["a pyramid", (start) => createPyramidCanvas(start, new SeededRandom(1))],
	["Fourier waves", (start) => createFourierCanvas(start, new SeededRandom(1))],
];

describe.each(pixelCanvases)("%s", (_, create) => {
	test("begin with the start picture's colours, at any size", async () => {
		const canvas = create(horizon(32, 24));
		expect(meanError(await canvas.draw(), horizon(32, 24))).toBeLessThan(0.15);
		expect(meanError(await canvas.render(60, 44), horizon(60, 44))).toBeLessThan(0.15);
	});

	test("have the gradient of what they draw", async () => {
		const canvas = create(horizon(32, 24));
		const weights = { ...emptyPlanes(32, 24), values: numbers(3 * 32 * 24) };
		const loss = async () =>
			(await canvas.draw()).values.reduce((sum, v, at) => sum + v * (weights.values[at] ?? 0), 0);
		await canvas.draw();
		const gradient = Float32Array.from(await canvas.pullBack(weights));
		const { parameters } = canvas;
		const step = 2e-3;
		const largest = Math.max(...gradient.map(Math.abs));
		for (let at = 0; at < parameters.length; at += Math.ceil(parameters.length / 45)) {
			const here = parameters[at] ?? 0;
			parameters[at] = here + step;
			const above = await loss();
			parameters[at] = here - step;
			const below = await loss();
			parameters[at] = here;
			const measured = (above - below) / (2 * step);
			expect(Math.abs((gradient[at] ?? 0) - measured)).toBeLessThan(
				0.02 * Math.abs(measured) + 0.006 * largest,
			);
		}
	});
});

test("the latent draws what it was given, at other sizes too, and moves towards what is asked", async () => {
	const autoencoder = await openAutoencoder(join(models, "sketch-autoencoder"), 1);
	const start = horizon(64, 48);
	const canvas = await openLatentCanvas(autoencoder, start, {
		random: new SeededRandom(1),
		boldness: 0.1,
		threads: 1,
	});
	const begun = meanError(await canvas.draw(), start);
	expect(begun).toBeLessThan(0.1);
	const wanted = { ...start, values: start.values.map((value) => 1 - value) };
	const adam = new Adam(canvas.parameters.length);
	const before = meanError(await canvas.draw(), wanted);
	for (let step = 0; step < 12; step++) {
		const gradient = emptyPlanes(64, 48);
		addDifference(await canvas.draw(), wanted, gradient, 1);
		adam.step(canvas.parameters, await canvas.pullBack(gradient), 0.1);
		canvas.constrain();
	}
	expect(meanError(await canvas.draw(), wanted)).toBeLessThan(before * 0.75);
	const rounded = autoencoder.rounded(canvas.parameters);
	expect(autoencoder.rounded(rounded)).toEqual(rounded);
	await canvas.close();
	await autoencoder.close();
});

test("views carry the encoder's gradient back to the pixels they came from", () => {
	const picture = { ...emptyPlanes(40, 30), values: numbers(3 * 40 * 30).map((v) => 0.5 + v / 4) };
	const settings = {
		count: 3,
		side: 16,
		smallest: 0.5,
		largest: 1,
		mean: [0.5, 0.4, 0.3],
		std: [0.5, 0.6, 0.7],
	};
	const weights = numbers(3 * 3 * 16 * 16, 9);
	const loss = (from: Planes): number => {
		const values = new Views(settings).take(from, new SeededRandom(4));
		return values.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), 0);
	};
	const views = new Views(settings);
	views.take(picture, new SeededRandom(4));
	const gradient = views.pullBack(weights);
	const direction = numbers(picture.values.length, 11);
	const moved = (by: number): Planes => ({
		...picture,
		values: picture.values.map((value, at) => value + by * (direction[at] ?? 0)),
	});
	const measured = (loss(moved(0.01)) - loss(moved(-0.01))) / 0.02;
	const expected = gradient.values.reduce(
		(sum, value, at) => sum + value * (direction[at] ?? 0),
		0,
	);
	expect(Math.abs(measured - expected)).toBeLessThan(0.01 * Math.abs(expected) + 0.01);
});

test("random changes find the way where there is no gradient", async () => {
	const random = new SeededRandom(5);
	const canvas = new StrokeCanvas(scatterStrokes(horizon(24, 24), 3, random), {
		width: 24,
		height: 24,
	});
	const wanted = { ...horizon(24, 24), values: new Float32Array(3 * 24 * 24).fill(0.9) };
	const loss = async (picture: Planes): Promise<number> => meanError(picture, wanted);
	const before = await loss(await canvas.draw());
	const adam = new Adam(canvas.parameters.length);
	for (let step = 0; step < 40; step++) {
		adam.step(canvas.parameters, await estimateGradient(canvas, loss, random), canvas.rates);
		canvas.constrain();
	}
	expect(await loss(await canvas.draw())).toBeLessThan(0.8 * before);
});

test("wishes lower what they stand for", () => {
	const noisy: Planes = { ...emptyPlanes(16, 16), values: numbers(768).map((v) => 0.5 + v / 3) };
	const rough = ({ values }: Planes): number =>
		values.reduce((sum, value, at) => sum + Math.abs(value - (values[at + 1] ?? value)), 0);
	const follow = (add: (picture: Planes, gradient: Planes) => void): Planes => {
		const gradient = emptyPlanes(16, 16);
		add(noisy, gradient);
		return { ...noisy, values: noisy.values.map((v, at) => v - 20 * (gradient.values[at] ?? 0)) };
	};
	expect(rough(follow((p, g) => addTotalVariation(p, g, 1)))).toBeLessThan(0.9 * rough(noisy));
	const red = (p: Planes): number =>
		meanError(
			p,
			planesOf({
				width: 16,
				height: 16,
				pixels: new Uint8Array(768).map((_, at) => (at % 3 === 0 ? 255 : 0)),
			}),
		);
	expect(red(follow((p, g) => addPalette(p, [[255, 0, 0]], g, 1)))).toBeLessThan(0.95 * red(noisy));
});

test("pixels survive becoming planes and bytes again, and a picture its enlargement and reduction", () => {
	const pixels = Uint8Array.from({ length: 5 * 7 * 3 }, (_, at) => (at * 37) % 256);
	const picture = { width: 5, height: 7, pixels };
	expect(pictureOf(planesOf(picture))).toEqual(picture);
	const planes = horizon(24, 24);
	expect(meanError(resized(resized(planes, 96, 96), 24, 24), planes)).toBeLessThan(0.02);
});

test("a painted finish shows the same picture, equally for the same seed", () => {
	const picture = horizon(64, 64);
	const painted = paintedFrom(picture, 128, 128, new SeededRandom(3));
	expect(meanError(painted, horizon(128, 128))).toBeLessThan(0.08);
	expect(paintedFrom(picture, 128, 128, new SeededRandom(3))).toEqual(painted);
});

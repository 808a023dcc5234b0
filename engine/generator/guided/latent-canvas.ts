/**
 * @file The latent of the sketch autoencoder: its decoder has learned what surfaces, edges and colours
 * of photographs look like, as VQGAN's has in VQGAN+CLIP (Crowson et al., arXiv:2204.08583). What is
 * drawn are codes: latents are rounded, and the gradient passes as if they were not (Bengio et al.,
 * arXiv:1308.3432), which keeps to surfaces the decoder knows.
 */
import type { GradientSession } from "../gradient/gradient-session.ts";
import { openGradientSession } from "../gradient/gradient-session.ts";
import type { OnnxModel } from "../gradient/onnx-model.ts";
import type { SketchAutoencoder } from "../picture/autoencoder-package.ts";
import { type Planes, resized } from "../picture/planes.ts";
import type { SeededRandom } from "../picture/random.ts";
import type { Canvas } from "./canvas.ts";

const startNoise = 0.3;
const latentRate = 0.1;

/** Also of pixels beyond black and white, which pull back inside. */
const unclipped = "unclipped_pixels";

class LatentCanvas implements Canvas {
	readonly rates: number;
	readonly parameters: Float32Array;
	readonly #session: GradientSession;
	readonly #autoencoder: SketchAutoencoder;
	readonly #width: number;
	readonly #height: number;

	constructor(
		session: GradientSession,
		autoencoder: SketchAutoencoder,
		latents: Float32Array,
		size: { width: number; height: number; rates: number },
	) {
		this.rates = size.rates;
		this.parameters = latents;
		this.#session = session;
		this.#autoencoder = autoencoder;
		this.#width = size.width;
		this.#height = size.height;
	}

	draw(): Promise<Planes> {
		return this.#autoencoder.decode(
			this.#autoencoder.rounded(this.parameters),
			this.#width,
			this.#height,
		);
	}

	async pullBack(gradient: Planes): Promise<Float32Array> {
		const answer = await this.#session.run({
			[this.#autoencoder.latentName]: this.#autoencoder.rounded(this.parameters),
			upstream: gradient.values,
		});
		return answer.gradient;
	}

	constrain(): void {
		this.#autoencoder.clamp(this.parameters);
	}

	async render(width: number, height: number): Promise<Planes> {
		return resized(await this.draw(), width, height);
	}

	async close(): Promise<void> {
		await this.#session.close();
	}
}

/** @param start of a size both of whose sides are multiples of 8. */
export async function openLatentCanvas(
	autoencoder: SketchAutoencoder,
	start: Planes,
	{ random, boldness, threads }: { random: SeededRandom; boldness: number; threads: number },
): Promise<Canvas> {
	const { width, height } = start;
	const encoded = await autoencoder.encode(start);
	// A blurred start has no surfaces for the encoder to take hold of; a little noise makes some.
	const latents = encoded.map((value) => value + startNoise * boldness * random.normal());
	autoencoder.clamp(latents);
	const session = await openDecoderGradient(
		autoencoder.decoderModel,
		autoencoder.latentName,
		autoencoder.latentShape(width, height),
		[1, 3, height, width],
		threads,
	);
	return new LatentCanvas(session, autoencoder, latents, {
		width,
		height,
		rates: latentRate * Math.max(0.2, boldness),
	});
}

/** The gradient of sum(pixels x upstream) by the latents: the product with the decoder's Jacobian. */
function openDecoderGradient(
	model: OnnxModel,
	input: string,
	inputShape: readonly number[],
	pixelShape: readonly number[],
	threads: number,
): Promise<GradientSession> {
	return openGradientSession(model, {
		input,
		inputShape,
		extraInputs: { upstream: pixelShape },
		loss: (build) => {
			const product = build.add("Mul", [unclipped, "upstream"]);
			return { loss: build.sum(product, [0, 1, 2, 3], false), others: [] };
		},
		threads,
	});
}

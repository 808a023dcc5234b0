/** @file The neutral phrases a query is compared with, embedded once. */
import type { DualEncoder } from "../../encoder/dual-encoder.ts";

/** Everyday things and scenes as one encoder sees them; some 0.3 s of work at the first use. */
export class NeutralPrompts {
	readonly #encoder: DualEncoder;
	readonly #phrases: readonly string[];
	#vectors: Promise<Float32Array[]> | null = null;

	constructor(encoder: DualEncoder, phrases: readonly string[]) {
		this.#encoder = encoder;
		this.#phrases = phrases;
	}

	/** Float32 [dimensions] per phrase, unit length. Throws what the encoder throws; then tries again. */
	vectors(): Promise<Float32Array[]> {
		this.#vectors ??= this.#encoder
			.embedTexts(this.#phrases)
			.then((texts) => texts.map(({ vector }) => vector))
			.catch((error: unknown) => {
				this.#vectors = null;
				throw error;
			});
		return this.#vectors;
	}
}

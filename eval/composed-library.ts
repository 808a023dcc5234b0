/** @file A library in memory that is asked in words and pictures, through the app's own composition. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Example } from "../contract/example.ts";
import type { PhotoId } from "../contract/ids.ts";
import type { DualEncoder } from "../engine/encoder/dual-encoder.ts";
import { LibraryIndex } from "../engine/index/library-index.ts";
import { Calibrator } from "../engine/search/calibration/calibrator.ts";
import { confidenceAt } from "../engine/search/calibration/confidence.ts";
import type { NeutralPrompts } from "../engine/search/calibration/neutral-prompts.ts";
import { meanOf } from "../engine/search/examples/compose-query.ts";
import { QueryComposer } from "../engine/search/examples/query-composer.ts";
import { JudgedPhotos } from "../engine/search/excluding-search.ts";

/** Photos by their place in the set. */
export interface Asked {
	/** Float32 [dimensions], unit length. */
	words: Float32Array | null;
	examples?: readonly { photos: readonly number[]; weight: number }[];
	/** An embedding from outside the library. */
	picture?: Float32Array;
	liked?: readonly number[];
	disliked?: readonly number[];
}

// Labels start at 1, as ids do.
const idOf = (photo: number): PhotoId => (photo + 1) as PhotoId;

export class ComposedLibrary {
	readonly #index: LibraryIndex;
	readonly #calibrator: Calibrator;
	readonly #vectors: readonly Float32Array[];

	constructor(vectors: readonly Float32Array[], encoder: DualEncoder, prompts: NeutralPrompts) {
		this.#vectors = vectors;
		this.#index = new LibraryIndex({
			space: { encoderKey: encoder.key, dimensions: encoder.manifest.dimensions },
			folderPath: join(tmpdir(), "never-written"),
		});
		for (const [photo, vector] of vectors.entries()) this.#index.set(idOf(photo), vector);
		this.#calibrator = new Calibrator(this.#index, encoder.manifest, prompts);
	}

	/** Best first, without the examples; and how sure the first is. */
	async ask(asked: Asked): Promise<{ photos: number[]; confidence: number }> {
		const embedded = (ids: readonly PhotoId[]) => {
			const mean = meanOf(ids.flatMap((id) => this.#index.vectorOf(id) ?? []));
			if (mean === null) throw new Error("An example is not in the library.");
			return Promise.resolve(mean);
		};
		const composer = new QueryComposer(
			this.#index,
			{
				ofPhotos: embedded,
				vectorOf: async (source) => {
					if (source.kind === "photos") return embedded(source.ids);
					if (asked.picture === undefined) throw new Error("There is no such picture.");
					return asked.picture;
				},
			},
			this.#calibrator,
		);
		const examples: Example[] = (asked.examples ?? []).map(({ photos, weight }) => ({
			source: { kind: "photos", ids: photos.map(idOf) },
			weight,
		}));
		if (asked.picture !== undefined) {
			examples.push({ source: { kind: "picture", key: "outside" }, weight: 0.5 });
		}
		const { words } = asked;
		const question = await composer.compose(words && { text: "", vector: words }, {
			examples,
			liked: (asked.liked ?? []).map(idOf),
			disliked: (asked.disliked ?? []).map(idOf),
		});
		const { size } = this.#index;
		const judged = await JudgedPhotos.of(this.#index, question.vector, question.unwanted);
		const found = judged.nearest(size);
		const neighbours = found.filter(({ label }) => !question.leaveOut.has(label as PhotoId));
		const searched = this.#index.size;
		const curve = await this.#calibrator.forComposed(question, words, { neighbours, searched });
		return {
			photos: neighbours.map(({ label }) => label - 1),
			confidence: curve === null ? 0 : confidenceAt(curve, curve.best),
		};
	}

	/** Best first by the inner product with any vector. */
	async nearestTo(vector: Float32Array): Promise<number[]> {
		const found = await this.#index.search(vector, this.#index.size);
		return found.map(({ label }) => label - 1);
	}

	/** Float32 [dimensions]. */
	vectorOf(photo: number): Float32Array {
		const vector = this.#vectors[photo];
		if (vector === undefined) throw new RangeError(`There is no photo ${photo}.`);
		return vector;
	}
}

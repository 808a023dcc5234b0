/**
 * @file Fills the side of the coming encoder and lets it take over once it has every photo.
 *
 * [Note: The step] Settings are written in one transaction and the present side is exchanged before anything
 * else can run. Killed before that, the library opens with the former encoder and goes on filling; after it,
 * with the new one. No photo is under way meanwhile, so none is left without an embedding.
 */
import type { PhotoId } from "../../contract/ids.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Indexer } from "../indexer/indexer.ts";
import type { ComingEncoder, ComingSide } from "./coming-encoder.ts";
import type { EncoderChoice } from "./encoder-choice.ts";
import type { Turns } from "./turns.ts";

export interface TakeOverParts {
	catalogue: Catalogue;
	choice: EncoderChoice;
	indexer: Pick<Indexer, "whileAtRest" | "use">;
	turns: Turns;
	/** Exchanges the sides. Nothing in it waits, so no question can come in between. */
	exchange(side: ComingSide): void;
	/** What `status` says has changed. */
	onTold(): void;
	/** How far it is has changed. */
	onProgress(): void;
}

/** So many photos are embedded while new ones wait; more of them are embedded before. */
const fewPhotos = 64;

/**
 * Resolves when the coming encoder searches, with its side.
 * @throws the reason of `coming.stop`; Refusal MODEL_NOT_FOUND, MODEL_UNAVAILABLE or DISK_FULL.
 */
export async function fillAndTakeOver(
	parts: TakeOverParts,
	coming: ComingEncoder,
): Promise<ComingSide> {
	const { turns, onTold, onProgress } = parts;
	const { signal } = coming.stop;
	coming.problem = null;
	const side = await coming.open();
	const { opened, filler } = side;
	for (;;) {
		coming.phase = "embedding";
		await coming.count();
		onTold();
		await filler.fillAll({
			signal,
			turn: () => turns.next(signal, filler),
			onAdded: (id, vector) => {
				coming.missing = Math.max(0, coming.missing - 1);
				if (opened.index.size > 0) opened.index.set(id, vector);
				onProgress();
			},
		});
		coming.phase = "finishing";
		filler.stopClock();
		onTold();
		if (opened.index.size === 0) await opened.fillIndex();
		await opened.prepare();
		signal.throwIfAborted();
		if (await takeOver(parts, coming, side)) return side;
	}
}

/** False where too many photos have come meanwhile. See [Note: The step]. */
function takeOver(
	{ indexer, choice, catalogue, exchange }: TakeOverParts,
	coming: ComingEncoder,
	side: ComingSide,
): Promise<boolean> {
	const { signal } = coming.stop;
	const { opened, filler } = side;
	return indexer.whileAtRest(async () => {
		signal.throwIfAborted();
		const missing = await catalogue.embeddings.countMissing(opened.encoder.key);
		if (missing - filler.unreadable > fewPhotos) return false;
		const onAdded = (id: PhotoId, vector: Float32Array) => opened.index.set(id, vector);
		await filler.fillAll({ signal, onAdded });
		await coming.followed();
		signal.throwIfAborted();
		await choice.change(coming.model, coming.title);
		exchange(side);
		indexer.use(opened.encoder);
		return true;
	});
}

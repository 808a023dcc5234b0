/** @file Finds which contents of a library are copies of one another. */
import { setImmediate } from "node:timers/promises";
import type { PhotoId } from "../../contract/ids.ts";
import type { LookAlikeTable } from "../catalogue/catalogue.ts";
import { type Decoder, type PixelRule, wholePictureRule } from "../decoder/decoder.ts";
import type { ThumbnailStore } from "../library/thumbnail-store.ts";
import { candidatePairs } from "./candidate-pairs.ts";
import { type Position, positions } from "./positions.ts";
import {
	comparedSide,
	matchPictures,
	type PictureMatch,
	type SmallPicture,
	smallPicture,
} from "./same-picture.ts";
import { likenessByPosition, readSignature, type Signature } from "./signature.ts";
import { editsOf } from "./words.ts";

/** Two contents that show one picture, and what was done to the second. */
export interface FoundCopy {
	/** Empty when it was only saved again. */
	edits: readonly string[];
}

export interface CopyFinderParts {
	photos: Pick<LookAlikeTable, "contents" | "storePerceptualHash">;
	decoder: Decoder;
	thumbnails: ThumbnailStore;
	/** Makes a thumbnail that is missing; rejects where that is not possible. */
	makeThumbnail(id: PhotoId): Promise<unknown>;
	/** Float32 [dimensions], unit length; null where there is none. */
	vectorOf(id: PhotoId): Float32Array | null;
}

/** Pictures kept for comparing: 36 KB each. */
const rememberedPictures = 500;
const smallRule: PixelRule = {
	width: comparedSide,
	height: comparedSide,
	resize: "stretch",
	interpolation: "bilinear",
};
/** Positions tried besides the likeliest are those almost as likely: symmetrical pictures have several. */
const likenessMargin = 0.08;
const mostPositions = 3;

/**
 * Least similarity of what the encoder sees, for upright pictures; it keeps patterns and blank pages that
 * are alike in grey from being compared at all. Encoders have seen few turned pictures: those may differ.
 */
const leastSimilarity = 0.3;

interface Compared {
	id: PhotoId;
	contentHash: string;
	signature: Signature;
}

interface Content extends Compared {
	/** Width over height. */
	aspect: number;
}

/** Remembers what it compared, by content: asked again, it looks at new contents only. */
export class CopyFinder {
	readonly #parts: CopyFinderParts;
	readonly #signatures = new Map<string, Signature>();
	readonly #verdicts = new Map<string, PictureMatch | null>();
	readonly #edits = new Map<string, readonly string[]>();
	readonly #pictures = new Map<string, Promise<SmallPicture | null>>();

	constructor(parts: CopyFinderParts) {
		this.#parts = parts;
	}

	/**
	 * Compares all contents that may be copies.
	 * @returns pairs of content hashes of which one is a copy of the other
	 */
	async findPairs(signal: AbortSignal): Promise<(readonly [string, string])[]> {
		const contents = await this.#contents(signal);
		const candidates = await candidatePairs(contents);
		const pairs: (readonly [string, string])[] = [];
		for (const { first, second } of candidates) {
			signal.throwIfAborted();
			const [a, b] = [contents[first], contents[second]];
			if (a === undefined || b === undefined) continue;
			if ((await this.#compare(a, b)) !== null) pairs.push([a.contentHash, b.contentHash]);
		}
		return pairs;
	}

	/** What was done to the second content, given the first; null where it is no copy of it. */
	async copyOf(
		first: { id: PhotoId; contentHash: string },
		second: { id: PhotoId; contentHash: string },
	): Promise<FoundCopy | null> {
		if (first.contentHash === second.contentHash) return { edits: [] };
		const [a, b] = [this.#withSignature(first), this.#withSignature(second)];
		if (a === null || b === null || (await this.#compare(a, b)) === null) return null;
		return { edits: this.#edits.get(key(first.contentHash, second.contentHash)) ?? [] };
	}

	#withSignature(photo: { id: PhotoId; contentHash: string }): Compared | null {
		const signature = this.#signatures.get(photo.contentHash);
		return signature === undefined ? null : { ...photo, signature };
	}

	/** One photo of every content that shows anything. */
	async #contents(signal: AbortSignal): Promise<Content[]> {
		const contents = new Map<string, Content>();
		for (const photo of await this.#parts.photos.contents()) {
			if (contents.has(photo.contentHash)) continue;
			signal.throwIfAborted();
			const known = this.#signatures.get(photo.contentHash);
			const hash = known ?? photo.perceptualHash ?? (await this.#hashAgain(photo));
			const signature = hash instanceof Uint8Array ? readSignature(hash) : hash;
			if (signature === null) continue;
			this.#signatures.set(photo.contentHash, signature);
			const { id, contentHash, width, height } = photo;
			const aspect = width > 0 && height > 0 ? width / height : 1;
			contents.set(contentHash, { id, contentHash, signature, aspect });
		}
		return [...contents.values()];
	}

	/** For a photo read before hashes were kept: its thumbnail shows the same from afar. */
	async #hashAgain(photo: { id: PhotoId; contentHash: string }): Promise<Uint8Array | null> {
		const outcome = await this.#decodeThumbnail(photo, wholePictureRule);
		if (outcome === null) return null;
		const { perceptualHash } = outcome;
		await this.#parts.photos.storePerceptualHash(photo.contentHash, perceptualHash);
		return perceptualHash;
	}

	async #compare(first: Compared, second: Compared): Promise<PictureMatch | null> {
		const pair = key(first.contentHash, second.contentHash);
		const known = this.#verdicts.get(pair);
		if (known !== undefined) return known;
		const match = await this.#match(first, second);
		// A picture that could not be had now may be there the next time.
		if (match !== undefined) this.#verdicts.set(pair, match);
		return match ?? null;
	}

	/** Undefined where one of the pictures cannot be had at the moment. */
	async #match(first: Compared, second: Compared): Promise<PictureMatch | null | undefined> {
		const positions = this.#likelyPositions(first, second);
		if (positions.length === 0) return null;
		const [a, b] = await Promise.all([this.#picture(first), this.#picture(second)]);
		if (a === null || b === null) return undefined;
		for (const position of positions) {
			// Each takes some milliseconds of this thread.
			await setImmediate();
			const match = matchPictures(a, b, position);
			if (match === null) continue;
			this.#edits.set(key(first.contentHash, second.contentHash), editsOf(match, a, b));
			return match;
		}
		return null;
	}

	#likelyPositions(first: Compared, second: Compared): Position[] {
		const ordered = likenessByPosition(first.signature, second.signature);
		const best = ordered[0]?.likeness ?? 0;
		// One that is tilted is upright, whatever the hash says: a tilt changes that beyond recognition.
		const [upright] = positions;
		if (upright === undefined) return [];
		const similarity = cosine(this.#parts.vectorOf(first.id), this.#parts.vectorOf(second.id));
		const likely = ordered
			.slice(0, mostPositions)
			.filter(({ likeness }) => likeness > best - likenessMargin)
			.map(({ position }) => position)
			.filter((position) => position !== upright);
		return similarity === null || similarity >= leastSimilarity ? [upright, ...likely] : likely;
	}

	#picture(content: Compared): Promise<SmallPicture | null> {
		const { contentHash } = content;
		const known = this.#pictures.get(contentHash);
		if (known !== undefined) return known;
		const picture = this.#decodeThumbnail(content, smallRule).then((outcome) =>
			outcome === null ? null : smallPicture(outcome.pixels),
		);
		void picture.then((found) => {
			if (found === null) this.#pictures.delete(contentHash);
		});
		this.#pictures.set(contentHash, picture);
		for (const oldest of this.#pictures.keys()) {
			if (this.#pictures.size <= rememberedPictures) break;
			this.#pictures.delete(oldest);
		}
		return picture;
	}

	/** Null where the thumbnail is neither there nor can be made. */
	async #decodeThumbnail(photo: { id: PhotoId; contentHash: string }, pixels: PixelRule) {
		const { decoder, thumbnails, makeThumbnail } = this.#parts;
		const source = { filePath: thumbnails.pathOf(photo.contentHash) };
		const outcome = await decoder.decode(source, { pixels, thumbnail: false });
		if (outcome.kind === "decoded") return outcome;
		if (outcome.reason !== "vanished") return null;
		try {
			await makeThumbnail(photo.id);
		} catch {
			// Its folder is offline, or it can no longer be read: it is in no group then.
			return null;
		}
		const again = await decoder.decode(source, { pixels, thumbnail: false });
		return again.kind === "decoded" ? again : null;
	}
}

const key = (first: string, second: string) => `${first} ${second}`;

function cosine(first: Float32Array | null, second: Float32Array | null): number | null {
	if (first === null || second === null) return null;
	let sum = 0;
	for (const [at, value] of first.entries()) sum += value * (second[at] ?? 0);
	return sum;
}

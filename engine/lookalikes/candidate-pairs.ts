/**
 * @file Pairs of photos that may be copies, found without comparing all with all: photos whose hashes agree
 * in the signs of some coefficients meet in a bucket (locality-sensitive hashing, Charikar 2002), in several
 * tables of different coefficients.
 */
import { setImmediate } from "node:timers/promises";
import { coefficientCount, coefficientMaps, likeness, type Signature } from "./signature.ts";
import { tilted, tilts } from "./tilted.ts";

/** Coefficients a bucket's number is made of; only low frequencies, which survive cropping. */
const bitsPerKey = 18;
const tables = 14;
const highestFrequencySum = 6;

/** Least cosine of two hashes in some position for a pair to be looked at closely. */
const leastLikeness = 0.68;
/** And with one of them tilted, which is tried in many ways. */
const leastTiltedLikeness = 0.72;
/** Signs that may differ of the 63; unlike pictures differ in about half. */
const mostDifferentSigns = 21;
/** Of pictures that met in a bucket, whose key is equal already. */
const mostInBucket = 16;

/** Up to this many pictures all are compared with all, which misses none. */
const mostComparedWithAll = 4000;

/** Other work gets a turn after so many photos. */
const photosAtATime = 500;

export interface CandidatePair {
	/** Positions in the list of signatures. */
	first: number;
	second: number;
}

interface Signs {
	low: Uint32Array;
	high: Uint32Array;
}

/** Every picture turned in one way, to be looked for among the upright. */
interface View {
	signs: Signs;
	/** How alike the first, turned, and the second are: -1 to 1. */
	likeness(first: number, second: number): number;
	leastLikeness: number;
	/** Turning the second instead finds other pairs. */
	oneWay: boolean;
}

/** A picture as far as candidates are concerned. */
export interface HashedPicture {
	signature: Signature;
	/** Width over height. */
	aspect: number;
}

/** The keys of the buckets of one table, for upright pictures and for each position. */
const tableCoefficients: readonly (readonly number[])[] = chooseCoefficients();

/** Every pair once, in no particular order. Pictures that show nothing are in no pair. */
export async function candidatePairs(pictures: readonly HashedPicture[]): Promise<CandidatePair[]> {
	const seen = new Set<number>();
	const found: CandidatePair[] = [];
	const signatures = pictures.map(({ signature }) => signature);
	const upright = signsOf(signatures.map(({ coefficients }) => coefficients));
	const usable = signatures.map((signature) => signature.contrast >= 3 && hasContent(signature));
	const withAll = signatures.length <= mostComparedWithAll;
	const buckets = withAll
		? []
		: tableCoefficients.map((coefficients) => fillBuckets(upright, usable, coefficients));
	for await (const view of viewsOf(pictures)) {
		for (let first = 0; first < signatures.length; first += 1) {
			if (first % photosAtATime === 0) await setImmediate();
			if (!usable[first]) continue;
			if (withAll) {
				const [low, high] = [view.signs.low[first] ?? 0, view.signs.high[first] ?? 0];
				for (let second = view.oneWay ? 0 : first + 1; second < signatures.length; second += 1) {
					// Nearly all end here, so this is written out.
					const different = bitCount(low ^ (upright.low[second] ?? 0));
					if (different > mostDifferentSigns) continue;
					if (different + bitCount(high ^ (upright.high[second] ?? 0)) > mostDifferentSigns)
						continue;
					if (usable[second]) consider(first, second, view);
				}
				continue;
			}
			for (const [table, coefficients] of tableCoefficients.entries()) {
				const { starts, members } = buckets[table] ?? noBuckets;
				const key = keyOf(view.signs, first, coefficients);
				const end = starts[key + 1] ?? 0;
				const low = view.signs.low[first] ?? 0;
				const high = view.signs.high[first] ?? 0;
				for (let at = starts[key] ?? 0; at < end; at += 1) {
					const second = members[at] ?? 0;
					const different = bitCount(low ^ (upright.low[second] ?? 0));
					if (different > mostInBucket) continue;
					if (different + bitCount(high ^ (upright.high[second] ?? 0)) > mostInBucket) continue;
					consider(first, second, view);
				}
			}
		}
	}
	return found;

	function consider(first: number, second: number, view: View): void {
		if (first === second) return;
		const [smaller, larger] = first < second ? [first, second] : [second, first];
		const pair = smaller * signatures.length + larger;
		if (seen.has(pair)) return;
		if (signatures[first]?.version !== signatures[second]?.version) return;
		if (view.likeness(first, second) < view.leastLikeness) return;
		seen.add(pair);
		found.push({ first: smaller, second: larger });
	}
}

/** One at a time: all together would take a hundred times the room of the hashes. */
async function* viewsOf(pictures: readonly HashedPicture[]): AsyncGenerator<View> {
	const signatures = pictures.map(({ signature }) => signature);
	for (const map of coefficientMaps) {
		const turned = signatures.map(({ coefficients }) =>
			Float32Array.from(map.from, (from, at) => (coefficients[from] ?? 0) * (map.sign[at] ?? 1)),
		);
		yield {
			signs: signsOf(turned),
			likeness: (first, second) => {
				const [a, b] = [signatures[first], signatures[second]];
				return a === undefined || b === undefined ? -1 : likeness(a, b, map);
			},
			leastLikeness,
			oneWay: false,
		};
	}
	for (const tilt of tilts) {
		const ways: Float32Array[][] = tilt.cropped ? [[]] : [[], []];
		for (const [at, { signature, aspect }] of pictures.entries()) {
			if (at % photosAtATime === 0) await setImmediate();
			for (const [way, coefficients] of tilted(signature, aspect, tilt).entries()) {
				ways[way]?.push(coefficients);
			}
		}
		for (const turned of ways) {
			yield {
				signs: signsOf(turned),
				likeness: (first, second) => cosine(turned[first], signatures[second]?.coefficients),
				leastLikeness: leastTiltedLikeness,
				oneWay: true,
			};
		}
	}
}

function cosine(one: Float32Array | undefined, other: Float32Array | undefined): number {
	let sum = 0;
	for (let at = 0; at < coefficientCount; at += 1) sum += (one?.[at] ?? 0) * (other?.[at] ?? 0);
	return sum;
}

const noBuckets = { starts: new Uint32Array(1), members: new Uint32Array(0) };

function hasContent(signature: Signature): boolean {
	return signature.coefficients.some((value) => value !== 0);
}

/** Photos sorted by key: those of key k are members[starts[k]] up to members[starts[k + 1]]. */
function fillBuckets(signs: Signs, usable: readonly boolean[], coefficients: readonly number[]) {
	const starts = new Uint32Array((1 << bitsPerKey) + 1);
	const keys = Uint32Array.from(usable, (_, photo) => keyOf(signs, photo, coefficients));
	for (const [photo, key] of keys.entries()) {
		if (usable[photo]) starts[key + 1] = (starts[key + 1] ?? 0) + 1;
	}
	for (let key = 1; key < starts.length; key += 1) {
		starts[key] = (starts[key] ?? 0) + (starts[key - 1] ?? 0);
	}
	const next = starts.slice();
	const members = new Uint32Array(starts.at(-1) ?? 0);
	for (const [photo, key] of keys.entries()) {
		if (!usable[photo]) continue;
		const at = next[key] ?? 0;
		members[at] = photo;
		next[key] = at + 1;
	}
	return { starts, members };
}

function keyOf(signs: Signs, photo: number, coefficients: readonly number[]): number {
	const low = signs.low[photo] ?? 0;
	const high = signs.high[photo] ?? 0;
	let key = 0;
	for (const coefficient of coefficients) {
		const bit = coefficient < 32 ? low >>> coefficient : high >>> (coefficient - 32);
		key = (key << 1) | (bit & 1);
	}
	return key;
}

/** The signs of every picture's coefficients, Float32 [63] each: 63 bits. */
function signsOf(pictures: readonly Float32Array[]): Signs {
	const low = new Uint32Array(pictures.length);
	const high = new Uint32Array(pictures.length);
	for (const [photo, coefficients] of pictures.entries()) {
		for (let at = 0; at < coefficientCount; at += 1) {
			if ((coefficients[at] ?? 0) <= 0) continue;
			if (at < 32) low[photo] = ((low[photo] ?? 0) | (1 << at)) >>> 0;
			else high[photo] = ((high[photo] ?? 0) | (1 << (at - 32))) >>> 0;
		}
	}
	return { low, high };
}

function bitCount(word: number): number {
	let bits = word - ((word >>> 1) & 0x55555555);
	bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
	return (Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24) & 0xff;
}

/** The same choice in every process: low frequencies are drawn more often than high ones. */
function chooseCoefficients(): number[][] {
	let state = 12345;
	const random = () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state / 2 ** 32;
	};
	const low = Array.from({ length: 63 }, (_, at) => at).filter(
		(at) => Math.floor((at + 1) / 8) + ((at + 1) % 8) <= highestFrequencySum,
	);
	return Array.from({ length: tables }, () =>
		low
			.map((at) => ({
				at,
				rank: random() ** (Math.floor((at + 1) / 8) + ((at + 1) % 8)),
			}))
			.sort((a, b) => b.rank - a.rank)
			.slice(0, bitsPerKey)
			.map(({ at }) => at),
	);
}

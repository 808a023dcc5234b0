/**
 * @file Judged hits: someone asks in a word, looks at the first twenty, and says of one to three of
 * them that they are right or wrong. Measured on the photos that were not judged (residual collection:
 * Salton and Buckley 1990), so that judging a hit is no gain in itself.
 */
import type { ComposedLibrary } from "./composed-library.ts";
import type { Subject } from "./composition.ts";

const shown = 20;
const leastShownOfY = 4;
const leastPhotosOfX = 10;
const judgedMost = 3;

/** Precision among the first 20 that were not judged, in per cent. */
export async function measureJudging(subjects: readonly Subject[], library: ComposedLibrary) {
	const figures: Record<string, unknown> = {};
	for (let count = 1; count <= judgedMost; count += 1) {
		figures[count] = {
			chosenOn: await judge(half(subjects, 0), library, count),
			reportedOn: await judge(half(subjects, 1), library, count),
		};
	}
	return figures;
}

async function judge(subjects: readonly Subject[], library: ComposedLibrary, count: number) {
	const sums = { before: 0, liked: 0, disliked: 0, both: 0 };
	let queries = 0;
	for (const { words, shows, photos: right } of subjects) {
		const before = await library.nearestTo(words);
		const first = before.slice(0, shown);
		const liked = first.filter((photo) => shows[photo]).slice(0, count);
		const disliked = first.filter((photo) => !shows[photo]).slice(0, count);
		if (liked.length === 0 || disliked.length === 0 || right.length <= liked.length) continue;
		queries += 1;
		const judged = new Set([...liked, ...disliked]);
		const most = Math.min(shown, right.length - liked.length);
		const precision = (photos: readonly number[]) =>
			photos
				.filter((photo) => !judged.has(photo))
				.slice(0, shown)
				.filter((photo) => shows[photo]).length / most;
		sums.before += precision(before);
		sums.liked += precision((await library.ask({ words, liked })).photos);
		sums.disliked += precision((await library.ask({ words, disliked })).photos);
		sums.both += precision((await library.ask({ words, liked, disliked })).photos);
	}
	const mean = (sum: number) => (100 * sum) / queries;
	return {
		queries,
		before: mean(sums.before),
		liked: mean(sums.liked),
		disliked: mean(sums.disliked),
		both: mean(sums.both),
	};
}

/** X in words, "less like" a photo of Y: how much of Y is left among the first 20, and of X. */
export async function measureUnlike(subjects: readonly Subject[], library: ComposedLibrary) {
	const pairs: { x: Subject; y: Subject; example: number }[] = [];
	for (const x of subjects.filter(({ photos }) => photos.length >= leastPhotosOfX)) {
		const first = (await library.nearestTo(x.words)).slice(0, shown);
		for (const y of subjects) {
			const shownOfY = first.filter((photo) => y.shows[photo]).length;
			const rest = x.photos.filter((photo) => !y.shows[photo]).length;
			if (x === y || shownOfY < leastShownOfY || rest < leastPhotosOfX) continue;
			const example = (await library.nearestTo(y.words)).find((photo) => y.shows[photo]);
			if (example !== undefined) pairs.push({ x, y, example });
		}
	}
	return {
		chosenOn: await judgeUnlike(half(pairs, 0), library),
		reportedOn: await judgeUnlike(half(pairs, 1), library),
	};
}

async function judgeUnlike(
	pairs: readonly { x: Subject; y: Subject; example: number }[],
	library: ComposedLibrary,
) {
	const before = { x: 0, y: 0 };
	const after = { x: 0, y: 0 };
	for (const { x, y, example } of pairs) {
		const plain = (await library.nearestTo(x.words)).filter((photo) => photo !== example);
		const { photos } = await library.ask({
			words: x.words,
			examples: [{ photos: [example], weight: -0.5 }],
		});
		for (const [count, ranked] of [
			[before, plain],
			[after, photos],
		] as const) {
			for (const photo of ranked.slice(0, shown)) {
				if (x.shows[photo]) count.x += 1;
				if (y.shows[photo]) count.y += 1;
			}
		}
	}
	return { queries: pairs.length, shareLeft: after.y / before.y, recallKept: after.x / before.x };
}

function half<Item>(items: readonly Item[], which: 0 | 1): Item[] {
	return items.filter((_, at) => at % 2 === which);
}

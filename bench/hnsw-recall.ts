/** @file What HNSW loses against exact search, and what it gains in time. */
import { ExactIndex } from "../engine/index/exact-index.ts";
import { HnswIndex } from "../engine/index/hnsw-index.ts";
import { percentile } from "./environment.ts";
import { randomUnitVector, seededRandom } from "./synthetic-library.ts";

const dimensions = 384;
const clusters = 200;
const queries = 100;
const neighbours = 10;

/** Vectors in clusters, as photos of a library are, and queries off them, as texts are. */
export async function measureHnswRecall(count: number) {
	const random = seededRandom(11);
	const space = { encoderKey: "bench", dimensions };
	const exact = new ExactIndex(space);
	const hnsw = await HnswIndex.create(space, {}, exact);
	const centres = Array.from({ length: clusters }, () => randomUnitVector(dimensions, random));
	const near = (spread: number) => {
		const centre = centres[Math.floor(random() * clusters)];
		if (centre === undefined) throw new Error("There are no clusters.");
		const noise = randomUnitVector(dimensions, random);
		const sum = centre.map((value, at) => value + spread * (noise[at] ?? 0));
		const length = Math.hypot(...sum);
		return sum.map((value) => value / length);
	};
	const buildStarted = performance.now();
	for (let label = 1; label <= count; label += 1) {
		const vector = near(0.8);
		hnsw.set(label, vector);
	}
	const buildSeconds = (performance.now() - buildStarted) / 1000;
	let found = 0;
	const exactMs: number[] = [];
	const hnswMs: number[] = [];
	for (let at = 0; at < queries; at += 1) {
		const query = near(1.5);
		const exactStarted = performance.now();
		const truth = new Set((await exact.search(query, neighbours)).map(({ label }) => label));
		exactMs.push(performance.now() - exactStarted);
		const hnswStarted = performance.now();
		const answer = await hnsw.search(query, neighbours);
		hnswMs.push(performance.now() - hnswStarted);
		found += answer.filter(({ label }) => truth.has(label)).length;
	}
	hnsw.close();
	exact.close();
	return {
		vectors: count,
		dimensions,
		buildSeconds,
		recallAt10: found / (queries * neighbours),
		exactP50Ms: percentile(exactMs, 0.5),
		hnswP50Ms: percentile(hnswMs, 0.5),
	};
}

/** @file How long a typed query takes in the engine, on libraries of many synthetic photos. */
import { percentile } from "./environment.ts";
import { withSyntheticLibrary } from "./with-synthetic-library.ts";

const subjects = ["dog", "beach", "mountain", "street", "cake", "child", "boat", "flower", "car"];
const settings = [
	"at sunset",
	"in the snow",
	"on a table",
	"at night",
	"in a garden",
	"by a river",
];

export interface QueryFigures {
	photos: number;
	openMs: number;
	p50Ms: number;
	p95Ms: number;
}

/** Distinct queries, so that no embedding is remembered; each returns 200 described hits. */
export function measureQueries(count: number, resourcesPath: string): Promise<QueryFigures> {
	return withSyntheticLibrary(count, resourcesPath, async ({ client, openMs }) => {
		await client.search.text({ query: "warm up" });
		const samples: number[] = [];
		for (const [subject, setting] of subjects.flatMap((subject) =>
			settings.map((setting) => [subject, setting] as const),
		)) {
			const started = performance.now();
			await client.search.text({ query: `a ${subject} ${setting}` });
			samples.push(performance.now() - started);
		}
		const p50Ms = percentile(samples, 0.5);
		return { photos: count, openMs, p50Ms, p95Ms: percentile(samples, 0.95) };
	});
}

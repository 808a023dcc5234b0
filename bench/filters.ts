/** @file Searching within filters at 100,000 synthetic photos: what is found, against exact search, and how fast. */
import { openCatalogue } from "../engine/catalogue/open-catalogue.ts";
import { prepareLibraryFolder } from "../engine/library/library-folder.ts";
import { percentile } from "./environment.ts";
import { withSyntheticLibrary } from "./with-synthetic-library.ts";

const neighbours = 10;
const dayMs = 86_400_000;
const shares = [0.5, 0.1, 0.01, 0.001];
const things = [
	"dog",
	"beach",
	"mountain",
	"street",
	"cake",
	"child",
	"boat",
	"flower",
	"car",
	"cat",
];
const settings = ["at sunset", "in the snow", "on a table", "at night", "by a river"];

export interface FilterFigures {
	/** Share of the photos that pass the filter. */
	passing: number;
	photos: number;
	/** Share of the ten most similar passing photos that were found. */
	recallAt10: number;
	p50Ms: number;
	p95Ms: number;
	/** The first query with this filter, before its photos are remembered. */
	firstMs: number;
}

/**
 * Every query has a filter of its own, a day more or less, so that none is remembered; truth is a plain
 * loop over the embeddings of the photos whose dates pass.
 */
export function measureFilters(count: number, resourcesPath: string): Promise<FilterFigures[]> {
	return withSyntheticLibrary(count, resourcesPath, async ({ client, libraryPath, encoder }) => {
		const { days, rows } = await readRows(libraryPath, encoder.key);
		await client.search.text({ query: "warm up before 2019" });
		const figures: FilterFigures[] = [];
		for (const share of shares) {
			const samples: number[] = [];
			let found = 0;
			let wanted = 0;
			const queries = things.flatMap((thing) => settings.map((setting) => `${thing} ${setting}`));
			for (const [at, text] of queries.entries()) {
				const last =
					days[Math.min(days.length - 1, Math.round(days.length * share) + at * 25)] ?? 0;
				const query = `a ${text} date:..${new Date(last * dayMs).toISOString().slice(0, 10)}`;
				const started = performance.now();
				const { hits } = await client.search.text({ query, limit: neighbours });
				samples.push(performance.now() - started);
				const [embedding] = await encoder.embedTexts([`a ${text}`]);
				if (embedding === undefined) throw new Error("The encoder left a text out.");
				const truth = nearest(rows, embedding.vector, last);
				wanted += truth.length;
				found += hits.filter(({ id }) => truth.includes(id)).length;
			}
			figures.push({
				passing: share,
				photos: count,
				recallAt10: found / wanted,
				p50Ms: percentile(samples, 0.5),
				p95Ms: percentile(samples, 0.95),
				firstMs: samples[0] ?? 0,
			});
		}
		return figures;
	});
}

interface Row {
	id: number;
	day: number;
	vector: Float32Array;
}

/** The days of all photos, earliest first, and the photos with their embeddings. */
async function readRows(libraryPath: string, encoderKey: string) {
	const catalogue = await openCatalogue((await prepareLibraryFolder(libraryPath)).cataloguePath);
	try {
		const columns = await catalogue.photos.columns();
		const dayOf = new Map(columns.ids.map((id, at) => [id, columns.days[at] ?? 0]));
		const rows: Row[] = [];
		for await (const { id, vector } of catalogue.embeddings.all(encoderKey)) {
			rows.push({ id, day: dayOf.get(id) ?? 0, vector: vector.slice() });
		}
		return { days: columns.days.toSorted((a, b) => a - b), rows };
	} finally {
		await catalogue.close();
	}
}

function nearest(rows: readonly Row[], query: Float32Array, lastDay: number): number[] {
	const scored = rows
		.filter(({ day }) => day <= lastDay)
		.map(({ id, vector }) => {
			let score = 0;
			for (let at = 0; at < query.length; at += 1) score += (vector[at] ?? 0) * (query[at] ?? 0);
			return { id, score };
		});
	scored.sort((a, b) => b.score - a.score || a.id - b.id);
	return scored.slice(0, neighbours).map(({ id }) => id);
}

/**
 * @file The pictures of a search beside its words: examples, parts of photos, judged hits. How they
 * change, and their form in the page's address.
 */
import type { Region } from "../../contract/example.ts";
import type { PhotoId } from "../../contract/ids.ts";
import { defaultExampleWeight, examplesAtMost, judgedAtMost } from "../../contract/limits.ts";
import type { Query } from "./location.ts";

/** One example. A picture from outside is only named here; see `QueryPictures`. */
export type AskedExample = (
	| { readonly kind: "photos"; readonly ids: readonly PhotoId[] }
	| { readonly kind: "region"; readonly id: PhotoId; readonly region: Region }
	| { readonly kind: "picture"; readonly key: number }
) & {
	/** How much it counts, 0 to 1; below 0 for "less like this". */
	readonly weight: number;
};

export interface AskedPictures {
	readonly examples: readonly AskedExample[];
	/** Hits of which more, or fewer, are wanted; the latest last. */
	readonly liked: readonly PhotoId[];
	readonly disliked: readonly PhotoId[];
}

export const noPictures: AskedPictures = { examples: [], liked: [], disliked: [] };

/** The least an example may count: at 0 it would be there for nothing. */
export const leastWeight = 0.1;

/** The pictures of any search: a photo or a picture asked with alone is its one example. */
export function picturesOf(query: Query | null): AskedPictures {
	switch (query?.kind) {
		case "text":
			return query.pictures ?? noPictures;
		case "similar":
			return { ...noPictures, examples: [examplePhotos([query.photoId])] };
		case "picture":
			return { ...noPictures, examples: [examplePicture(query.key)] };
		case undefined:
			return noPictures;
	}
}

/** The words of any search. */
export function wordsOf(query: Query | null): string {
	return query?.kind === "text" ? query.text : "";
}

export const examplePhotos = (ids: readonly PhotoId[]): AskedExample => ({
	kind: "photos",
	ids: ids.slice(0, judgedAtMost),
	weight: defaultExampleWeight,
});
export const examplePicture = (key: number): AskedExample => ({
	kind: "picture",
	key,
	weight: defaultExampleWeight,
});
export const exampleRegion = (id: PhotoId, region: Region): AskedExample => ({
	kind: "region",
	id,
	region,
	weight: defaultExampleWeight,
});

/**
 * The search for these words and pictures; null where nothing is left to look for. One whole picture
 * alone is asked the plain way.
 */
export function queryFrom(text: string, pictures: AskedPictures): Query | null {
	const { examples, liked, disliked } = pictures;
	const isWanted = examples.some(({ weight }) => weight > 0) || liked.length > 0;
	if (text === "" && !isWanted) return null;
	const judged = liked.length + disliked.length > 0;
	const [only] = examples;
	if (text === "" && !judged && examples.length === 1 && only !== undefined) {
		if (only.kind === "picture") return { kind: "picture", key: only.key };
		const [photoId] = only.kind === "photos" ? only.ids : [];
		if (only.kind === "photos" && only.ids.length === 1 && photoId !== undefined) {
			return { kind: "similar", photoId };
		}
	}
	if (examples.length === 0 && !judged) return { kind: "text", text };
	return { kind: "text", text, pictures };
}

/** The same pictures with other words. */
export function withWords(query: Query | null, text: string): Query | null {
	return queryFrom(text, picturesOf(query));
}

/** One more example; null where there are as many as can be. */
export function withExample(query: Query | null, example: AskedExample): Query | null {
	const pictures = picturesOf(query);
	if (pictures.examples.length >= examplesAtMost) return null;
	return queryFrom(wordsOf(query), { ...pictures, examples: [...pictures.examples, example] });
}

/** Another example in this place; null takes it away. */
export function withExampleAt(
	query: Query | null,
	at: number,
	example: AskedExample | null,
): Query | null {
	const pictures = picturesOf(query);
	const examples = pictures.examples.flatMap((each, place) => {
		if (place !== at) return [each];
		return example === null ? [] : [example];
	});
	return queryFrom(wordsOf(query), { ...pictures, examples });
}

export type Judgement = "liked" | "disliked";

/** Hits judged; those that were judged the same before lose it, so that the same key takes it back. */
export function withJudged(
	query: Query | null,
	ids: readonly PhotoId[],
	judgement: Judgement,
): Query | null {
	const pictures = picturesOf(query);
	const takesBack = ids.every((id) => pictures[judgement].includes(id));
	const others = (judged: readonly PhotoId[]) => judged.filter((id) => !ids.includes(id));
	const cleared = {
		...pictures,
		liked: others(pictures.liked),
		disliked: others(pictures.disliked),
	};
	const judged = [...cleared[judgement], ...ids].slice(-judgedAtMost);
	return queryFrom(wordsOf(query), takesBack ? cleared : { ...cleared, [judgement]: judged });
}

/** The search as it was before any hit was judged. */
export function withoutJudged(query: Query | null): Query | null {
	return queryFrom(wordsOf(query), { ...picturesOf(query), liked: [], disliked: [] });
}

const regionSteps = 10_000;

/** Adds to an address: `like=12.14_50`, `like=12-1000-2000-3000-4000_50`, `like=p3_-50`, `more=5`, `less=6.7`. */
export function formatPictures(parameters: URLSearchParams, pictures: AskedPictures): void {
	for (const example of pictures.examples) {
		const weight = Math.round(example.weight * 100);
		parameters.append("like", `${formatSource(example)}_${weight}`);
	}
	if (pictures.liked.length > 0) parameters.set("more", pictures.liked.join("."));
	if (pictures.disliked.length > 0) parameters.set("less", pictures.disliked.join("."));
}

function formatSource(example: AskedExample): string {
	switch (example.kind) {
		case "photos":
			return example.ids.join(".");
		case "picture":
			return `p${example.key}`;
		case "region": {
			const { x, y, width, height } = example.region;
			const steps = [x, y, width, height].map((side) => Math.round(side * regionSteps));
			return [example.id, ...steps].join("-");
		}
	}
}

/** Reads an address; whatever makes no sense in it is left out. */
export function parsePictures(parameters: URLSearchParams): AskedPictures {
	const examples = parameters.getAll("like").flatMap((text) => parseExample(text) ?? []);
	return {
		examples: examples.slice(0, examplesAtMost),
		liked: parseIds(parameters.get("more") ?? ""),
		disliked: parseIds(parameters.get("less") ?? ""),
	};
}

function parseExample(text: string): AskedExample | null {
	const [, source = "", percent = ""] = /^(.+)_(-?\d{1,3})$/.exec(text) ?? [];
	const weight = Number(percent) / 100;
	if (source === "" || weight === 0 || Math.abs(weight) > 1) return null;
	const key = /^p(\d{1,15})$/.exec(source)?.[1];
	if (key !== undefined) return { kind: "picture", key: Number(key), weight };
	const sides = /^(\d{1,15})-(\d{1,5})-(\d{1,5})-(\d{1,5})-(\d{1,5})$/.exec(source);
	if (sides === null) {
		const ids = parseIds(source);
		return ids.length === 0 ? null : { kind: "photos", ids, weight };
	}
	const [id = 0, ...steps] = sides.slice(1).map(Number);
	const [x = 0, y = 0, width = 0, height = 0] = steps.map((step) => step / regionSteps);
	const fits = width >= 0.005 && height >= 0.005 && x + width <= 1.0001 && y + height <= 1.0001;
	if (id <= 0 || !fits) return null;
	// Each side was rounded for itself.
	const region = { x, y, width: Math.min(width, 1 - x), height: Math.min(height, 1 - y) };
	return { kind: "region", id: id as PhotoId, region, weight };
}

/** The brand is taken on trust, as for every id in an address. */
function parseIds(text: string): PhotoId[] {
	if (!/^\d{1,15}(\.\d{1,15})*$/.test(text)) return [];
	const ids = text.split(".").map(Number);
	return ids.filter((id) => id > 0).slice(0, judgedAtMost) as PhotoId[];
}

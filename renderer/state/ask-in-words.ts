/** @file A search in words and pictures as the engine wants it. */
import { ORPCError } from "@orpc/client";
import type { EngineClient } from "../../contract/contract.ts";
import type { Example } from "../../contract/example.ts";
import type { SearchResult } from "../../contract/search.ts";
import type { AskedExample, AskedPictures } from "./asked-pictures.ts";
import type { QueryPictures } from "./query-pictures.ts";

/** The calls of a search. */
export interface SearchCalls {
	search: Pick<EngineClient["search"], "text" | "image" | "similar" | "keepPicture">;
}

/** The question without its pictures. */
type WordsInput = Omit<
	Parameters<EngineClient["search"]["text"]>[0],
	"examples" | "liked" | "disliked"
>;

/**
 * Asks; pictures from outside are handed to the engine first, and once more when it let them go.
 *
 * @throws PictureGone when a picture is no longer at hand here either
 */
export async function askInWords(
	client: SearchCalls,
	kept: QueryPictures,
	words: WordsInput,
	pictures: AskedPictures | undefined,
	signal: AbortSignal,
): Promise<SearchResult> {
	if (pictures === undefined) return client.search.text(words, { signal });
	const ask = async () => {
		const examples = await Promise.all(
			pictures.examples.map((example) => handedOver(example, kept, client)),
		);
		const { liked, disliked } = pictures;
		const input = { ...words, examples, liked: [...liked], disliked: [...disliked] };
		return client.search.text(input, { signal });
	};
	try {
		return await ask();
	} catch (error) {
		if (!(error instanceof ORPCError) || error.code !== "PICTURE_GONE") throw error;
		kept.handOverAgain();
		return ask();
	}
}

async function handedOver(
	example: AskedExample,
	kept: QueryPictures,
	client: SearchCalls,
): Promise<Example> {
	const { weight } = example;
	switch (example.kind) {
		case "photos":
			return { source: { kind: "photos", ids: [...example.ids] }, weight };
		case "region":
			return { source: { kind: "region", id: example.id, region: example.region }, weight };
		case "picture": {
			const key = await kept.engineKey(example.key, client);
			return { source: { kind: "picture", key }, weight };
		}
	}
}

/** @file Search: parse, ask the searcher, shape. */
import type { Completions } from "../search/completions.ts";
import type { ExampleEmbeddings } from "../search/examples/example-embeddings.ts";
import type { Grouper } from "../search/grouping.ts";
import type { Searcher } from "../search/searcher.ts";
import type { Suggestions } from "../search/suggestions.ts";
import type { QueryReader } from "../search/text-query.ts";
import { implementer } from "./implementer.ts";

export function searchHandlers(parts: {
	searcher: Searcher;
	reader: QueryReader;
	suggestions: Suggestions;
	completions: Completions;
	grouper: Grouper;
	examples: ExampleEmbeddings;
}) {
	const { searcher, reader, suggestions, completions, grouper, examples: embeddings } = parts;
	return {
		text: implementer.search.text.handler(async ({ input }) => {
			const { query, group, examples, liked, disliked, ...scope } = input;
			const pictures = { examples, liked, disliked };
			return grouper.inResult(await searcher.byText(query, { ...scope, pictures }), group);
		}),
		parse: implementer.search.parse.handler(({ input: { query, plain } }) =>
			reader.parse(query, plain),
		),
		image: implementer.search.image.handler(async ({ input: { image, group, ...scope } }) => {
			const bytes = new Uint8Array(await image.arrayBuffer());
			return grouper.inResult(await searcher.byPicture(bytes, scope), group);
		}),
		keepPicture: implementer.search.keepPicture.handler(async ({ input: { image } }) => ({
			key: await embeddings.keep(new Uint8Array(await image.arrayBuffer())),
		})),
		similar: implementer.search.similar.handler(async ({ input: { id, group, ...scope } }) =>
			grouper.inResult(await searcher.similarTo(id, scope), group),
		),
		complete: implementer.search.complete.handler(({ input: { query, limit } }) =>
			completions.of(query, limit),
		),
		suggestions: implementer.search.suggestions.handler(() => suggestions.forLibrary()),
	};
}

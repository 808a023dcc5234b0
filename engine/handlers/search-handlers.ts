/** @file Search: parse, ask the searcher, shape. */
import type { Searcher } from "../search/searcher.ts";
import type { Suggestions } from "../search/suggestions.ts";
import type { QueryReader } from "../search/text-query.ts";
import { implementer } from "./implementer.ts";

export function searchHandlers(parts: {
	searcher: Searcher;
	reader: QueryReader;
	suggestions: Suggestions;
}) {
	const { searcher, reader, suggestions } = parts;
	return {
		text: implementer.search.text.handler(({ input: { query, ...scope } }) =>
			searcher.byText(query, scope),
		),
		parse: implementer.search.parse.handler(({ input: { query, plain } }) =>
			reader.parse(query, plain),
		),
		image: implementer.search.image.handler(async ({ input: { image, ...scope } }) =>
			searcher.byPicture(new Uint8Array(await image.arrayBuffer()), scope),
		),
		similar: implementer.search.similar.handler(({ input: { id, ...scope } }) =>
			searcher.similarTo(id, scope),
		),
		suggestions: implementer.search.suggestions.handler(() => suggestions.forLibrary()),
	};
}

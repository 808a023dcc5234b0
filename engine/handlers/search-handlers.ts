/** @file Search: parse, ask the searcher, shape. */
import type { Grouper } from "../search/grouping.ts";
import type { Searcher } from "../search/searcher.ts";
import type { Suggestions } from "../search/suggestions.ts";
import type { QueryReader } from "../search/text-query.ts";
import { implementer } from "./implementer.ts";

export function searchHandlers(parts: {
	searcher: Searcher;
	reader: QueryReader;
	suggestions: Suggestions;
	grouper: Grouper;
}) {
	const { searcher, reader, suggestions, grouper } = parts;
	return {
		text: implementer.search.text.handler(async ({ input: { query, group, ...scope } }) =>
			grouper.inResult(await searcher.byText(query, scope), group),
		),
		parse: implementer.search.parse.handler(({ input: { query, plain } }) =>
			reader.parse(query, plain),
		),
		image: implementer.search.image.handler(async ({ input: { image, group, ...scope } }) => {
			const bytes = new Uint8Array(await image.arrayBuffer());
			return grouper.inResult(await searcher.byPicture(bytes, scope), group);
		}),
		similar: implementer.search.similar.handler(async ({ input: { id, group, ...scope } }) =>
			grouper.inResult(await searcher.similarTo(id, scope), group),
		),
		suggestions: implementer.search.suggestions.handler(() => suggestions.forLibrary()),
	};
}

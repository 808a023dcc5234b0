/** @file Search: parse, ask the searcher, shape. */
import type { Searcher } from "../search/searcher.ts";
import type { Suggestions } from "../search/suggestions.ts";
import { implementer } from "./implementer.ts";

export function searchHandlers(parts: { searcher: Searcher; suggestions: Suggestions }) {
	const { searcher, suggestions } = parts;
	return {
		text: implementer.search.text.handler(({ input: { query, ...scope } }) =>
			searcher.byText(query, scope),
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

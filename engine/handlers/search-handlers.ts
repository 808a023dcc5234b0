/** @file Search: parse, ask the searcher, shape. */
import type { CurrentSide } from "../encoder-change/current-side.ts";
import type { SearchSide } from "../encoder-change/search-side.ts";
import type { Grouper } from "../search/grouping.ts";
import type { QueryReader } from "../search/text-query.ts";
import { implementer } from "./implementer.ts";

export function searchHandlers(parts: {
	sides: CurrentSide<SearchSide>;
	reader: QueryReader;
	grouper: Grouper;
}) {
	const { sides, reader, grouper } = parts;
	return {
		text: implementer.search.text.handler(async ({ input }) => {
			const { query, group, examples, liked, disliked, ...scope } = input;
			const pictures = { examples, liked, disliked };
			const found = sides.use(({ searcher }) => searcher.byText(query, { ...scope, pictures }));
			return grouper.inResult(await found, group);
		}),
		parse: implementer.search.parse.handler(({ input: { query, plain } }) =>
			reader.parse(query, plain),
		),
		image: implementer.search.image.handler(async ({ input: { image, group, ...scope } }) => {
			const bytes = new Uint8Array(await image.arrayBuffer());
			const found = sides.use(({ searcher }) => searcher.byPicture(bytes, scope));
			return grouper.inResult(await found, group);
		}),
		keepPicture: implementer.search.keepPicture.handler(async ({ input: { image } }) => {
			const bytes = new Uint8Array(await image.arrayBuffer());
			return { key: await sides.use(({ examples }) => examples.keep(bytes)) };
		}),
		similar: implementer.search.similar.handler(async ({ input: { id, group, ...scope } }) =>
			grouper.inResult(await sides.use(({ searcher }) => searcher.similarTo(id, scope)), group),
		),
		complete: implementer.search.complete.handler(({ input: { query, limit } }) =>
			sides.use(({ completions }) => completions.of(query, limit)),
		),
		suggestions: implementer.search.suggestions.handler(() =>
			sides.use(({ suggestions }) => suggestions.forLibrary()),
		),
	};
}

/** @file Saved searches, answered by whatever searches now. */
import type { Catalogue } from "./catalogue/catalogue.ts";
import type { CurrentSide } from "./encoder-change/current-side.ts";
import type { SearchSide } from "./encoder-change/search-side.ts";
import type { EventHub } from "./handlers/event-hub.ts";
import type { Grouper } from "./search/grouping.ts";
import { SavedSearches } from "./search/saved-searches.ts";
import type { QueryReader } from "./search/text-query.ts";

export function openSavedSearches({
	catalogue,
	sides,
	grouper,
	reader,
	events,
}: {
	catalogue: Catalogue;
	sides: CurrentSide<SearchSide>;
	grouper: Grouper;
	reader: QueryReader;
	events: EventHub;
}): SavedSearches {
	return new SavedSearches({
		catalogue,
		answer: async (question, limit) => {
			const { query, grouping, folderId, examples, liked, disliked, ...scope } = question;
			const pictures = { examples, liked, disliked };
			const within = folderId === null ? {} : { folderId };
			const asked = { ...scope, ...within, pictures, limit };
			const result = await sides.use(({ searcher }) => searcher.byText(query, asked));
			return grouper.inResult(result, grouping);
		},
		check: ({ query, plain, examples, liked }) => {
			const asked = examples.length + liked.length;
			if (query !== "" || asked === 0) reader.read(query, plain);
		},
		// Both only grow: the sum stands still only where both do.
		revision: () => events.revision + events.tagRevision,
		onChanged: () => events.savedSearchesChanged(),
	});
}

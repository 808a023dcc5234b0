/** @file Saved searches: list, save, change, put in order, run. */
import type { SavedSearches } from "../search/saved-searches.ts";
import { implementer } from "./implementer.ts";

export function savedSearchHandlers({ savedSearches }: { savedSearches: SavedSearches }) {
	const { savedSearch } = implementer;
	return {
		list: savedSearch.list.handler(({ input }) => savedSearches.list(input.counts)),
		save: savedSearch.save.handler(({ input }) => savedSearches.save(input.name, input.question)),
		update: savedSearch.update.handler(({ input: { id, ...change } }) =>
			savedSearches.update(id, change),
		),
		remove: savedSearch.remove.handler(({ input }) => savedSearches.remove(input.id)),
		restore: savedSearch.restore.handler(({ input }) => savedSearches.restore(input.id)),
		reorder: savedSearch.reorder.handler(({ input }) => savedSearches.reorder(input.ids)),
		seen: savedSearch.seen.handler(({ input }) => savedSearches.seen(input.id)),
		run: savedSearch.run.handler(({ input }) => savedSearches.run(input.id, input.limit)),
	};
}

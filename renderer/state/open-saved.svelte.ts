/** @file The saved search that is open: what it brings along, and whether it was changed since. */
import { assertNever } from "../../contract/errors.ts";
import type { Example } from "../../contract/example.ts";
import type { SavedSearchId } from "../../contract/ids.ts";
import type { SavedQuestion, SavedSearch } from "../../contract/saved-search.ts";
import type { Arrangement } from "./arrangement.svelte.ts";
import { type AskedExample, picturesOf, queryFrom, wordsOf } from "./asked-pictures.ts";
import type { Query } from "./location.ts";
import type { Navigation } from "./navigation.svelte.ts";
import type { SavedSearches } from "./saved-searches.svelte.ts";
import type { Strictness } from "./strictness.svelte.ts";

/** The parts of the app that a saved search has to do with. */
interface Surroundings {
	readonly arrangement: Arrangement;
	readonly strictness: Strictness;
	readonly navigation: Pick<Navigation, "folderId" | "query" | "savedId">;
	readonly saved: Pick<SavedSearches, "find" | "seen">;
}

/** What is asked at present; null where that cannot be saved, as with a picture from outside. */
export function presentQuestion(app: Surroundings): SavedQuestion | null {
	const { query, folderId } = app.navigation;
	if (query === null) return null;
	const { order, grouping, drawn } = app.arrangement;
	const { examples, liked, disliked } = picturesOf(query);
	const saved = examples.flatMap(asExample);
	if (saved.length < examples.length) return null;
	return {
		query: wordsOf(query),
		plain: [],
		examples: saved,
		liked: [...liked],
		disliked: [...disliked],
		folderId,
		strictness: app.strictness.value,
		order,
		grouping,
		drawn,
	};
}

function asExample({ weight, ...source }: AskedExample): Example[] {
	switch (source.kind) {
		case "photos":
			return [{ source: { kind: "photos", ids: [...source.ids] }, weight }];
		case "region":
			return [{ source, weight }];
		case "picture":
			return [];
		default:
			return assertNever(source);
	}
}

/** The search that a saved question is. */
export function queryOf({ query, examples, liked, disliked }: SavedQuestion): Query | null {
	const asked = examples.flatMap(({ source, weight }): AskedExample[] =>
		source.kind === "picture" ? [] : [{ ...source, weight }],
	);
	return queryFrom(query, { examples: asked, liked, disliked });
}

/** True when both ask for the same, shown in the same way. */
export function sameQuestion(one: SavedQuestion, other: SavedQuestion): boolean {
	return fingerprint(one) === fingerprint(other);
}

function fingerprint({ query, ...rest }: SavedQuestion): string {
	const fields = Object.entries({ ...rest, query: query.trim() });
	return JSON.stringify(fields.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/**
 * Follows the address: a saved search that is opened brings its strictness, order and groups along,
 * and leaving it gives the person's own back.
 */
export class OpenSaved {
	/** What was brought along, to notice when there is something else to bring. */
	#brought = "";
	#openedId: SavedSearchId | null = null;
	#freshAtFirst = $state(0);
	readonly #app: Surroundings;

	constructor(app: Surroundings) {
		this.#app = app;
	}

	/** The saved search the present query came from. */
	get saved(): SavedSearch | undefined {
		return this.#app.saved.find(this.#app.navigation.savedId);
	}

	/** How many photos were new in it when it was opened. */
	get freshAtFirst(): number {
		return this.#freshAtFirst;
	}

	/** Something else is asked now than what was saved. */
	get isChanged(): boolean {
		const { saved } = this;
		const asked = presentQuestion(this.#app);
		return saved !== undefined && asked !== null && !sameQuestion(saved.question, asked);
	}

	/** To be called whenever the address or the saved searches change. */
	follow(): void {
		const { saved } = this;
		const { arrangement, strictness } = this.#app;
		const brought = saved === undefined ? "" : `${saved.id} ${fingerprint(saved.question)}`;
		if (brought === this.#brought) return;
		this.#brought = brought;
		if (saved === undefined) {
			arrangement.giveBack();
			strictness.giveBack();
		} else {
			arrangement.borrow(saved.question);
			strictness.borrow(saved.question.strictness);
		}
	}

	/** To be called when results are shown: what is new in them has been looked at then. */
	look(): void {
		const { saved } = this;
		if (saved?.id !== this.#openedId) {
			this.#openedId = saved?.id ?? null;
			this.#freshAtFirst = 0;
		}
		const fresh = saved?.matches?.fresh ?? 0;
		if (saved === undefined || fresh === 0 || this.isChanged) return;
		this.#freshAtFirst += fresh;
		// Left as it is where that fails: it is then still new the next time.
		this.#app.saved.seen(saved.id).catch(() => undefined);
	}
}

/** @file The filters of a query as the photos that pass them. */
import type { DrawnPictures } from "../../contract/drawn-pictures.ts";
import type { FolderId, PhotoId } from "../../contract/ids.ts";
import type { ParsedQuery, Place, QueryPart, When } from "../../contract/query.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { LocatedPhotos, PhotoCondition } from "../catalogue/photo-condition.ts";
import type { Gazetteer } from "./places/gazetteer.ts";
import { timesMeant } from "./times-meant.ts";

/** Filters whose answer is kept for as long as nothing is written to the library. */
const rememberedFilters = 16;
const dayMs = 86_400_000;

type FilterPart = Extract<QueryPart, { negated: boolean }>;

/**
 * Parts of one kind widen one another where a photo can only have one of it (two places, two types of
 * file: either); names narrow one another, as do parts of different kinds. Dates narrow one another
 * where that leaves a day, see times-meant.ts. Negated parts always narrow.
 */
const eitherOf: ReadonlySet<FilterPart["kind"]> = new Set([
	"place",
	"folder",
	"camera",
	"lens",
	"format",
	"shape",
]);

/** What has filters among its parts. */
type Filters = Pick<ParsedQuery, "parts">;

/** What is looked through, whatever is asked. */
export interface FilterScope {
	folderId?: FolderId | undefined;
	/** `shown` where nobody says otherwise. */
	drawn?: DrawnPictures | undefined;
}

export class PhotoFilters {
	readonly #catalogue: Catalogue;
	readonly #gazetteer: Gazetteer;
	readonly #catchUp: () => Promise<void>;
	/** Of remembered answers: a set of a whole library takes longer than a search. */
	readonly #sets = new WeakMap<PhotoId[], ReadonlySet<number>>();
	readonly #remembered = new Map<string, Promise<PhotoId[]>>();
	#located: Promise<LocatedPhotos> | null = null;
	#revision = -1;

	/** @param catchUp indexes words that were written a moment ago. */
	constructor(
		catalogue: Catalogue,
		gazetteer: Gazetteer,
		catchUp: () => Promise<void> = async () => undefined,
	) {
		this.#catalogue = catalogue;
		this.#gazetteer = gazetteer;
		this.#catchUp = catchUp;
	}

	/** Searchable photos that pass every filter of the query, newest first; null when all do. */
	async passing(query: Filters, scope: FilterScope = {}): Promise<PhotoId[] | null> {
		const { folderId } = scope;
		const filters = filtersOf(query);
		const drawn = await this.#drawnMeant(filters, scope);
		if (filters.length === 0 && folderId === undefined && drawn === "shown") return null;
		return this.#remember(
			JSON.stringify([folderId, drawn, filters.map(withoutWords)]),
			async () => {
				if (filters.some(({ kind }) => kind === "words")) await this.#catchUp();
				const conditions = await this.#conditions(filters);
				if (folderId !== undefined) conditions.push({ kind: "in-folder", folderId });
				if (drawn === "only") conditions.push({ kind: "drawn" });
				if (drawn === "hidden") conditions.push({ kind: "not", of: { kind: "drawn" } });
				return this.#catalogue.photos.matching(conditions);
			},
		);
	}

	/** How many drawn pictures pass the filters too, and are left out as the scope says. */
	async hiddenDrawn(query: Filters, scope: FilterScope): Promise<number> {
		if ((await this.#drawnMeant(filtersOf(query), scope)) !== "hidden") return 0;
		return (await this.passing(query, { ...scope, drawn: "only" }))?.length ?? 0;
	}

	/** A query that says itself which it means has the last word; without drawn pictures all is shown. */
	async #drawnMeant(
		filters: readonly FilterPart[],
		{ drawn = "shown" }: FilterScope,
	): Promise<DrawnPictures> {
		if (filters.some(({ kind }) => kind === "generated")) return "shown";
		if (drawn === "hidden" && !(await this.#catalogue.photos.hasDrawn())) return "shown";
		return drawn;
	}

	/** The same as a set, for the index; undefined when all pass. */
	async allowed(query: Filters, scope: FilterScope): Promise<ReadonlySet<number> | undefined> {
		const ids = await this.passing(query, scope);
		if (ids === null) return undefined;
		const known = this.#sets.get(ids);
		if (known !== undefined) return known;
		const set = new Set<number>(ids);
		this.#sets.set(ids, set);
		return set;
	}

	/** Every searchable photo, newest first. */
	all(): Promise<PhotoId[]> {
		return this.#remember("all", () => this.#catalogue.photos.matching([]));
	}

	#remember(key: string, work: () => Promise<PhotoId[]>): Promise<PhotoId[]> {
		const revision = this.#catalogue.revision();
		if (revision !== this.#revision) {
			this.#remembered.clear();
			this.#located = null;
			this.#revision = revision;
		}
		const known = this.#remembered.get(key);
		if (known !== undefined) return known;
		const ids = work();
		this.#remembered.set(key, ids);
		ids.catch(() => this.#remembered.delete(key));
		for (const oldest of this.#remembered.keys()) {
			if (this.#remembered.size <= rememberedFilters) break;
			this.#remembered.delete(oldest);
		}
		return ids;
	}

	async #conditions(filters: readonly FilterPart[]): Promise<PhotoCondition[]> {
		const conditions: PhotoCondition[] = [];
		const either = new Map<FilterPart["kind"], PhotoCondition[]>();
		const times: When[] = [];
		for (const filter of filters) {
			if (filter.kind === "date" && !filter.negated) {
				times.push(filter.when);
				continue;
			}
			const condition = await this.#condition(filter);
			if (filter.negated) conditions.push({ kind: "not", of: condition });
			else if (!eitherOf.has(filter.kind)) conditions.push(condition);
			else either.set(filter.kind, [...(either.get(filter.kind) ?? []), condition]);
		}
		for (const of of either.values()) conditions.push({ kind: "any", of });
		for (const any of timesMeant(times)) {
			conditions.push({ kind: "any", of: any.map(whenCondition) });
		}
		return conditions;
	}

	async #condition(filter: FilterPart): Promise<PhotoCondition> {
		switch (filter.kind) {
			case "date":
				return whenCondition(filter.when);
			case "place":
				return { kind: "one-of", ids: await this.#photosIn(filter.place) };
			case "tag":
				return { kind: "tag", path: filter.path };
			case "tagged":
				return { kind: "tagged" };
			case "rating":
				return { kind: "rating", from: filter.from, to: filter.to };
			case "folder":
			case "name":
			case "words":
			case "camera":
			case "lens":
				return { kind: filter.kind, text: filter.text };
			case "format":
				return { kind: "format", format: filter.format };
			case "shape":
				return { kind: "shape", shape: filter.shape };
			case "offline":
				return { kind: "offline" };
			case "generated":
				return { kind: "drawn" };
		}
	}

	async #photosIn(place: Place): Promise<PhotoId[]> {
		this.#located ??= this.#catalogue.photos.located();
		const { ids, latitudes, longitudes } = await this.#located;
		const isInside = this.#gazetteer.test(place);
		const inside: PhotoId[] = [];
		for (const [at, id] of ids.entries()) {
			// The catalogue's column holds photo ids.
			if (isInside(latitudes[at] ?? 0, longitudes[at] ?? 0)) inside.push(id as PhotoId);
		}
		return inside;
	}
}

function filtersOf({ parts }: Filters): FilterPart[] {
	return parts.filter((part): part is FilterPart => "negated" in part);
}

function withoutWords({ span: _span, words: _words, ...rest }: FilterPart) {
	return rest;
}

function whenCondition(when: When): PhotoCondition {
	if (when.type === "months") return { kind: "months", months: when.months };
	return {
		kind: "taken",
		fromMs: when.from === null ? null : Date.parse(when.from),
		beforeMs: when.to === null ? null : Date.parse(when.to) + dayMs,
	};
}

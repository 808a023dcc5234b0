/** @file Lists of photos put into groups: which photos belong together, and what they have in common. */
import { assertNever } from "../../contract/assert-never.ts";
import type { Grouping, GroupLabel, Groups } from "../../contract/grouping.ts";
import type { FolderId, PhotoId } from "../../contract/ids.ts";
import type { SearchResult } from "../../contract/search.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { GroupFacts } from "../catalogue/records.ts";
import type { Gazetteer, TownAt } from "./places/gazetteer.ts";

const dayMs = 86_400_000;

const unknown: GroupLabel = { kind: "unknown" };

/** Photos come in bunches: a town is looked up once for each square of a kilometre or so. */
const squaresKept = 20_000;

/** Groups photos by what the catalogue and the gazetteer know of them. */
export class Grouper {
	readonly #catalogue: Catalogue;
	readonly #gazetteer: Gazetteer;
	readonly #towns = new Map<number, TownAt | null>();

	constructor(catalogue: Catalogue, gazetteer: Gazetteer) {
		this.#catalogue = catalogue;
		this.#gazetteer = gazetteer;
	}

	/** The result with its hits in groups. */
	async inResult(result: SearchResult, by: Grouping): Promise<SearchResult> {
		if (by === "none") return result;
		return {
			...result,
			groups: await this.of(
				result.hits.map(({ id }) => id),
				by,
			),
		};
	}

	/** Groups in the order of their first photo; those of which nothing is known last. */
	async of(ids: readonly PhotoId[], by: Exclude<Grouping, "none">): Promise<Groups> {
		const facts = await this.#catalogue.photos.groupFacts(ids);
		const names = by === "folder" ? await this.#folderNames() : new Map<FolderId, string>();
		const places = new Map<string, number>();
		const labels: GroupLabel[] = [];
		const of = ids.map((id) => {
			const known = facts.get(id);
			const label = known === undefined ? unknown : this.#label(known, by, names);
			const key = JSON.stringify(label);
			const at = places.get(key) ?? labels.push(label) - 1;
			places.set(key, at);
			return at;
		});
		return unknownLast({ labels, of });
	}

	#label(
		facts: GroupFacts,
		by: Exclude<Grouping, "none">,
		names: ReadonlyMap<FolderId, string>,
	): GroupLabel {
		switch (by) {
			case "day":
				return { kind: "day", day: facts.day };
			case "month": {
				const date = new Date(facts.day * dayMs);
				return { kind: "month", year: date.getUTCFullYear(), month: date.getUTCMonth() + 1 };
			}
			case "folder": {
				const { folderId, relativePath } = facts;
				const name = names.get(folderId) ?? "";
				const inner = relativePath.slice(0, Math.max(0, relativePath.lastIndexOf("/")));
				return { kind: "folder", folderId, path: inner === "" ? name : `${name}/${inner}` };
			}
			case "place": {
				const { latitude, longitude } = facts;
				const at = latitude === null || longitude === null ? null : this.#town(latitude, longitude);
				return at === null ? unknown : { kind: "place", ...at };
			}
			default:
				return assertNever(by);
		}
	}

	#town(latitude: number, longitude: number): TownAt | null {
		const square = Math.round(latitude * 100) * 100_000 + Math.round(longitude * 100);
		const known = this.#towns.get(square);
		if (known !== undefined) return known;
		if (this.#towns.size >= squaresKept) this.#towns.clear();
		const town = this.#gazetteer.townAt(latitude, longitude);
		this.#towns.set(square, town);
		return town;
	}

	async #folderNames(): Promise<Map<FolderId, string>> {
		const folders = await this.#catalogue.folders.list();
		return new Map(
			folders.map(({ id, lastPath }) => [
				id,
				lastPath.split(/[/\\]/u).findLast((piece) => piece !== "") ?? lastPath,
			]),
		);
	}
}

function unknownLast({ labels, of }: Groups): Groups {
	const from = labels.findIndex(({ kind }) => kind === "unknown");
	const last = labels.length - 1;
	if (from === -1 || from === last) return { labels, of };
	const [label] = labels.splice(from, 1);
	if (label !== undefined) labels.push(label);
	return { labels, of: of.map((at) => (at === from ? last : at > from ? at - 1 : at)) };
}

/** @file Groups of look-alikes, kept up to date with the library, and what a person decides about them. */
import type { PhotoId } from "../../contract/ids.ts";
import type { LookAlikeGroup, LookAlikeList, LookAlikePhoto } from "../../contract/lookalike.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { PhotoRecord } from "../catalogue/records.ts";
import { connectedSets } from "./connected-sets.ts";
import type { CopyFinder } from "./copy-finder.ts";
import { chooseKeeper, differencesOf, kindOf, reasonFor } from "./words.ts";

export interface LookAlikesParts {
	catalogue: Catalogue;
	finder: CopyFinder;
	/** Grows whenever photos come, go or change. */
	revision(): number;
	whereabouts(photo: PhotoRecord): { path: string; offline: boolean };
}

/** A copy, and how it differs from its group's keeper. */
interface Member {
	photo: PhotoRecord;
	edits: readonly string[];
}

/** One keeper with its copies; every one of them was compared with the keeper itself. */
interface Group {
	keeper: PhotoRecord;
	copies: readonly Member[];
}

const certainty = ["identical", "resaved", "edited"] as const;

/** Looks again only when the library has changed since. */
export class LookAlikes {
	readonly #parts: LookAlikesParts;
	readonly #closing = new AbortController();
	/** Moved to the trash; the catalogue hears of it from the watcher, a little later. */
	readonly #moved = new Set<PhotoId>();
	#looked: { revision: number; groups: Promise<readonly Group[]> } | null = null;

	constructor(parts: LookAlikesParts) {
		this.#parts = parts;
	}

	/** One page of the groups. */
	async list(range: { offset: number; limit: number }): Promise<LookAlikeList> {
		const described = (await this.groups()).map((group) => this.#describe(group));
		const copies = described.flatMap(({ photos }) => photos.slice(1));
		return {
			total: described.length,
			copies: copies.length,
			copiesBytes: copies.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
			groups: described.slice(range.offset, range.offset + range.limit),
		};
	}

	/** Every group, most certain first, then newest; without photos that were moved to the trash. */
	async groups(): Promise<readonly Group[]> {
		const revision = this.#parts.revision();
		if (this.#looked?.revision !== revision) {
			const groups = this.#look();
			this.#looked = { revision, groups };
			groups.catch(() => {
				this.#looked = null;
			});
		}
		const groups = (await this.#looked?.groups) ?? [];
		return groups.flatMap((group) => this.#withoutMoved(group));
	}

	/** All photos of these contents are wanted: they are no longer shown as copies of one another. */
	async keepAll(ids: readonly PhotoId[]): Promise<void> {
		await this.#parts.catalogue.lookAlikes.keepApart(await this.#pairsOf(ids));
		this.#looked = null;
	}

	/** Takes `keepAll` back. */
	async showAgain(ids: readonly PhotoId[]): Promise<void> {
		await this.#parts.catalogue.lookAlikes.joinAgain(await this.#pairsOf(ids));
		this.#looked = null;
	}

	/** The files of these photos are in the trash. */
	noteMoved(ids: readonly PhotoId[]): void {
		for (const id of ids) this.#moved.add(id);
	}

	/** They are back. */
	noteRestored(ids: readonly PhotoId[]): void {
		for (const id of ids) this.#moved.delete(id);
	}

	/** Stops looking. */
	close(): void {
		this.#closing.abort();
	}

	async #pairsOf(ids: readonly PhotoId[]): Promise<[string, string][]> {
		const photos = await this.#parts.catalogue.photos.getMany(ids);
		const hashes = photos.flatMap(({ contentHash }) => contentHash ?? []);
		return hashes.flatMap((first, at) =>
			hashes.slice(at + 1).map((second): [string, string] => [first, second]),
		);
	}

	async #look(): Promise<readonly Group[]> {
		const { catalogue, finder } = this.#parts;
		const pairs = await finder.findPairs(this.#closing.signal);
		const apart = new Set((await catalogue.lookAlikes.apart()).map((pair) => pair.join(" ")));
		const mayJoin = (one: string, other: string) => !apart.has([one, other].sort().join(" "));
		const byContent = new Map<string, PhotoId[]>();
		for (const { id, contentHash } of await catalogue.lookAlikes.contents()) {
			const ids = byContent.get(contentHash);
			if (ids === undefined) byContent.set(contentHash, [id]);
			else ids.push(id);
		}
		const joined = pairs.filter(([one, other]) => mayJoin(one, other));
		const alone = [...byContent].flatMap(([hash, ids]) =>
			ids.length > 1 ? [[hash, hash] as const] : [],
		);
		const groups: Group[] = [];
		for (const contents of connectedSets([...joined, ...alone])) {
			const ids = contents.flatMap((hash) => byContent.get(hash) ?? []);
			groups.push(...(await this.#split(await catalogue.photos.getMany(ids), mayJoin)));
		}
		return groups.sort(compareGroups);
	}

	/**
	 * Copies of copies drift apart: a group holds what was compared with its keeper, and what is left over
	 * looks for a keeper of its own.
	 */
	async #split(
		photos: readonly PhotoRecord[],
		mayJoin: (one: string, other: string) => boolean,
	): Promise<Group[]> {
		const keeper = chooseKeeper(photos);
		if (keeper === undefined) return [];
		const copies: Member[] = [];
		const rest: PhotoRecord[] = [];
		for (const photo of photos) {
			if (photo === keeper) continue;
			const copy = await this.#compare(keeper, photo, mayJoin);
			if (copy === null) rest.push(photo);
			else copies.push({ photo, edits: copy.edits });
		}
		const others = rest.length > 1 ? await this.#split(rest, mayJoin) : [];
		return copies.length === 0 ? others : [{ keeper, copies }, ...others];
	}

	async #compare(
		keeper: PhotoRecord,
		photo: PhotoRecord,
		mayJoin: (one: string, other: string) => boolean,
	) {
		const [one, other] = [keeper.contentHash, photo.contentHash];
		if (one === null || other === null || !mayJoin(one, other)) return null;
		return this.#parts.finder.copyOf(
			{ id: keeper.id, contentHash: one },
			{ id: photo.id, contentHash: other },
		);
	}

	#withoutMoved({ keeper, copies }: Group): Group[] {
		if (this.#moved.size === 0) return [{ keeper, copies }];
		const left = copies.filter(({ photo }) => !this.#moved.has(photo.id));
		// Without its keeper a group waits for the next look, which finds it another.
		return this.#moved.has(keeper.id) || left.length === 0 ? [] : [{ keeper, copies: left }];
	}

	#describe({ keeper, copies }: Group): LookAlikeGroup {
		const described = copies
			.map(({ photo, edits }) => this.#describePhoto(photo, keeper, edits))
			.sort((a, b) => rank(a.kind) - rank(b.kind));
		return {
			kind: described.at(-1)?.kind ?? "identical",
			keeperId: keeper.id,
			reason: reasonFor(
				keeper,
				copies.map(({ photo }) => photo),
			),
			photos: [this.#describePhoto(keeper, keeper, []), ...described],
		};
	}

	#describePhoto(
		photo: PhotoRecord,
		keeper: PhotoRecord,
		edits: readonly string[],
	): LookAlikePhoto {
		const { path, offline } = this.#parts.whereabouts(photo);
		const { relativePath } = photo;
		return {
			id: photo.id,
			fileName: relativePath.slice(relativePath.lastIndexOf("/") + 1),
			path,
			offline,
			width: photo.width,
			height: photo.height,
			sizeBytes: photo.sizeBytes,
			format: photo.format,
			takenAtMs: photo.takenAtMs,
			takenAtKnown: photo.takenAtKnown,
			hasPlace: photo.latitude !== null,
			version: photo.version,
			kind: photo === keeper ? null : kindOf(photo.contentHash === keeper.contentHash, edits),
			differences: photo === keeper ? [] : differencesOf(photo, keeper, edits),
		};
	}
}

const rank = (kind: LookAlikePhoto["kind"]) => (kind === null ? -1 : certainty.indexOf(kind));

function compareGroups(a: Group, b: Group): number {
	const leastCertain = ({ keeper, copies }: Group) =>
		Math.max(
			...copies.map(({ photo, edits }) =>
				rank(kindOf(photo.contentHash === keeper.contentHash, edits)),
			),
		);
	return leastCertain(a) - leastCertain(b) || b.keeper.takenAtMs - a.keeper.takenAtMs;
}

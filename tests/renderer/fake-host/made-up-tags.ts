/** @file Tags in memory: which photo has which, what is suggested, and every change with its way back. */
import {
	type ChangeId,
	changeIdSchema,
	encoderIdSchema,
	labelIdSchema,
	type PhotoId,
	type TagId,
	tagIdSchema,
} from "../../../contract/ids.ts";
import type { PhotoTag, SelectionTag, Tag, TagPhotos, TagState } from "../../../contract/tag.ts";

interface Given {
	readonly state: TagState;
	readonly source: PhotoTag["source"];
	readonly confidence: number | null;
}

interface MadeUpTag {
	readonly id: TagId;
	readonly path: string;
	readonly photos: ReadonlyMap<PhotoId, Given>;
}

type Snapshot = ReadonlyMap<TagId, MadeUpTag>;

const nothing = { changeId: null, changed: 0 };
const encoder = encoderIdSchema.parse("fake-1");

export class MadeUpTags {
	#tags: Snapshot = new Map();
	readonly #past = new Map<ChangeId, Snapshot>();
	readonly #columnsOf: (id: PhotoId) => { aspectPermille: number; version: number };
	readonly #announce: () => void;
	#lastId = 0;
	#lastChange = 0;

	constructor(
		columnsOf: (id: PhotoId) => { aspectPermille: number; version: number },
		announce: () => void,
	) {
		this.#columnsOf = columnsOf;
		this.#announce = announce;
	}

	/** A few to begin with: `ids` are photos to give them to. */
	fill(ids: readonly PhotoId[]): void {
		const some = (from: number, count: number) => ids.slice(from, from + count);
		this.give("animal/dog", some(0, 24), "accepted", "person");
		this.give("animal/cat", some(30, 9), "accepted", "person");
		this.give("animal/dog", some(60, 12), "suggested", "label");
		this.give("travel/portugal/lisbon", some(80, 31), "accepted", "file");
		this.give("travel/norway", some(120, 7), "accepted", "file");
		this.give("family", some(140, 58), "accepted", "person");
		this.give("garden", some(200, 4), "accepted", "person");
		for (const [at, name] of ["beach", "snow", "birthday", "bicycle", "sunset"].entries()) {
			this.give(name, some(210 + at * 20, 6 + at * 3), "suggested", "label");
		}
	}

	list(): Tag[] {
		return [...this.#tags.values()]
			.toSorted((one, other) => one.path.localeCompare(other.path))
			.map((tag) => this.#described(tag));
	}

	ofPhoto(id: PhotoId): PhotoTag[] {
		return [...this.#tags.values()].flatMap((tag) => {
			const given = tag.photos.get(id);
			if (given === undefined) return [];
			const scored = given.confidence !== null;
			return {
				tagId: tag.id,
				path: tag.path,
				...given,
				scoredBy: scored
					? { labelId: labelIdSchema.parse(tag.id), labelVersion: 2, encoder }
					: null,
				decidedAtMs: given.state === "suggested" ? null : Date.UTC(2026, 9, 30),
			};
		});
	}

	ofPhotos(ids: readonly PhotoId[]): { photos: number; tags: SelectionTag[] } {
		const tags = this.list().map(({ id, path }) => {
			const states = ids.map((photo) => this.#tags.get(id)?.photos.get(photo)?.state);
			return {
				tagId: id,
				path,
				accepted: states.filter((state) => state === "accepted").length,
				suggested: states.filter((state) => state === "suggested").length,
			};
		});
		return {
			photos: ids.length,
			tags: tags.filter(({ accepted, suggested }) => accepted + suggested > 0),
		};
	}

	photos(id: TagId, state: TagState, limit: number): TagPhotos | undefined {
		const tag = this.#tags.get(id);
		if (tag === undefined) return undefined;
		const found = [...tag.photos]
			.filter(([, given]) => given.state === state)
			.toSorted(([, one], [, other]) => (other.confidence ?? 1) - (one.confidence ?? 1));
		const shown = found.slice(0, limit);
		return {
			ids: shown.map(([photo]) => photo),
			aspectsPermille: shown.map(([photo]) => this.#columnsOf(photo).aspectPermille),
			versions: shown.map(([photo]) => this.#columnsOf(photo).version),
			confidences: shown.map(([, { confidence }]) => confidence ?? 1),
			total: found.length,
		};
	}

	/** Makes the tag and those above it where they are missing. */
	give(path: string, ids: readonly PhotoId[], state: TagState, source: PhotoTag["source"]): TagId {
		const next = new Map(this.#tags);
		const id = this.#ensure(next, path);
		const tag = next.get(id);
		const photos = new Map(tag?.photos);
		for (const [at, photo] of ids.entries()) {
			const before = photos.get(photo);
			if (state === "suggested" && before !== undefined) continue;
			const confidence = source === "label" ? 0.97 - at / (ids.length * 2.2) : null;
			photos.set(photo, { state, source, confidence: before?.confidence ?? confidence });
		}
		if (tag !== undefined) next.set(id, { ...tag, photos });
		this.#tags = next;
		return id;
	}

	apply(ids: readonly PhotoId[], add: readonly string[], remove: readonly string[]) {
		return this.change(() => {
			for (const path of add) this.give(path, ids, "accepted", "person");
			for (const path of remove) this.give(path, ids, "rejected", "person");
			return ids.length * (add.length + remove.length);
		});
	}

	decide(id: TagId, decision: "accept" | "reject", only: readonly PhotoId[] | undefined) {
		const tag = this.#tags.get(id);
		const asked = [...(tag?.photos ?? [])].filter(
			([photo, { state }]) => state === "suggested" && (only?.includes(photo) ?? true),
		);
		if (tag === undefined || asked.length === 0) return nothing;
		return this.change(() => {
			const state = decision === "accept" ? "accepted" : "rejected";
			const photos = new Map(tag.photos);
			for (const [photo, given] of asked) photos.set(photo, { ...given, state });
			this.#tags = new Map(this.#tags).set(id, { ...tag, photos });
			return asked.length;
		});
	}

	/** Gives it another path, and those below it. */
	rename(id: TagId, path: string) {
		const old = this.#tags.get(id)?.path;
		if (old === undefined) return nothing;
		return this.change(() => {
			const next = new Map(this.#tags);
			for (const tag of this.#tags.values()) {
				if (tag.path !== old && !tag.path.startsWith(`${old}/`)) continue;
				next.set(tag.id, { ...tag, path: path + tag.path.slice(old.length) });
			}
			const cut = path.lastIndexOf("/");
			if (cut !== -1) this.#ensure(next, path.slice(0, cut));
			this.#tags = next;
			return 1;
		});
	}

	merge(from: readonly TagId[], into: TagId) {
		return this.change(() => {
			const next = new Map(this.#tags);
			const target = next.get(into);
			if (target === undefined) return 0;
			const photos = new Map(target.photos);
			for (const id of from) {
				for (const [photo, given] of next.get(id)?.photos ?? []) photos.set(photo, given);
				next.delete(id);
			}
			next.set(into, { ...target, photos });
			this.#tags = next;
			return from.length;
		});
	}

	remove(ids: readonly TagId[]) {
		return this.change(() => {
			const gone = ids.map((id) => this.#tags.get(id)?.path ?? "");
			const stays = ({ path }: MadeUpTag) =>
				!gone.some((other) => path === other || path.startsWith(`${other}/`));
			this.#tags = new Map([...this.#tags].filter(([, tag]) => stays(tag)));
			return ids.length;
		});
	}

	undo(id: ChangeId) {
		const before = this.#past.get(id);
		if (before === undefined) return undefined;
		const made = this.change(() => {
			this.#tags = before;
			return 1;
		});
		return { ...made, skipped: 0 };
	}

	/** Remembers how things were, and tells of the change. */
	change(make: () => number): { changeId: ChangeId | null; changed: number } {
		const before = this.#tags;
		const changed = make();
		this.#lastChange += 1;
		const changeId = changeIdSchema.parse(this.#lastChange);
		this.#past.set(changeId, before);
		this.#announce();
		return { changeId, changed };
	}

	#ensure(tags: Map<TagId, MadeUpTag>, path: string): TagId {
		const known = [...tags.values()].find((tag) => tag.path === path);
		if (known !== undefined) return known.id;
		const cut = path.lastIndexOf("/");
		if (cut !== -1) this.#ensure(tags, path.slice(0, cut));
		this.#lastId += 1;
		const id = tagIdSchema.parse(this.#lastId);
		tags.set(id, { id, path, photos: new Map() });
		return id;
	}

	#described(tag: MadeUpTag): Tag {
		const all = [...this.#tags.values()];
		const parent = tag.path.slice(0, Math.max(0, tag.path.lastIndexOf("/")));
		const within = all.filter(({ path }) => path === tag.path || path.startsWith(`${tag.path}/`));
		const having = (tags: readonly MadeUpTag[], wanted: TagState) => {
			const ids = tags.flatMap(({ photos }) =>
				[...photos].filter(([, { state }]) => state === wanted).map(([id]) => id),
			);
			return [...new Set(ids)];
		};
		const below = having(within, "accepted");
		const [cover] = below.length > 0 ? below : having(within, "suggested");
		const isScored = [...tag.photos.values()].some(({ confidence }) => confidence !== null);
		return {
			id: tag.id,
			path: tag.path,
			name: tag.path.slice(tag.path.lastIndexOf("/") + 1),
			parentId: all.find(({ path }) => path === parent)?.id ?? null,
			origin: "person",
			accepted: having([tag], "accepted").length,
			acceptedBelow: below.length,
			suggested: having([tag], "suggested").length,
			cover: cover === undefined ? null : { id: cover, version: this.#columnsOf(cover).version },
			labelIds: isScored ? [labelIdSchema.parse(tag.id)] : [],
		};
	}
}

/** @file Tags: list, give, decide, rename, undo; and looking at photos with the labels. */
import { Refusal } from "../../contract/errors.ts";
import type { PhotoId, TagId } from "../../contract/ids.ts";
import type { TaggingScope } from "../../contract/tag.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { PhotoRecord } from "../catalogue/records.ts";
import type { CurrentSide } from "../encoder-change/current-side.ts";
import type { SearchSide } from "../encoder-change/search-side.ts";
import { tagCsv } from "../tagger/tag-csv.ts";
import { cleanTagPath } from "../tagger/tag-path.ts";
import { implementer } from "./implementer.ts";

export interface TagHandlerParts {
	catalogue: Catalogue;
	sides: CurrentSide<SearchSide>;
	whereabouts(photo: PhotoRecord): { path: string; offline: boolean };
	/** What photos have of tags has changed. */
	onChanged(): void;
}

/** The photos a run looks at; null for all. @throws Refusal FOLDER_NOT_FOUND. */
async function photosIn(catalogue: Catalogue, scope: TaggingScope): Promise<PhotoId[] | null> {
	switch (scope.type) {
		case "library":
			return null;
		case "photos":
			return [...new Set(scope.ids)];
		case "folder": {
			if ((await catalogue.folders.get(scope.folderId)) === undefined)
				throw new Refusal("FOLDER_NOT_FOUND");
			return catalogue.photos.ids(scope.folderId);
		}
	}
}

export function tagHandlers({ catalogue, sides, whereabouts, onChanged }: TagHandlerParts) {
	const { tag } = implementer;
	const { tags } = catalogue;
	const lookAgain = () => sides.now.tagging.tagger.wake();
	const find = async (id: TagId) => {
		const found = await tags.get(id);
		if (found === undefined) throw new Refusal("TAG_NOT_FOUND");
		return found;
	};
	const told = <Change extends { changeId: number | null }>(change: Change): Change => {
		if (change.changeId !== null) onChanged();
		return change;
	};
	const shown = <Change extends { changeId: unknown; changed: number }>({
		changeId,
		changed,
	}: Change): { changeId: Change["changeId"]; changed: number } => ({ changeId, changed });
	return {
		list: tag.list.handler(({ input }) => tags.list(input.empty)),
		ofPhoto: tag.ofPhoto.handler(({ input }) => tags.ofPhoto(input.id)),
		ofPhotos: tag.ofPhotos.handler(async ({ input }) => ({
			photos: new Set(input.ids).size,
			tags: await tags.ofPhotos(input.ids),
		})),
		apply: tag.apply.handler(async ({ input: { ids, add, remove } }) =>
			shown(told(await tags.apply(ids, add.map(cleanTagPath), remove.map(cleanTagPath)))),
		),
		decide: tag.decide.handler(async ({ input: { decision, suggestions, teach } }) => {
			const change = told(await tags.decide(decision, suggestions, teach));
			if (change.result.length > 0) lookAgain();
			return shown(change);
		}),
		photos: tag.photos.handler(async ({ input: { id, state, below, limit } }) => {
			await find(id);
			return tags.photos(id, state, below, limit);
		}),
		create: tag.create.handler(async ({ input }) => {
			const change = told(await tags.create(input.paths.map(cleanTagPath), "person"));
			return { ...shown(change), ids: change.result };
		}),
		rename: tag.rename.handler(async ({ input }) => {
			const path = cleanTagPath(input.path);
			const before = await find(input.id);
			const inside = path.toLowerCase().startsWith(`${before.path.toLowerCase()}/`);
			if (inside)
				throw new Refusal("NAME_NOT_ALLOWED", "A tag cannot be moved into itself.", {
					field: "path",
				});
			const change = await tags.rename(input.id, path);
			if (change === null) {
				throw new Refusal(
					"NAME_TAKEN",
					`There is a tag ${path} already, or one below it. Merge them instead.`,
					{ field: "path" },
				);
			}
			return shown(told(change));
		}),
		merge: tag.merge.handler(async ({ input: { from, into } }) => {
			const target = await find(into);
			for (const id of from) {
				const { path } = await find(id);
				if (target.path.toLowerCase().startsWith(`${path.toLowerCase()}/`)) {
					throw new Refusal("NAME_NOT_ALLOWED", `${path} cannot become part of itself.`);
				}
			}
			const change = told(await tags.merge(from, into));
			lookAgain();
			return shown(change);
		}),
		remove: tag.remove.handler(async ({ input }) => {
			for (const id of input.ids) await find(id);
			return shown(told(await tags.remove(input.ids)));
		}),
		undo: tag.undo.handler(async ({ input }) => {
			const change = await tags.undo(input.changeId);
			if (change === null) throw new Refusal("CHANGE_NOT_FOUND");
			told(change);
			// Labels may have come back, or are what they were: they look again.
			lookAgain();
			return { ...shown(change), skipped: change.skipped };
		}),
		changes: tag.changes.handler(({ input }) => tags.changes(input.limit)),
		csv: tag.csv.handler(async function* ({ input: { scope, states }, signal }) {
			const ids = await photosIn(catalogue, scope);
			yield* tagCsv(catalogue, whereabouts, ids === null ? null : new Set(ids), states, signal);
		}),
	};
}

export function taggingHandlers({
	catalogue,
	sides,
}: Pick<TagHandlerParts, "catalogue" | "sides">) {
	const { tagging } = implementer;
	const settings = async () => ({ automatic: await sides.now.tagging.tagger.isAutomatic() });
	return {
		run: tagging.run.handler(async function* ({ input: { scope, labelIds }, signal }) {
			for (const id of labelIds ?? []) {
				if ((await catalogue.labels.get(id)) === undefined) throw new Refusal("LABEL_NOT_FOUND");
			}
			const ids = await photosIn(catalogue, scope);
			yield* sides.follow((side) => side.tagging.tagger.run(ids, labelIds ?? null, signal));
		}),
		settings: tagging.settings.handler(settings),
		change: tagging.change.handler(async ({ input }) => {
			const { automatic } = input;
			if (automatic !== undefined) {
				await sides.use((side) => side.tagging.tagger.setAutomatic(automatic));
			}
			return settings();
		}),
	};
}

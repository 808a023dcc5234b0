/** @file Tags in files: the switch, conflicts, what was ever written outside the library. */
import { Refusal } from "../../contract/errors.ts";
import type { TagConflict } from "../../contract/tag-writing.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { PhotoRecord } from "../catalogue/records.ts";
import type { TagsInFiles } from "../sidecars/tags-in-files.ts";
import { implementer } from "./implementer.ts";

/** Shown at once; settling some brings the next. */
const mostConflicts = 200;

export function tagWritingHandlers(parts: {
	catalogue: Catalogue;
	tagsInFiles: TagsInFiles;
	whereabouts(photo: PhotoRecord): { path: string };
}) {
	const { catalogue, tagsInFiles } = parts;
	const { tagWriting } = implementer;
	return {
		status: tagWriting.status.handler(() => tagsInFiles.status()),
		change: tagWriting.change.handler(async ({ input }) => {
			await tagsInFiles.change(input.enabled);
			return tagsInFiles.status();
		}),
		conflicts: tagWriting.conflicts.handler(async () => {
			const conflicts: TagConflict[] = [];
			for (const { id, fileTags, foundAtMs } of await catalogue.tagWriting.conflicts(
				mostConflicts,
			)) {
				const photo = await catalogue.photos.get(id);
				if (photo === undefined) continue;
				conflicts.push({
					id,
					path: parts.whereabouts(photo).path,
					version: photo.version,
					fileTags: [...fileTags],
					libraryTags: [...(await catalogue.tagWriting.accepted(id))],
					foundAtMs,
				});
			}
			return conflicts;
		}),
		settle: tagWriting.settle.handler(async ({ input }) => {
			if (!(await tagsInFiles.settle(input.id, input.choice))) throw new Refusal("PHOTO_NOT_FOUND");
			return tagsInFiles.status();
		}),
		outsideWrites: tagWriting.outsideWrites.handler(async ({ input }) =>
			(await catalogue.tagWriting.outsideWrites(input.limit)).map(
				({ path, firstAtMs, lastAtMs, times }) => ({ path, firstAtMs, lastAtMs, times }),
			),
		),
		told: tagWriting.told.handler(async () => {
			await catalogue.tagWriting.unwritableTold();
			return tagsInFiles.status();
		}),
	};
}

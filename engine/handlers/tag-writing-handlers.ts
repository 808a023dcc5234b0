/** @file Tags in files: the choice, conflicts, what was ever written outside the library. */
import { Refusal } from "../../contract/errors.ts";
import type { TagConflict } from "../../contract/tag-writing.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { inFilesOf } from "../catalogue/described-in-files.ts";
import { ratingOf } from "../catalogue/description-table.ts";
import type { PhotoRecord } from "../catalogue/records.ts";
import type { TagConflictRecord } from "../catalogue/tag-writing-table.ts";
import { errorCode } from "../library/replace-file.ts";
import type { TrashMoves } from "../library/trash-moves.ts";
import { discardOriginals, listOriginals } from "../sidecars/kept-originals.ts";
import type { TagsInFiles } from "../sidecars/tags-in-files.ts";
import { implementer } from "./implementer.ts";

/** Shown at once; settling some brings the next. */
const mostConflicts = 200;

const fullMessage =
	"A disk is full: the library's, or the one that the photos are on. Every file is whole.";

export function tagWritingHandlers(parts: {
	catalogue: Catalogue;
	tagsInFiles: TagsInFiles;
	trashMoves: TrashMoves;
	whereabouts(photo: PhotoRecord): { path: string };
}) {
	const { catalogue, tagsInFiles } = parts;
	const { tagWriting } = implementer;
	const shown = async ({
		id,
		fileTags,
		fields,
		foundAtMs,
	}: TagConflictRecord): Promise<TagConflict[]> => {
		const photo = await catalogue.photos.get(id);
		if (photo === undefined) return [];
		const known = await catalogue.fileMetadata.get(id);
		const { sidecar = null, embedded = null } = known ?? {};
		const libraryTags = await catalogue.tagWriting.accepted(id);
		return [
			{
				id,
				path: parts.whereabouts(photo).path,
				version: photo.version,
				differsIn: [...(fileTags === null ? [] : (["tags"] as const)), ...fields],
				fileTags: [...(fileTags ?? libraryTags)],
				libraryTags: [...libraryTags],
				file: {
					title: inFilesOf("title", sidecar, embedded),
					caption: inFilesOf("caption", sidecar, embedded),
					rating: ratingOf(inFilesOf("rating", sidecar, embedded)),
				},
				library: {
					title: known?.title ?? null,
					caption: known?.caption ?? null,
					rating: known?.rating ?? null,
				},
				foundAtMs,
			},
		];
	};
	return {
		status: tagWriting.status.handler(() => tagsInFiles.status()),
		change: tagWriting.change.handler(async ({ input }) => {
			await tagsInFiles.change(input.keptIn);
			return tagsInFiles.status();
		}),
		conflicts: tagWriting.conflicts.handler(async () => {
			const records = await catalogue.tagWriting.conflicts(mostConflicts);
			return (await Promise.all(records.map(shown))).flat();
		}),
		settle: tagWriting.settle.handler(async ({ input }) => {
			const settled = await tagsInFiles.settle(input.id, input.choice);
			if (settled === null) throw new Refusal("PHOTO_NOT_FOUND");
			return { ...(await tagsInFiles.status()), ...settled };
		}),
		outsideWrites: tagWriting.outsideWrites.handler(async ({ input }) =>
			(await catalogue.tagWriting.outsideWrites(input.limit)).map(
				({ path, kind, firstAtMs, lastAtMs, times }) => ({
					path,
					kind,
					firstAtMs,
					lastAtMs,
					times,
				}),
			),
		),
		told: tagWriting.told.handler(async () => {
			await catalogue.tagWriting.unwritableTold();
			return tagsInFiles.status();
		}),
		plan: tagWriting.plan.handler(({ input: { to, limit } }) => tagsInFiles.plan(to, limit)),
		write: tagWriting.write.handler(async function* ({ input, signal }) {
			try {
				yield* tagsInFiles.write(input.to, signal);
			} catch (error) {
				throw aboutDisk(error);
			}
		}),
		originals: tagWriting.originals.handler(async () => {
			const { originals } = tagsInFiles;
			if (originals !== null) return listOriginals({ ...parts, originals });
			return { path: "", originals: [], sizeBytes: 0, trash: parts.trashMoves.available };
		}),
		discardOriginals: tagWriting.discardOriginals.handler(async ({ input: { ids, forGood } }) => {
			const { originals } = tagsInFiles;
			if (originals === null) {
				throw new Refusal("NOT_SUPPORTED", "No untouched copies are kept here.");
			}
			return tagsInFiles.whileNothingIsWritten(() =>
				discardOriginals({ ...parts, originals }, ids, forGood),
			);
		}),
		restore: tagWriting.restore.handler(async ({ input }) => {
			try {
				return await tagsInFiles.restore(input.ids);
			} catch (error) {
				throw aboutDisk(error);
			}
		}),
	};
}

/** A full disk is something that the person can act on. */
function aboutDisk(error: unknown): unknown {
	const code = errorCode(error);
	return code === "ENOSPC" || code === "EDQUOT" ? new Refusal("DISK_FULL", fullMessage) : error;
}

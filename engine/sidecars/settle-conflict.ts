/** @file Ends a conflict between library and file as the person chose; see [Note: Two sides]. */
import type { ChangeId, PhotoId } from "../../contract/ids.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { tagsOf } from "../xmp/tag-paths.ts";
import { without } from "./metadata-decision.ts";

/** Whose side is right where both changed. */
export type SettledBy = "file" | "library" | "both";

const settledWords: Readonly<Record<SettledBy, string>> = {
	file: "Take what the file says",
	library: "Keep what the library says",
	both: "Keep what both say",
};

/** Can be undone; null when there is no conflict. */
export async function settleConflict(
	{ tagWriting, fileMetadata }: Pick<Catalogue, "tagWriting" | "fileMetadata">,
	id: PhotoId,
	choice: SettledBy,
): Promise<{ changeId: ChangeId | null } | null> {
	const conflict = await tagWriting.conflict(id);
	if (conflict === undefined) return null;
	const accepted = await tagWriting.accepted(id);
	// Tags that do not differ are agreed on already.
	const known = await fileMetadata.get(id);
	const { fields, fileTags: differing } = conflict;
	const fileTags = differing ?? accepted;
	// A conflict that came back by undoing: the file may have been written since it was found.
	const inFile = conflict.place === "sidecar" ? known?.sidecar : known?.embedded;
	const agreed = inFile === null || inFile === undefined ? differing : tagsOf(inFile);
	// Agreed on what the file has: what the library has besides comes to it, what it lost goes.
	const { changeId } = await tagWriting.settle(id, {
		title: settledWords[choice],
		add: choice === "library" ? [] : without(fileTags, accepted),
		remove: choice === "file" ? without(accepted, fileTags) : [],
		agreed: (differing === null ? known?.agreed : agreed) ?? [],
		take: choice === "file" ? fields : [],
		keep: choice === "file" ? [] : fields,
	});
	return { changeId };
}

/** @file What has to change in a file so that it says what the library says. */
import type { Described, DescribedField } from "../../contract/description.ts";
import type { FileMetadata } from "../../contract/file-metadata.ts";
import { ratingOf } from "../catalogue/description-table.ts";
import { sameTags, tagKey } from "../catalogue/file-tags.ts";
import type { DescribedValues } from "../catalogue/tag-writing-table.ts";
import type { XmpChange } from "../xmp/edit-xmp.ts";
import { pathOfTag, type TagPath, tagOfPath, tagPathsOf, tagsOf } from "../xmp/tag-paths.ts";
import { without } from "./metadata-decision.ts";

/** What the library says of a photo. */
export interface Wanted {
	accepted: readonly string[];
	described: DescribedValues;
}

/**
 * The change for a sidecar. Of tags, only those that library and files once had in common are taken away.
 * @param inFile what the sidecar says; null where there is none
 * @param embedded what stands inside the photo, which other programs read where a sidecar is silent
 */
export function sidecarChange(
	inFile: FileMetadata | null,
	wanted: Wanted,
	agreed: readonly string[],
	embedded: FileMetadata | null,
): XmpChange {
	const written = writtenIn(inFile);
	const gone = new Set(without(agreed, wanted.accepted).map(tagKey));
	const described = changedFields(inFile, wanted.described);
	// Programs take stars inside the photo for its stars unless the sidecar says that there are none.
	if (described.rating === null && (embedded?.rating ?? 0) !== 0) described.rating = 0;
	if (described.rating === 0 && inFile?.rating === 0) delete described.rating;
	return {
		add: missing(written, wanted.accepted),
		remove: written.filter(({ key }) => gone.has(key)).map(({ path }) => path),
		...described,
	};
}

/**
 * The change for what stands inside a photo. Every tag there was once taken into the library, so what the library
 * lacks was taken away.
 * @param inFile what the XMP inside says; null where there is none
 */
export function photoChange(inFile: FileMetadata | null, wanted: Wanted): XmpChange {
	const written = writtenIn(inFile);
	const accepted = new Set(wanted.accepted.map(tagKey));
	return {
		add: missing(written, wanted.accepted),
		remove: written.filter(({ key }) => !accepted.has(key)).map(({ path }) => path),
		...changedFields(inFile, wanted.described),
	};
}

/** True when a photo's file, with all that stands inside, says what the library says. */
export function saysAll(inFile: FileMetadata, wanted: Wanted): boolean {
	if (!sameTags(tagsOf(inFile), wanted.accepted)) return false;
	return Object.keys(changedFields(inFile, wanted.described)).length === 0;
}

/** True when the change is none. */
export function isNoChange({ add = [], remove = [], title, caption, rating }: XmpChange): boolean {
	const described = [title, caption, rating];
	return add.length + remove.length === 0 && described.every((value) => value === undefined);
}

interface WrittenTag {
	path: TagPath;
	key: string;
}

/** The file's tags as it spells them; what is past the library's limits is left out. */
function writtenIn(inFile: FileMetadata | null): WrittenTag[] {
	return (inFile === null ? [] : tagPathsOf(inFile)).flatMap((path) => {
		const tag = tagOfPath(path);
		return tag === null ? [] : [{ path, key: tagKey(tag) }];
	});
}

function missing(written: readonly WrittenTag[], accepted: readonly string[]): TagPath[] {
	const there = new Set(written.map(({ key }) => key));
	return accepted.filter((tag) => !there.has(tagKey(tag))).map(pathOfTag);
}

/** The fields that the person set and the file has otherwise. */
function changedFields(
	inFile: FileMetadata | null,
	described: DescribedValues,
): Partial<Described> {
	const changed: Partial<Described> = {};
	const differs = (field: DescribedField, value: string | number | null) =>
		described.has(field) && (inFile?.[field] ?? null) !== value;
	const title = described.get("title") ?? null;
	const caption = described.get("caption") ?? null;
	const rating = ratingOf(described.get("rating") ?? null);
	if (differs("title", title)) changed.title = title;
	if (differs("caption", caption)) changed.caption = caption;
	if (differs("rating", rating)) changed.rating = rating;
	return changed;
}

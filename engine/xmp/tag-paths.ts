/**
 * @file Keywords as tags: one path for each, outermost part first; a flat keyword is a path of one.
 *
 * [Note: Flat and nested keywords] Programs write a nested keyword twice: its path as `Animals|Dog`, and its parts
 * as flat keywords, for programs that know no paths. So a flat keyword that is part of a path is not another tag.
 */
import type { FileMetadata } from "../../contract/file-metadata.ts";
import {
	tagNameMaxCharacters,
	tagPathMaxCharacters,
	tagPathMaxParts,
} from "../../contract/limits.ts";

export type TagPath = readonly string[];

/** Equal for equal paths. A bar separates parts in every program, so none contains one. */
export function pathKey(path: TagPath): string {
	return path.join("|");
}

/** Every tag that keywords and paths amount to; see [Note: Flat and nested keywords]. */
export function tagPathsOf({
	keywords,
	hierarchies,
}: Pick<FileMetadata, "keywords" | "hierarchies">): string[][] {
	const parts = new Set(hierarchies.flat());
	return [...hierarchies, ...keywords.filter((word) => !parts.has(word)).map((word) => [word])];
}

/** A slash separates the parts of a tag's path in the library; in a keyword it stands as U+2215, which looks the same. */
const slashInName = "\u2215";

/** The library's path for a keyword; null where it is past the library's limits and stays in the file only. */
export function tagOfPath(path: TagPath): string | null {
	const parts = path.map((part) => part.trim().replaceAll("/", slashInName).normalize("NFC"));
	const fits =
		parts.length > 0 &&
		parts.length <= tagPathMaxParts &&
		parts.every((part) => part !== "" && part.length <= tagNameMaxCharacters);
	const tag = parts.join("/");
	return fits && tag.length <= tagPathMaxCharacters ? tag : null;
}

/** The inverse of `tagOfPath`. A bar separates parts in files, so one in a tag's name becomes a slash. */
export function pathOfTag(tag: string): string[] {
	return tag.split("/").map((part) => part.replaceAll(slashInName, "/").replaceAll("|", "/"));
}

/** The library's tags for what a file says, each once; see `tagOfPath`. */
export function tagsOf(metadata: Pick<FileMetadata, "keywords" | "hierarchies">): string[] {
	const tags = tagPathsOf(metadata).flatMap((path) => tagOfPath(path) ?? []);
	return [...new Map(tags.map((tag) => [tag.toLowerCase(), tag])).values()];
}

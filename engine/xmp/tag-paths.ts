/**
 * @file Keywords as tags: one path for each, outermost part first; a flat keyword is a path of one.
 *
 * [Note: Flat and nested keywords] Programs write a nested keyword twice: its path as `Animals|Dog`, and its parts
 * as flat keywords, for programs that know no paths. So a flat keyword that is part of a path is not another tag.
 */
import type { FileMetadata } from "../../contract/file-metadata.ts";

export type TagPath = readonly string[];

/** Equal for equal paths. A bar separates parts in every program, so none contains one. */
export function pathKey(path: TagPath): string {
	return path.join("|");
}

/** The inverse of `pathKey`. */
export function pathOfKey(key: string): string[] {
	return key.split("|");
}

/** Every tag that keywords and paths amount to; see [Note: Flat and nested keywords]. */
export function tagPathsOf({
	keywords,
	hierarchies,
}: Pick<FileMetadata, "keywords" | "hierarchies">): string[][] {
	const parts = new Set(hierarchies.flat());
	return [...hierarchies, ...keywords.filter((word) => !parts.has(word)).map((word) => [word])];
}

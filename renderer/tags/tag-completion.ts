/** @file Completing the name of a tag while it is typed. */

/** A tag as far as completing needs it. */
export interface NamedTag {
	/** Whole, with its parents: "animal/dog". */
	readonly path: string;
	/** Photos with it; tags used often come first. */
	readonly photos: number;
}

/**
 * The tags that what was typed may mean: those that begin with it, then those with a part or a word
 * that does, then those that merely contain it; each group by how often it is used. Without anything
 * typed the tags used most.
 */
export function completions<Tag extends NamedTag>(
	tags: readonly Tag[],
	typed: string,
	mostShown: number,
): Tag[] {
	const wanted = typed.trim().toLocaleLowerCase();
	const ranked: { tag: Tag; rank: number }[] = [];
	for (const tag of tags) {
		const rank = rankOf(tag.path.toLocaleLowerCase(), wanted);
		if (rank !== null) ranked.push({ tag, rank });
	}
	ranked.sort(
		(one, other) =>
			one.rank - other.rank ||
			other.tag.photos - one.tag.photos ||
			one.tag.path.localeCompare(other.tag.path),
	);
	return ranked.slice(0, mostShown).map(({ tag }) => tag);
}

function rankOf(path: string, wanted: string): number | null {
	if (wanted === "" || path === wanted) return 0;
	if (path.startsWith(wanted)) return 1;
	const at = path.indexOf(wanted);
	if (at === -1) return null;
	return /[/\s-]/u.test(path.charAt(at - 1)) ? 2 : 3;
}

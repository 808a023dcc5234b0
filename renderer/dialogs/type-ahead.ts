/** @file Jumping in a list by typing the start of a name, as file managers do. */

/** A pause this long starts a new word. */
export const typeAheadPauseMs = 700;

/**
 * The index of the name that `typed` leads to, or -1. The same letter again and again walks through
 * the names that start with it; anything longer stays where it is while it still matches.
 */
export function typeAhead(names: readonly string[], typed: string, current: number): number {
	const wanted = typed.toLocaleLowerCase();
	const first = [...wanted][0] ?? "";
	const repeated =
		wanted.length > first.length && wanted === first.repeat(wanted.length / first.length);
	const prefix = repeated ? first : wanted;
	if (prefix === "") return -1;
	const walking = wanted.length === first.length || repeated;
	const start = walking ? current + 1 : Math.max(0, current);
	for (let step = 0; step < names.length; step += 1) {
		const index = (start + step) % names.length;
		if (names[index]?.toLocaleLowerCase().startsWith(prefix)) return index;
	}
	return -1;
}

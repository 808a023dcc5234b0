/** @file Names compared as people type them. */

/** Lower case, without accents, with single spaces: `Île-de-France` becomes `ile de france`. */
export function foldName(name: string): string {
	// Most names need no more than this, and there are many.
	if (/^[A-Za-z]+(?: [A-Za-z]+)*$/.test(name)) return name.toLowerCase();
	return name
		.normalize("NFKD")
		.replace(/\p{M}/gu, "")
		.toLowerCase()
		.replace(/[\s\-–—_.’'`,]+/gu, " ")
		.trim();
}

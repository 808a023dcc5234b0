/** @file What is embedded for a label that says nothing but its name. */

/**
 * Chosen one by one among 35 on half of the photos of `everyday` and `caltech101`, by the mean reciprocal
 * rank of the right class; figures are in README.md. As different as they are, they have the name in common.
 */
export const namePrompts = [
	"{}",
	"a drawing of a {}",
	"a person with a {}",
	"an old {}",
	"a {} seen from the side",
] as const;

/**
 * The phrases whose mean stands for a label (prompt ensemble, arXiv:2103.00020, section 3.1.4): its wordings, or
 * where its name is all there is, the name in several sentences. Underscores, which lists of classes have between
 * words, are read as spaces; figures are in README.md.
 */
export function promptsOf(wordings: readonly string[], path: string): readonly string[] {
	const name = path.split("/").at(-1) ?? path;
	const [only, another] = wordings;
	const isName = another === undefined && only?.toLowerCase() === name.toLowerCase();
	if (only === undefined || !isName) return wordings.map(spoken);
	return namePrompts.map((prompt) => prompt.replace("{}", () => spoken(only)));
}

const spoken = (wording: string) => wording.replaceAll("_", " ").trim() || wording;

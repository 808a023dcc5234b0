/** @file What a reading of a file means for a title, caption or stars that the person set here. */
import type { DescribedField } from "../../contract/description.ts";
import type { DescribedState, FieldDecision } from "../catalogue/described-in-files.ts";

/**
 * See [Note: Two sides]. There can be one value only, so where tags are kept in the library alone the person's
 * stays, and the file is asked about it once they are to be written.
 * @param writing values are written to files
 */
export function decideDescription(
	states: readonly DescribedState[],
	writing: boolean,
): Map<DescribedField, FieldDecision> {
	const decisions = new Map<DescribedField, FieldDecision>();
	for (const { field, value, inFiles, toWrite, now } of states) {
		if (now === inFiles) continue;
		if (now === value) decisions.set(field, "agree");
		else if (!toWrite) decisions.set(field, "take");
		else if (writing) decisions.set(field, "conflict");
	}
	return decisions;
}

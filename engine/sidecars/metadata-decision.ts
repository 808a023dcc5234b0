/**
 * @file What a reading of a file means for the photo's tags and description.
 *
 * [Note: Two sides] Library and files last agreed on some tags. What changed in the file since its last reading is
 * taken into the library. Where tags are written to files and the library changed too, neither side is guessed to
 * be right: the person is asked.
 */
import type { FileMetadata } from "../../contract/file-metadata.ts";
import type { BeforeReading, TagDecision } from "../catalogue/file-metadata-table.ts";
import { sameTags, tagKey } from "../catalogue/file-tags.ts";
import { tagsOf } from "../xmp/tag-paths.ts";
import { decideDescription } from "./description-decision.ts";

/** @param writing tags of the library are written to files; without it the library is never behind */
export function decideReading(
	metadata: FileMetadata,
	{ previous, elsewhere, agreed: agreedBefore, accepted, rejected, described }: BeforeReading,
	writing: boolean,
): TagDecision {
	const fields = decideDescription(described, writing);
	const inFile = tagsOf(metadata);
	const before = previous === null ? [] : tagsOf(previous);
	// A sidecar that takes the place of another need not have what that one had.
	const agreed =
		previous === null
			? within(agreedBefore, elsewhere === null ? [] : tagsOf(elsewhere))
			: agreedBefore;
	const came = without(without(inFile, before), rejected);
	const went = without(before, inFile);
	// At a new place, a tag that library and files had in common is one the library lost since, not a new one.
	const add = without(came, previous === null ? [...accepted, ...agreedBefore] : accepted);
	const remove = within(went, agreed);
	const changed = add.length > 0 || within(remove, accepted).length > 0;
	// The first reading of a place only adds: nothing is known of what was there before.
	if (previous !== null && writing && changed && !sameTags(accepted, agreed)) {
		return { add: [], remove: [], agreed, conflict: inFile, fields };
	}
	return {
		add,
		remove,
		agreed: [...without(without(agreed, went), came), ...came],
		conflict: null,
		fields,
	};
}

/** Those that are not in the other list, whatever their case. */
export function without(tags: readonly string[], others: readonly string[]): string[] {
	const keys = new Set(others.map(tagKey));
	return tags.filter((tag) => !keys.has(tagKey(tag)));
}

function within(tags: readonly string[], others: readonly string[]): string[] {
	const keys = new Set(others.map(tagKey));
	return tags.filter((tag) => keys.has(tagKey(tag)));
}

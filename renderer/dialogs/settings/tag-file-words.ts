/** @file Tags in files, in words. */
import type { KeptIn, PlannedWrite, TagWritingStatus } from "../../../contract/tag-writing.ts";
import { formatCount, photosCounted } from "../../shell/progress-words.ts";
import { byteSizeInWords } from "../../viewer/photo-facts.ts";

/** The places to choose from, with what is written there. */
export const places: readonly { keptIn: KeptIn; name: string; what: string }[] = [
	{
		keptIn: "library",
		name: "Only in the library",
		what: "Nothing is written outside it. What is in files already stays there.",
	},
	{
		keptIn: "sidecars",
		name: "Also in sidecars beside the photos",
		what: "A small text file such as beach.jpg.xmp beside each photo, which many photo programs read. The photo files are not touched. Whatever else stands in a sidecar stays as it is.",
	},
	{
		keptIn: "files",
		name: "Also inside the photo files",
		what: "In sidecars, and in the photo files whose format allows it. Before a file is changed for the first time, an untouched copy of it is kept in the library and can be put back.",
	},
];

/** What is asked before anything is written; `more`: the plan is longer than what is shown. */
export function askInWords(writes: readonly PlannedWrite[], more: boolean): string {
	const photos = new Set(writes.map(({ id }) => id)).size;
	if (photos === 0)
		return "No photo needs writing now. From then on changes are written as you make them.";
	const count = more ? `more than ${photosCounted(photos)}` : photosCounted(photos);
	const fresh = writes.filter(({ isNew }) => isNew).length;
	const changed = writes.length - fresh;
	const parts: string[] = [];
	if (fresh > 0) parts.push(`${formatCount(fresh)} new ${fresh === 1 ? "sidecar" : "sidecars"}`);
	if (changed > 0)
		parts.push(
			`${formatCount(changed)} ${changed === 1 ? "file that is" : "files that are"} there`,
		);
	return `What you said of ${count} is written now: ${parts.join(", ")}. From then on changes are written as you make them.`;
}

/** How far it is, or that all is written. */
export function writingInWords({ keptIn, waiting, conflicts }: TagWritingStatus): string {
	if (keptIn === "library") return "Nothing is written.";
	const open = Math.max(0, waiting - conflicts);
	if (waiting === 0) return "Everything is written.";
	if (open === 0) return "Everything is written but what waits for your decision.";
	return `${photosCounted(open)} still to be written.`;
}

/** What was ever written outside the library. */
export function writtenInWords(
	status: Pick<TagWritingStatus, "sidecarsWritten" | "photosWritten">,
): string {
	const { sidecarsWritten: sidecars, photosWritten: photos } = status;
	const parts: string[] = [];
	if (sidecars > 0)
		parts.push(`${formatCount(sidecars)} ${sidecars === 1 ? "sidecar" : "sidecars"}`);
	if (photos > 0) parts.push(`${formatCount(photos)} photo ${photos === 1 ? "file" : "files"}`);
	return parts.length === 0 ? "Nothing" : parts.join(", ");
}

/** What came of putting untouched files back. */
export function restoredInWords(came: {
	restored: number;
	withoutCopy: number;
	refused: readonly unknown[];
}): string {
	const { restored, withoutCopy, refused } = came;
	const parts = [`${photosCounted(restored)} put back as they were.`];
	if (withoutCopy > 0) parts.push(`Of ${photosCounted(withoutCopy)} no copy is kept.`);
	if (refused.length > 0) parts.push(`${formatCount(refused.length)} could not be put back.`);
	return parts.join(" ");
}

/** "1 untouched copy", "12 untouched copies". */
export function copiesCounted(count: number): string {
	return `${formatCount(count)} untouched ${count === 1 ? "copy" : "copies"}`;
}

/** What is asked before copies are discarded. */
export function discardQuestion(count: number, sizeBytes: number, trash: boolean): string {
	const what = `${copiesCounted(count)} (${byteSizeInWords(sizeBytes)})`;
	return trash
		? `Move ${what} to the trash? The space is free once the trash is emptied.`
		: `Delete ${what} for good? This computer has no trash.`;
}

/** The last part of a path, of either kind of system. */
export function fileNameIn(path: string): string {
	return path.split(/[/\\]/u).at(-1) ?? path;
}

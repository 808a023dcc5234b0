/** @file Differences between copies, and why one of them is the one to keep, in words. */
import type { CopyKind } from "../../contract/lookalike.ts";
import type { PhotoRecord } from "../catalogue/records.ts";
import type { PictureMatch, SmallPicture } from "./same-picture.ts";

const area = (photo: PhotoRecord) => photo.width * photo.height;
const hasPlace = (photo: PhotoRecord) => photo.latitude !== null;

/** Sides may be off by one after resizing, and change places when a picture is turned. */
const sameSize = (one: PhotoRecord, other: PhotoRecord) =>
	Math.abs(area(one) - area(other)) <= (one.width + one.height) * 1.5;

/** What was done to a picture besides saving it again: empty for a copy that only was. */
export function editsOf(match: PictureMatch, first: SmallPicture, second: SmallPicture): string[] {
	const edits: string[] = [];
	const { mirrored, turnedDegrees } = match.position;
	if (mirrored && turnedDegrees === 180) edits.push("upside down and mirrored");
	else {
		if (mirrored) edits.push("mirrored");
		if (turnedDegrees === 180) edits.push("upside down");
		else if (turnedDegrees !== 0) edits.push("turned on its side");
	}
	if (Math.abs(match.turnedBy) > 0.7) edits.push("tilted");
	if (match.shownOfFirst < 0.985) edits.push("cropped");
	if (match.shownOfSecond < 0.985) edits.push("shows more at the edges");
	const [faint, colourful] = [second.colourfulness, first.colourfulness];
	if (faint < 1.5 && colourful > 4) edits.push("black and white");
	else if (colourful < 1.5 && faint > 4) edits.push("in colour");
	else if (coloursChanged(first, second)) edits.push("other colours");
	if (match.brighter > 8) edits.push("brighter");
	if (match.brighter < -8) edits.push("darker");
	if (match.contrast > 1.12) edits.push("more contrast");
	if (match.contrast < 0.88) edits.push("less contrast");
	return edits;
}

function coloursChanged(first: SmallPicture, second: SmallPicture): boolean {
	const tint = Math.hypot(first.tint[0] - second.tint[0], first.tint[1] - second.tint[1]);
	const ratio = (second.colourfulness + 2) / (first.colourfulness + 2);
	return tint > 5 || ratio > 1.3 || ratio < 0.77;
}

/** What sets a copy apart from the photo suggested for keeping. */
export function differencesOf(
	copy: PhotoRecord,
	keeper: PhotoRecord,
	edits: readonly string[],
): string[] {
	const words = [...edits];
	if (!sameSize(copy, keeper) && !words.some((word) => word === "cropped")) {
		words.push(area(copy) < area(keeper) ? "fewer pixels" : "more pixels");
	}
	if (copy.contentHash !== keeper.contentHash) {
		if (copy.format !== keeper.format && copy.format !== null) {
			words.push(`saved as ${copy.format.toUpperCase()}`);
		}
		if (copy.sizeBytes < keeper.sizeBytes * 0.95) words.push("smaller file");
		if (copy.sizeBytes > keeper.sizeBytes * 1.05) words.push("larger file");
		if (keeper.takenAtKnown && !copy.takenAtKnown) words.push("no capture date");
		if (copy.takenAtKnown && !keeper.takenAtKnown) words.push("has a capture date");
		if (hasPlace(keeper) && !hasPlace(copy)) words.push("no place");
		if (hasPlace(copy) && !hasPlace(keeper)) words.push("has a place");
	}
	return words;
}

/** The photo of a group to suggest for keeping: the one that lost least, then the one placed best. */
export function chooseKeeper(photos: readonly PhotoRecord[]): PhotoRecord | undefined {
	return [...photos].sort(compareWorth)[0];
}

/** Names that programs give to copies, and folders where files only pass through. */
const copyName =
	/\((\d+)\)|\bcopy\b|\bkopie\b|[-_ ](small|thumb|edit(ed)?|resized)\b|~\d|WhatsApp|^IMG-\d+-WA/i;
const passingFolder =
	/(^|\/)(downloads?|tmp|temp|backup|trash|whatsapp|cache|desktop|copies|duplicates)(\/|$)/i;

type Trait = { reason: string; compare(a: PhotoRecord, b: PhotoRecord): number };

/** In order of weight; each is positive when `b` is worth more. */
const traits: readonly Trait[] = [
	{
		reason: "it has the most pixels",
		// A few rows of pixels are no reason to prefer a copy.
		compare: (a, b) => (area(b) > area(a) * 1.02 ? 1 : area(a) > area(b) * 1.02 ? -1 : 0),
	},
	{
		reason: "it still has its capture date",
		compare: (a, b) => Number(b.takenAtKnown) - Number(a.takenAtKnown),
	},
	{ reason: "it knows its place", compare: (a, b) => Number(hasPlace(b)) - Number(hasPlace(a)) },
	{
		reason: "its file is the largest",
		compare: (a, b) =>
			b.sizeBytes > a.sizeBytes * 1.05 ? 1 : a.sizeBytes > b.sizeBytes * 1.05 ? -1 : 0,
	},
	{
		reason: "its name and folder look like an original's",
		compare: (a, b) => passing(a) - passing(b),
	},
	{
		reason: "its file is the oldest",
		compare: (a, b) => Math.sign(a.modifiedAtMs - b.modifiedAtMs),
	},
];

function passing({ relativePath }: PhotoRecord): number {
	const name = relativePath.slice(relativePath.lastIndexOf("/") + 1);
	return Number(copyName.test(name)) + Number(passingFolder.test(relativePath));
}

function compareWorth(a: PhotoRecord, b: PhotoRecord): number {
	for (const { compare } of traits) {
		const order = compare(a, b);
		if (order !== 0) return order;
	}
	return a.relativePath.length - b.relativePath.length || a.id - b.id;
}

/** One sentence: why the keeper is suggested over every other photo of the group. */
export function reasonFor(keeper: PhotoRecord, others: readonly PhotoRecord[]): string {
	const reasons = traits.filter(
		({ compare }) =>
			others.some((other) => compare(other, keeper) > 0) &&
			others.every((other) => compare(other, keeper) >= 0),
	);
	const [first, second] = reasons;
	if (first === undefined) return "All are equal; any of them can stay.";
	const tail = second === undefined ? "" : ` and ${second.reason}`;
	return `Suggested for keeping because ${first.reason}${tail}.`;
}

/** Identical bytes are certain; edits make a copy an edited one. */
export function kindOf(sameContent: boolean, edits: readonly string[]): CopyKind {
	if (sameContent) return "identical";
	return edits.length === 0 ? "resaved" : "edited";
}

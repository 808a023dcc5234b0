/** @file Tags and labels in words. */
import type { Label } from "../../contract/label.ts";
import type { PhotoTag, Tag } from "../../contract/tag.ts";
import { formatCount, photosCounted } from "../shell/progress-words.ts";

/** How sure a label is, in a word. */
export function sureWord(confidence: number): string {
	if (confidence >= 0.9) return "very likely";
	if (confidence >= 0.7) return "likely";
	return confidence >= 0.5 ? "maybe" : "perhaps";
}

/** Whole percent; never 100 for what is only nearly certain, nor 0 for what is possible. */
export function percent(share: number): string {
	return `${Math.min(99, Math.max(1, Math.round(share * 100)))} %`;
}

/** Where a tag on a photo comes from: "From the file", "Suggested by label dog v2, 83 % sure". */
export function originWords(tag: PhotoTag): string {
	if (tag.scoredBy === null || tag.confidence === null) {
		return tag.source === "file" ? "From the file" : "Added by you";
	}
	const label = `label ${tag.path} v${tag.scoredBy.labelVersion}`;
	const sure = `${percent(tag.confidence)} sure`;
	switch (tag.state) {
		case "suggested":
			return `Suggested by ${label}, ${sure}. Encoder ${tag.scoredBy.encoder}`;
		case "accepted":
			return `Accepted by you. Suggested by ${label}, ${sure}`;
		case "rejected":
			return `Rejected by you. Suggested by ${label}, ${sure}`;
	}
}

/** "5 answers: 12 photos joined, 4 left." */
export function answersWords(answers: number, gained: number, lost: number): string {
	const counted = `${formatCount(answers)} ${answers === 1 ? "answer" : "answers"}`;
	if (gained === 0 && lost === 0) return `${counted}: no photo changed sides yet.`;
	const joined = `${formatCount(gained)} ${gained === 1 ? "photo" : "photos"} joined`;
	return `${counted}: ${joined}, ${formatCount(lost)} left.`;
}

/** The name in a question: "Is this a dog?", "Is this “car park”?" where no article fits. */
export function questionWords(name: string): string {
	return `Does “${name}” fit this photo?`;
}

/** "3 tags". */
export function tagsCounted(count: number): string {
	return `${formatCount(count)} ${count === 1 ? "tag" : "tags"}`;
}

/** "12 suggested". */
export function suggestedWords(count: number): string {
	return `${formatCount(count)} suggested`;
}

/** What came of a label: "12 photos, 3 suggested". Empty where nothing did. */
export function labelledWords(tag: Pick<Tag, "accepted" | "suggested"> | undefined): string {
	if (tag === undefined) return "";
	const parts: string[] = [];
	if (tag.accepted > 0) parts.push(photosCounted(tag.accepted));
	if (tag.suggested > 0) parts.push(suggestedWords(tag.suggested));
	return parts.join(", ");
}

/** What a label was taught, and its version where it has changed: "3 yes, 2 no · version 4". */
export function taughtWords({ yes, no, version }: Pick<Label, "yes" | "no" | "version">): string {
	const taught = yes + no > 0 ? [`${formatCount(yes)} yes, ${formatCount(no)} no`] : [];
	const versions = version > 1 ? [`version ${version}`] : [];
	return [...taught, ...versions].join(" · ");
}

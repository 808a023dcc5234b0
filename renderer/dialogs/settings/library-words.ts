/** @file The library's state in words. */
import type { Finding, IndexStatus } from "../../../contract/library.ts";

/** How well search finds what is truly nearest, in one sentence. */
export function indexSentence(index: IndexStatus): string {
	if (index.vectors === 0) return "There is nothing to search yet.";
	if (index.kind === "exact") {
		return "Every photo is compared, so search finds 100 % of the true nearest.";
	}
	if (index.recallAt10 === null)
		return "A fast index is used; how much it finds is being measured.";
	return `A fast index is used; it finds ${recallPercent(index.recallAt10)} of the true nearest.`;
}

/** Such as `99.8 %`; never rounded up to 100. */
export function recallPercent(recall: number): string {
	if (recall >= 1) return "100 %";
	return `${Math.floor(recall * 1000) / 10} %`;
}

const checks: Record<Finding["check"], string> = {
	database: "Catalogue",
	embeddings: "What photos show",
	thumbnails: "Small pictures",
	index: "Search index",
	model: "Search model",
	"text-reader": "Text reader",
	"photo-files": "Writing into photos",
	folders: "Folders",
	"disk-space": "Disk space",
};

/** What was looked at. */
export function checkName(check: Finding["check"]): string {
	return checks[check];
}

const outcomes: Record<Finding["outcome"], string> = {
	good: "Good",
	repaired: "Repaired",
	repairable: "Can be repaired",
	broken: "Needs you",
};

/** What came of it, in a word or two. */
export function outcomeName(outcome: Finding["outcome"]): string {
	return outcomes[outcome];
}

/** One sentence over all findings. */
export function verdict(findings: readonly Finding[]): string {
	const count = (outcome: Finding["outcome"]) =>
		findings.filter((finding) => finding.outcome === outcome).length;
	if (count("broken") > 0) return "Something needs your attention.";
	if (count("repairable") > 0) return "Something can be repaired. Photos are not touched by it.";
	if (count("repaired") > 0) return "What was wrong has been repaired.";
	return "All is well.";
}

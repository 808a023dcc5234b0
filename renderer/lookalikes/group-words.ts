/** @file Groups of copies in words. */
import type { LookAlikeGroup, LookAlikePhoto } from "../../contract/lookalike.ts";
import { formatCount } from "../shell/progress-words.ts";

/** "3 copies of one file". */
export function groupTitle(group: LookAlikeGroup): string {
	const others = group.photos.length - 1;
	const name = group.photos[0]?.fileName ?? "A photo";
	const copies = others === 1 ? "a copy" : `${formatCount(others)} copies`;
	switch (group.kind) {
		case "identical":
			return `${name} and ${others === 1 ? "an identical file" : `${formatCount(others)} identical files`}`;
		case "resaved":
			return `${name} and ${copies} saved again`;
		case "edited":
			return `${name} and ${copies}, edited`;
	}
}

/** How a photo stands to the one suggested for keeping. */
export function photoWords({ kind, differences }: LookAlikePhoto): string {
	if (kind === null) return "Suggested for keeping";
	if (differences.length > 0) return capitalised(differences.join(", "));
	return kind === "identical" ? "Identical file" : "Saved again, otherwise the same";
}

/** "4000 × 3000 · 2.3 MB". */
export function sizeWords({ width, height, sizeBytes }: LookAlikePhoto): string {
	return `${width} × ${height} · ${bytesWords(sizeBytes)}`;
}

/** "840 KB", "2.3 MB", "1.2 GB". */
function bytesWords(bytes: number): string {
	if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} KB`;
	return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** "1 photo", "3 photos" with the verb's noun left to the caller. */
export function totalsWords(total: number, copies: number, copiesBytes: number): string {
	const groups = total === 1 ? "1 group" : `${formatCount(total)} groups`;
	const extra = copies === 1 ? "1 copy" : `${formatCount(copies)} copies`;
	return `${groups} · ${extra}, ${bytesWords(copiesBytes)}`;
}

function capitalised(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}

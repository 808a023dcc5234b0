/**
 * @file `node eval/drawings/check-prompts.ts CAPTIONS…`: that no prompt of prompts.txt is a caption a model was
 * trained on. CAPTIONS are `captions.jsonl` or `captions.json` files with `captions` and `labels`. Compares
 * words alone, without articles, capitals and punctuation; prints how near the nearest caption comes.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { readDrawingPrompts } from "./drawing-prompts.ts";

const entrySchema = z.object({
	captions: z.array(z.string()).default([]),
	labels: z.array(z.string()).default([]),
});

/** Sorted, so that another order of the same words counts as the same. */
function wordsOf(text: string): string[] {
	const words = text.toLowerCase().match(/[a-z]+/g) ?? [];
	return [...new Set(words)].filter((word) => !["a", "an", "the"].includes(word)).toSorted();
}

function textsOf(path: string): string[] {
	const text = readFileSync(path, "utf8").trim();
	const entries: unknown = text.startsWith("[")
		? JSON.parse(text)
		: text.split("\n").map((line) => JSON.parse(line));
	return z
		.array(entrySchema)
		.parse(entries)
		.flatMap(({ captions, labels }) => [...captions, ...labels]);
}

const paths = process.argv.slice(2);
if (paths.length === 0) {
	console.error("Usage: node eval/drawings/check-prompts.ts CAPTIONS…");
	process.exit(2);
}
const captions = [...new Set(paths.flatMap(textsOf).map((text) => wordsOf(text).join(" ")))];
const sets = captions.map((text) => ({ text, words: new Set(text.split(" ")) }));
let same = 0;
const nearest = readDrawingPrompts().map((prompt) => {
	const own = wordsOf(prompt);
	const best = { text: "", share: 0 };
	for (const { text, words } of sets) {
		const common = own.filter((word) => words.has(word)).length;
		// Jaccard's index: words in both over words in either.
		const share = common / (own.length + words.size - common);
		if (share > best.share) Object.assign(best, { text, share });
	}
	if (best.share === 1) same++;
	return { prompt, caption: best.text, share: Math.round(best.share * 100) / 100 };
});
nearest.sort((one, other) => other.share - one.share);
const shares = nearest.map(({ share }) => share);
console.log(
	JSON.stringify(
		{
			captions: captions.length,
			prompts: nearest.length,
			promptsThatAreCaptions: same,
			meanShareOfWordsWithNearestCaption:
				Math.round((100 * shares.reduce((sum, share) => sum + share, 0)) / shares.length) / 100,
			nearest: nearest.slice(0, 5),
		},
		null,
		"\t",
	),
);
process.exitCode = same === 0 ? 0 : 1;

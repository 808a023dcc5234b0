/**
 * @file Words into the 77 tokens of CLIP's text encoders (Radford et al. 2021, arXiv:2103.00020, section
 * 2.4): lower case, byte pairs whose last one ends a word, between a start and an end token.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Tokenizer } from "@huggingface/tokenizers";
import { z } from "zod";
import { readJson, unusable } from "../../packages/package-settings.ts";

const usualLength = 77;
/** A token is rarely longer than this many characters. */
const charactersPerToken = 64;
const startToken = "<|startoftext|>";
const endToken = "<|endoftext|>";

const tokenSchema = z.union([z.string(), z.object({ content: z.string() })]);
const settingsSchema = z.object({
	pad_token: tokenSchema.nullable().optional(),
	model_max_length: z.number().optional(),
});

export interface ClipTokens {
	ids: number[];
	/** The end of the text did not fit. */
	shortened: boolean;
}

/**
 * @param folder with `tokenizer.json`, or `vocab.json` and `merges.txt`
 * @throws Refusal MODEL_UNAVAILABLE
 */
export function openClipTokenizer(folder: string): (words: string) => ClipTokens {
	const whole = join(folder, "tokenizer.json");
	const definition = existsSync(whole) ? readJson(whole) : fromVocabulary(folder);
	const tokenizer = opened(definition, folder);
	const settings = settingsOf(folder);
	const idOf = (token: string): number => {
		const id = tokenizer.token_to_id(token);
		if (id === undefined) throw unusable(folder, `the tokenizer has no token ${token}`);
		return id;
	};
	const [start, end] = [idOf(startToken), idOf(endToken)];
	const padding = idOf(settings.padToken ?? endToken);
	const { length } = settings;
	return (words) => {
		const kept = words.slice(0, length * charactersPerToken).toWellFormed();
		const inner: number[] = tokenizer.encode(kept, { add_special_tokens: false }).ids;
		const room = length - 2;
		const ids = [start, ...inner.slice(0, room), end];
		while (ids.length < length) ids.push(padding);
		return { ids, shortened: inner.length > room };
	};
}

function settingsOf(folder: string): { padToken: string | null; length: number } {
	let padToken: string | null = null;
	let length = usualLength;
	for (const name of ["special_tokens_map.json", "tokenizer_config.json"]) {
		const path = join(folder, name);
		if (!existsSync(path)) continue;
		const settings = settingsSchema.safeParse(readJson(path));
		if (!settings.success) continue;
		const { pad_token: token, model_max_length: most } = settings.data;
		if (token !== undefined && token !== null) {
			padToken = typeof token === "string" ? token : token.content;
		}
		if (most !== undefined && most >= 3 && most <= 1000) length = most;
	}
	return { padToken, length };
}

function opened(definition: unknown, folder: string): Tokenizer {
	if (typeof definition === "object" && definition !== null) {
		try {
			return new Tokenizer(definition, {});
		} catch {
			// Told below.
		}
	}
	throw unusable(folder, "its files are not a tokenizer");
}

/** What `tokenizer.json` would say, from the two files of the older form. */
function fromVocabulary(folder: string): unknown {
	const vocabularyPath = join(folder, "vocab.json");
	const vocab = z.record(z.string(), z.number().int()).safeParse(readJson(vocabularyPath));
	if (!vocab.success) throw unusable(vocabularyPath, "it is not a vocabulary");
	const special = [startToken, endToken].map((content) => ({
		id: vocab.data[content] ?? -1,
		content,
		single_word: false,
		lstrip: false,
		rstrip: false,
		normalized: false,
		special: true,
	}));
	return {
		version: "1.0",
		truncation: null,
		padding: null,
		added_tokens: special.filter(({ id }) => id >= 0),
		normalizer: {
			type: "Sequence",
			normalizers: [
				{ type: "NFC" },
				{ type: "Replace", pattern: { Regex: "\\s+" }, content: " " },
				{ type: "Lowercase" },
			],
		},
		pre_tokenizer: {
			type: "Sequence",
			pretokenizers: [
				{
					type: "Split",
					pattern: {
						Regex: "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+",
					},
					behavior: "Removed",
					invert: true,
				},
				{ type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
			],
		},
		post_processor: null,
		decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
		model: {
			type: "BPE",
			dropout: null,
			unk_token: endToken,
			continuing_subword_prefix: "",
			end_of_word_suffix: "</w>",
			fuse_unk: false,
			vocab: vocab.data,
			merges: mergesOf(join(folder, "merges.txt")),
		},
	};
}

function mergesOf(path: string): string[] {
	let text: string;
	try {
		text = readFileSync(path, "utf8");
	} catch {
		throw unusable(path, "it is missing");
	}
	return text.split("\n").filter((line) => line !== "" && !line.startsWith("#version"));
}

/** @file Words into what the language model reads before it draws: a request, and the same without words. */
import { join } from "node:path";
import { Tokenizer } from "@huggingface/tokenizers";
import { readJson, unusable } from "../../packages/package-settings.ts";
import type { JanusPackage } from "./janus-package.ts";

export interface PromptTokens {
	ids: readonly number[];
	/** The end of the text did not fit. */
	shortened: boolean;
}

export interface PromptReader {
	read(text: string): PromptTokens;
	/**
	 * The request with padding in place of all words, as it was trained: begin, padding, start of the image.
	 * @param length tokens in all
	 */
	without(length: number): number[];
}

/** A token is rarely longer than this many characters. */
const charactersPerToken = 64;

/** @throws Refusal MODEL_UNAVAILABLE naming the tokenizer, and the token it lacks. */
export function openPromptReader({ path, tokens, textTokensMax }: JanusPackage): PromptReader {
	const file = join(path, "tokenizer.json");
	const tokenizer = opened(readJson(file), file);
	const imageStart = tokenizer.token_to_id(tokens.imageStart);
	if (imageStart === undefined) throw unusable(file, `it has no token ${tokens.imageStart}`);
	// Janus-Pro marks who speaks by tokens of their own, its predecessor by plain words.
	const marked = tokenizer.token_to_id("<|User|>") !== undefined;
	const [user, assistant] = marked ? ["<|User|>", "<|Assistant|>"] : ["User", "Assistant"];
	const idsOf = (text: string): number[] =>
		tokenizer.encode(text, { add_special_tokens: false }).ids;
	const room = textTokensMax - 2;
	return {
		read(text) {
			const kept = text
				.trim()
				.slice(0, textTokensMax * charactersPerToken)
				.toWellFormed();
			const [before, after] = [`${user}: ${kept}`, `\n\n${assistant}:`];
			const whole = idsOf(before + after);
			if (whole.length <= room) {
				return { ids: [tokens.begin, ...whole, imageStart], shortened: false };
			}
			const end = idsOf(after);
			const begun = idsOf(before).slice(0, room - end.length);
			return { ids: [tokens.begin, ...begun, ...end, imageStart], shortened: true };
		},
		without: (length) => [
			tokens.begin,
			...Array.from({ length: length - 2 }, () => tokens.pad),
			imageStart,
		],
	};
}

function opened(definition: unknown, file: string): Tokenizer {
	if (typeof definition === "object" && definition !== null) {
		try {
			return new Tokenizer(definition, {});
		} catch {
			// Told below.
		}
	}
	throw unusable(file, "it is no tokenizer");
}

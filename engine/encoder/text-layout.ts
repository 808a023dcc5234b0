/** @file Words into token ids, laid out as the text tower was trained to read them. */
import { Tokenizer } from "@huggingface/tokenizers";
import { Refusal } from "../../contract/errors.ts";
import type { ModelManifest } from "./model-manifest.ts";

/** One text as the graph takes it. */
export interface TextTokens {
	/** Token ids, [tokens]. */
	ids: number[];
	/** 1 for a token, 0 for padding, [tokens]. */
	mask: number[];
	/** True when the end of the text did not fit. */
	shortened: boolean;
}

/**
 * A token is rarely longer than this many characters, so a text cut to this times `maxTokens` gives
 * the same tokens and a pasted book costs no more than a page.
 */
const charactersPerToken = 64;

/**
 * [Note: Text layouts] Encoders differ in what surrounds the words, and the wrong layout gives
 * plausible noise, not an error. CLIP (arXiv:2103.00020) pads to 77 and reads the vector at the
 * end-of-text token, so shortening must keep that token. SigLIP (arXiv:2303.15343) was trained on
 * texts padded to 64 with no mask, and reads the padding too. BERT-like towers take a mask and need
 * no padding. The manifest says which; this file keeps to it.
 */
export function createTextLayout(
	tokenizerJson: unknown,
	text: ModelManifest["text"],
): (words: string) => TextTokens {
	const problem = (message: string, field: string) =>
		new Refusal("MODEL_UNAVAILABLE", `The text tower cannot be used: ${message}`, { field });
	if (typeof tokenizerJson !== "object" || tokenizerJson === null) {
		throw problem(`${text.tokenizer} is not a tokenizer.`, "text.tokenizer");
	}
	let tokenizer: Tokenizer;
	try {
		tokenizer = new Tokenizer(tokenizerJson, {});
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw problem(`${text.tokenizer} is not a tokenizer (${reason}).`, "text.tokenizer");
	}
	const { before, after } = surroundingTokens(tokenizer);
	const room = text.maxTokens - before.length - after.length;
	if (room < 1) throw problem("maxTokens leaves no room for words.", "text.maxTokens");
	const padding = text.padding === "max" ? paddingId(tokenizer, tokenizerJson, text.padToken) : 0;
	if (padding === undefined) {
		throw problem(
			`${text.padToken === undefined ? "the tokenizer names no padding token" : `the tokenizer has no token ${text.padToken}`}; set text.padToken in model.json.`,
			"text.padToken",
		);
	}
	const longestText = text.maxTokens * charactersPerToken;
	const lowers = text.lowercase || lowersItself(tokenizerJson);

	return (words) => {
		const kept = words.length > longestText ? words.slice(0, longestText).toWellFormed() : words;
		const cleaned = text.clean === "canonical" ? canonical(kept) : kept;
		const prepared = lowers ? lowerCase(cleaned) : cleaned;
		const inner: number[] = tokenizer.encode(prepared, { add_special_tokens: false }).ids;
		const shortened = inner.length > room || kept !== words;
		const ids = [...before, ...inner.slice(0, room), ...after];
		const length = text.padding === "max" ? text.maxTokens : Math.max(ids.length, 1);
		const mask = Array.from({ length }, (_, at) => (at < ids.length ? 1 : 0));
		while (ids.length < length) ids.push(padding);
		return { ids, mask, shortened };
	};
}

/** The marks of ASCII are taken out, as SigLIP's authors do it (big_vision, `canonicalize_text`). */
function canonical(words: string): string {
	return words
		.replace(/[!-/:-@[-`{-~]/g, "")
		.replace(/\s+/g, " ")
		.trim();
}

/**
 * Character by character, as the tokenizers that encoders were trained with do it: a capital sigma at the end
 * of a word becomes the same letter as elsewhere. `toLowerCase` of a whole word writes the final form.
 */
function lowerCase(words: string): string {
	return words.replace(/\p{Lu}/gu, (letter) => letter.toLowerCase());
}

/** True where the tokenizer lowers capitals by itself, which it would do with `toLowerCase`. */
function lowersItself(tokenizerJson: object): boolean {
	const normalizer = "normalizer" in tokenizerJson ? tokenizerJson.normalizer : null;
	const steps: unknown[] = [normalizer];
	for (const step of steps) {
		if (typeof step !== "object" || step === null || !("type" in step)) continue;
		if (step.type === "Lowercase") return true;
		if (step.type === "BertNormalizer" && "lowercase" in step && step.lowercase === true)
			return true;
		if ("normalizers" in step && Array.isArray(step.normalizers)) steps.push(...step.normalizers);
	}
	return false;
}

/** The special tokens the tokenizer puts around every text, found by asking it. */
function surroundingTokens(tokenizer: Tokenizer): { before: number[]; after: number[] } {
	const inner: number[] = tokenizer.encode("a", { add_special_tokens: false }).ids;
	const outer: number[] = tokenizer.encode("a").ids;
	for (let start = 0; start + inner.length <= outer.length; start++) {
		if (inner.every((id, at) => outer[start + at] === id)) {
			return { before: outer.slice(0, start), after: outer.slice(start + inner.length) };
		}
	}
	return { before: [], after: [] };
}

/** The manifest's padding token, else the tokenizer's own, else the usual names. */
function paddingId(
	tokenizer: Tokenizer,
	tokenizerJson: object,
	padToken: string | undefined,
): number | undefined {
	if (padToken !== undefined) return tokenizer.token_to_id(padToken);
	const declared = "padding" in tokenizerJson ? tokenizerJson.padding : null;
	if (typeof declared === "object" && declared !== null && "pad_id" in declared) {
		if (typeof declared.pad_id === "number") return declared.pad_id;
	}
	return tokenizer.token_to_id("[PAD]") ?? tokenizer.token_to_id("<pad>");
}

/** @file How a package wants its texts, from its configuration and its tokenizer. See [Note: Text layouts]. */
import { z } from "zod";
import type { ModelManifest } from "../../encoder/model-manifest.ts";
import { missingFile, type PackageFile, readPackageFile, unusable } from "./package-file.ts";

export type TextRule = Pick<
	ModelManifest["text"],
	"tokenizer" | "masks" | "maxTokens" | "padding" | "padToken" | "lowercase" | "clean"
>;

/**
 * `clip` reads the vector at the end-of-text token, `siglip` reads the padding too, `masked` is BERT and
 * its like, which are told what is padding.
 */
export type TextFamily = "clip" | "siglip" | "masked";

const count = z.number().int().positive();

/** What is used of `config.json`, as transformers and OpenCLIP write it. */
export const packageConfigSchema = z.object({
	model_type: z.string().optional(),
	/** CLIP: what both towers project to. */
	projection_dim: count.optional(),
	text_config: z
		.object({
			model_type: z.string().optional(),
			max_position_embeddings: count.optional(),
			pad_token_id: z.number().int().nullish(),
			projection_dim: count.optional(),
			hidden_size: count.optional(),
		})
		.optional(),
	vision_config: z.object({ hidden_size: count.optional() }).optional(),
	/** OpenCLIP: what both towers project to. */
	embed_dim: count.optional(),
	/** OpenCLIP: only its models trained as SigLIP have one. */
	init_logit_bias: z.number().nullish(),
	text_cfg: z
		.object({
			context_length: count.optional(),
			hf_model_name: z.string().nullish(),
			hf_tokenizer_name: z.string().nullish(),
			tokenizer_kwargs: z.object({ clean: z.string().optional() }).nullish(),
		})
		.optional(),
});
export type PackageConfig = z.infer<typeof packageConfigSchema>;

const tokenSchema = z
	.union([z.string(), z.object({ content: z.string() }).transform(({ content }) => content)])
	.nullish();
const tokenizerConfigSchema = z.object({
	pad_token: tokenSchema,
	do_lower_case: z.boolean().nullish(),
	model_max_length: z.number().nullish(),
});
const tokenizerSchema = z.looseObject({
	truncation: z.object({ max_length: count.optional() }).nullish(),
	padding: z.object({ pad_token: z.string().optional() }).nullish(),
	added_tokens: z.array(z.object({ id: z.number().int(), content: z.string() })).default([]),
	model: z.looseObject({ vocab: z.unknown() }),
});

/** What the text graph itself says. */
export interface TextGraphFacts {
	/** Tokens it takes, where that is fixed. */
	fixedTokens: number | null;
	takesMask: boolean;
}

const tokenizerFiles = ["tokenizer.json", "textual/tokenizer.json", "onnx/tokenizer.json"];

/** No text tower of this kind reads more; a greater number stands for "not limited". */
const mostTokens = 10_000;

/** @throws Refusal MODEL_DAMAGED naming the file, and the field that is missing or not understood. */
export async function readTextRule(
	folder: string,
	config: PackageFile<PackageConfig> | null,
	graph: TextGraphFacts,
): Promise<{ rule: TextRule; family: TextFamily }> {
	const tokenizer = await readPackageFile(folder, tokenizerFiles, tokenizerSchema);
	if (tokenizer === null) {
		throw missingFile(
			folder,
			"tokenizer.json",
			"It cuts words into what the model reads. vocab.json and merges.txt do not serve in its place: save the tokenizer in the fast format.",
		);
	}
	const settings = await readPackageFile(
		folder,
		["tokenizer_config.json", "textual/tokenizer_config.json"],
		tokenizerConfigSchema,
	);
	const special = await readPackageFile(
		folder,
		["special_tokens_map.json", "textual/special_tokens_map.json"],
		z.object({ pad_token: tokenSchema }),
	);
	const known = new Set(tokenizer.value.added_tokens.map(({ content }) => content));
	const family = familyOf(folder, config, known, graph);
	const padding = graph.fixedTokens === null && family === "masked" ? "longest" : "max";
	const maxTokens = tokensOf(folder, family, config, tokenizer.value, settings?.value, graph);
	const padToken =
		settings?.value.pad_token ??
		special?.value.pad_token ??
		(family === "siglip" ? tokenOfId(tokenizer.value, config) : undefined) ??
		tokenizer.value.padding?.pad_token ??
		usualPadTokens.find((token) => known.has(token));
	if (padding === "max" && padToken === undefined) {
		throw unusable(
			folder,
			settings?.name ?? "tokenizer_config.json",
			"pad_token",
			"it is missing, and texts must be padded",
		);
	}
	const cleaned = config?.value.text_cfg?.tokenizer_kwargs?.clean === "canonicalize";
	const rule: TextRule = {
		tokenizer: tokenizer.name,
		masks: family === "siglip" && graph.takesMask ? "all" : "tokens",
		maxTokens,
		padding,
		...(padding === "max" && padToken !== undefined && { padToken }),
		lowercase: family === "siglip" || cleaned || settings?.value.do_lower_case === true,
		...(cleaned && { clean: "canonical" as const }),
	};
	return { rule, family };
}

const usualPadTokens = ["<pad>", "[PAD]", "<|endoftext|>"];

function familyOf(
	folder: string,
	config: PackageFile<PackageConfig> | null,
	known: ReadonlySet<string>,
	graph: TextGraphFacts,
): TextFamily {
	const type = config?.value.model_type ?? "";
	const textType = config?.value.text_config?.model_type ?? "";
	const openClip = config?.value.text_cfg;
	if (/^siglip/.test(type) || (openClip && config?.value.init_logit_bias != null)) return "siglip";
	if (openClip?.hf_model_name != null) return "masked";
	if (/bert|roberta/.test(textType)) return "masked";
	if (/clip/.test(type) || openClip !== undefined || known.has("<|startoftext|>")) return "clip";
	if (graph.takesMask) return "masked";
	if (config === null) {
		throw missingFile(
			folder,
			"config.json",
			"It says what kind of model this is, and with it how texts are padded.",
		);
	}
	throw unusable(
		folder,
		config.name,
		"model_type",
		`${JSON.stringify(type)} is not known here, and the text graph takes no attention mask`,
	);
}

function tokensOf(
	folder: string,
	family: TextFamily,
	config: PackageFile<PackageConfig> | null,
	tokenizer: z.infer<typeof tokenizerSchema>,
	settings: z.infer<typeof tokenizerConfigSchema> | undefined,
	graph: TextGraphFacts,
): number {
	if (graph.fixedTokens !== null) return graph.fixedTokens;
	// Both were trained with one length; what the tokenizer was last used with is not always that.
	const trained =
		config?.value.text_config?.max_position_embeddings ?? config?.value.text_cfg?.context_length;
	if (family === "clip") return trained ?? 77;
	if (family === "siglip") return trained ?? 64;
	// RoBERTa's positions begin after its padding token's number, so two are not for tokens.
	const offset = /roberta/.test(config?.value.text_config?.model_type ?? "") ? 2 : 0;
	const places = trained === undefined ? undefined : trained - offset;
	const limits = [places, tokenizer.truncation?.max_length, settings?.model_max_length];
	const least = Math.min(...limits.map((limit) => limit ?? Number.POSITIVE_INFINITY));
	if (least > 2 && least <= mostTokens) return least;
	throw unusable(
		folder,
		config?.name ?? "config.json",
		"text_config.max_position_embeddings",
		"neither it nor the tokenizer's model_max_length says how long a text may be",
	);
}

function tokenOfId(
	tokenizer: z.infer<typeof tokenizerSchema>,
	config: PackageFile<PackageConfig> | null,
): string | undefined {
	const id = config?.value.text_config?.pad_token_id ?? null;
	return tokenizer.added_tokens.find((token) => token.id === id)?.content;
}

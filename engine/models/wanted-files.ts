/** @file Which files of a repository make the model that the catalogue means. */
import { Refusal } from "../../contract/errors.ts";
import { chosenForm, janusParts } from "../generator/autoregressive/janus/janus-package.ts";
import type { ListedFile, Listing } from "./hub-lookup.ts";
import type { CatalogueEntry } from "./model-catalogue.ts";

/** What stands beside the graphs of an encoder, where exports keep it. */
const settings = [
	"config.json",
	"open_clip_config.json",
	"preprocessor_config.json",
	"processor_config.json",
	"preprocess_cfg.json",
	"tokenizer.json",
	"tokenizer_config.json",
	"special_tokens_map.json",
	"README.md",
	"LICENSE",
	"visual/preprocess_cfg.json",
	"textual/tokenizer.json",
	"textual/tokenizer_config.json",
	"textual/special_tokens_map.json",
];

/**
 * @throws Refusal NOT_SUPPORTED where the repository holds no such model; names what it does hold.
 */
export function wantedFiles(entry: CatalogueEntry, listing: Listing): ListedFile[] {
	const files =
		entry.kind === "encoder"
			? encoderFiles(entry, listing)
			: [pipelineFiles(listing), janusFiles(listing)].find((found) => found.length > 0);
	if (files !== undefined && files.length > 0) return files;
	const graphs = listing.files.filter(({ name }) => name.endsWith(".onnx"));
	const holds =
		graphs.length === 0
			? "It holds no ONNX file at all"
			: `It holds ${graphs.map(({ name }) => name).join(", ")}`;
	throw new Refusal(
		"NOT_SUPPORTED",
		`${entry.repository} does not hold ${entry.title} in a form this version reads. ${holds}. An ONNX export of it can be installed from a folder.`,
	);
}

function encoderFiles({ form }: CatalogueEntry, { files }: Listing): ListedFile[] {
	const mark = form === null ? "" : `_${form}`;
	const graphs = [
		["onnx/text_model", "onnx/vision_model"],
		["textual/model", "visual/model"],
		["onnx/model"],
	]
		.map((stems) =>
			stems.map((stem) => files.filter(({ name }) => belongsTo(name, `${stem}${mark}.onnx`))),
		)
		.find((halves) => halves.every((half) => half.some(({ name }) => name.endsWith(".onnx"))));
	if (graphs === undefined) return [];
	return [...graphs.flat(), ...files.filter(({ name }) => settings.includes(name))];
}

/** The graph, or weights kept beside it. */
function belongsTo(name: string, graph: string): boolean {
	return name === graph || name === `${graph}_data` || name === `${graph}.data`;
}

/** Latent diffusion in its usual folders. */
function pipelineFiles({ files }: Listing): ListedFile[] {
	const parts = files.filter(({ name }) =>
		/^((text_encoder|text_encoder_2|unet|vae_decoder|vae_encoder|tokenizer|tokenizer_2|scheduler)\/.+\.(onnx|onnx_data|data|json|txt)|model_index\.json|README\.md|LICENSE)$/.test(
			name,
		),
	);
	return parts.some(({ name }) => name.startsWith("unet/") && name.endsWith(".onnx")) ? parts : [];
}

/** Of Janus's graphs those that draw, each in the one form that would be chosen; the rest only reads. */
function janusFiles({ files }: Listing): ListedFile[] {
	const names = new Set(files.map(({ name }) => name));
	const graphs = janusParts.flatMap((part) => chosenForm(part, names) ?? []);
	if (graphs.length < janusParts.length) return [];
	const beside = [...settings, "generation_config.json"];
	return files.filter(
		({ name }) => beside.includes(name) || graphs.some((graph) => belongsTo(name, graph)),
	);
}

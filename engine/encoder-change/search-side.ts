/**
 * @file All that hangs on one encoder: its index, calibration, labels and searches.
 *
 * [Note: Two sides] Vectors of two encoders never meet. Everything that holds or compares vectors belongs
 * to one side, and a side is made for one encoder and closed with it. While the encoder is changed there are two
 * sides: the present one answers, the coming one is filled. A question stays on the side where it began.
 */
import { join } from "node:path";
import type { EncoderPlace } from "../../contract/model.ts";
import type { ModelId } from "../../contract/model-package.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { PhotoRecord } from "../catalogue/records.ts";
import type { Decoder } from "../decoder/decoder.ts";
import type { DualEncoder } from "../encoder/dual-encoder.ts";
import { encoderKey } from "../encoder/encoder-key.ts";
import type { ModelPackage } from "../encoder/model-package.ts";
import { createDualEncoder } from "../encoder/onnx-dual-encoder.ts";
import { LibraryIndex } from "../index/library-index.ts";
import { bundledModel } from "../models/bundled-models.ts";
import { Calibrator } from "../search/calibration/calibrator.ts";
import { NeutralPrompts } from "../search/calibration/neutral-prompts.ts";
import { Completions } from "../search/completions.ts";
import { ExampleEmbeddings } from "../search/examples/example-embeddings.ts";
import type { KeptPictures } from "../search/examples/kept-pictures.ts";
import { QueryComposer } from "../search/examples/query-composer.ts";
import type { PhotoFilters } from "../search/photo-filters.ts";
import { Searcher } from "../search/searcher.ts";
import { Suggestions } from "../search/suggestions.ts";
import type { QueryReader } from "../search/text-query.ts";
import type { WordSearch } from "../search/words/word-search.ts";
import { openTagging, type Tagging } from "../tagger/open-tagging.ts";

/** A package that can search, and the name it is chosen by. */
export interface ChosenEncoder {
	model: ModelId;
	package: ModelPackage;
}

/** What both sides share. */
export interface SearchSideParts {
	catalogue: Catalogue;
	decoder: Decoder;
	libraryPath: string;
	resourcesPath: string;
	/** Folder of the index files of every encoder. */
	indexesPath: string;
	reader: QueryReader;
	filters: PhotoFilters;
	words: WordSearch;
	keptPictures: KeptPictures;
	/** One phrase a line, from the shipped vocabularies. */
	phrases(name: string): string[];
	thumbnailPath(contentHash: string): string;
	/** Last known absolute path of a photo, and whether its folder is offline. */
	whereabouts(photo: PhotoRecord): { path: string; offline: boolean };
	/** Where the person wants encoders to run. */
	place(): EncoderPlace;
	/** Photos are being indexed. */
	othersBusy(): boolean;
	/** Suggestions have changed. */
	onTagsChanged(): void;
}

export interface SearchSide {
	readonly chosen: ChosenEncoder;
	readonly encoder: DualEncoder;
	readonly index: LibraryIndex;
	readonly tagging: Tagging;
	readonly examples: ExampleEmbeddings;
	readonly searcher: Searcher;
	readonly suggestions: Suggestions;
	readonly completions: Completions;
	/** Makes the index hold what the catalogue holds of this encoder. */
	fillIndex(): Promise<void>;
	/** Does what the first search and the first look of the labels would have to wait for. */
	prepare(): Promise<void>;
	/** Stops work in the background; questions under way are still answered. */
	retire(): Promise<void>;
	/** Saves the index and ends the encoder. */
	close(): Promise<void>;
}

/** Reads no vector yet; see `fillIndex`. */
export async function openSearchSide(
	parts: SearchSideParts,
	chosen: ChosenEncoder,
	encoder: DualEncoder = openEncoder(parts, chosen),
): Promise<SearchSide> {
	const { catalogue, decoder, reader, filters, words, phrases, whereabouts } = parts;
	const index = new LibraryIndex({
		space: { encoderKey: encoder.key, dimensions: encoder.manifest.dimensions },
		folderPath: join(parts.indexesPath, encoder.key),
	});
	const neutralPrompts = new NeutralPrompts(encoder, phrases("neutral-prompts"));
	const calibrator = new Calibrator(index, encoder.manifest, neutralPrompts);
	const tagging = await openTagging({
		catalogue,
		encoder,
		index,
		neutralVectors: () => neutralPrompts.vectors(),
		resourcesPath: parts.resourcesPath,
		libraryPath: parts.libraryPath,
		othersBusy: parts.othersBusy,
		onChanged: parts.onTagsChanged,
	});
	const { thumbnailPath, keptPictures: kept } = parts;
	const examples = new ExampleEmbeddings({
		catalogue,
		index,
		encoder,
		decoder,
		kept,
		thumbnailPath,
		whereabouts,
	});
	const composer = new QueryComposer(index, examples, calibrator);
	const searcher = new Searcher({
		words,
		composer,
		catalogue,
		index,
		encoder,
		decoder,
		calibrator,
		reader,
		filters,
		whereabouts,
	});
	const suggestions = new Suggestions(index, encoder, phrases("example-queries"));
	const completions = new Completions(catalogue, reader, suggestions);
	return {
		chosen,
		encoder,
		index,
		tagging,
		examples,
		searcher,
		suggestions,
		completions,
		fillIndex: () => index.load(labelled(catalogue, encoder.key)),
		async prepare() {
			await index.settled();
			await calibrator.backdrop();
			await suggestions.forLibrary();
			await tagging.tagger.prepare();
		},
		retire: () => tagging.tagger.close(),
		async close() {
			await tagging.tagger.close();
			await index.save();
			index.close();
			await encoder.close();
		},
	};
}

/** An encoder of its own for a package; nothing is loaded before it is used. */
export function openEncoder(
	{
		libraryPath,
		indexesPath,
		place,
	}: Pick<SearchSideParts, "libraryPath" | "indexesPath" | "place">,
	{ model, package: { path, manifest } }: ChosenEncoder,
): DualEncoder {
	// With its index, so that it goes when that is discarded.
	const ownFolder = join(indexesPath, encoderKey(manifest));
	const folder = model === bundledModel ? libraryPath : ownFolder;
	const probeStatePath = join(folder, "execution-providers.json");
	return createDualEncoder({ packagePath: path, manifest, probeStatePath, place });
}

async function* labelled(catalogue: Catalogue, encoderKey: string) {
	for await (const { id, vector } of catalogue.embeddings.all(encoderKey)) {
		yield { label: id, vector };
	}
}

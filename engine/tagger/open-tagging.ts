/** @file Puts the parts of tagging together. */
import { join } from "node:path";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { DualEncoder } from "../encoder/dual-encoder.ts";
import type { LibraryIndex } from "../index/library-index.ts";
import { LabelPreviews } from "./label-preview.ts";
import { Labels } from "./labels.ts";
import { LibraryLabels } from "./library-labels.ts";
import { shippedVocabularyFolder } from "./shipped-vocabulary.ts";
import { Tagger } from "./tagger.ts";

export interface TaggingParts {
	catalogue: Catalogue;
	encoder: DualEncoder;
	index: LibraryIndex;
	/** Embeddings of the neutral phrases, Float32 [dimensions] each. */
	neutralVectors(): Promise<readonly Float32Array[]>;
	resourcesPath: string;
	libraryPath: string;
	/** Photos are being indexed. */
	othersBusy(): boolean;
	/** Suggestions have changed. */
	onChanged(): void;
}

export interface Tagging {
	tagger: Tagger;
	previews: LabelPreviews;
	labels: Labels;
}

/** Reads the vocabularies; nothing is embedded yet. */
export async function openTagging(parts: TaggingParts): Promise<Tagging> {
	const { catalogue, encoder, index, neutralVectors, resourcesPath, libraryPath } = parts;
	const library = new LibraryLabels({ encoder, index, labels: catalogue.labels, neutralVectors });
	const tagger = new Tagger({
		catalogue,
		index,
		labels: library,
		encoderKey: encoder.key,
		othersBusy: parts.othersBusy,
		onChanged: parts.onChanged,
		// The model's own status says what is wrong with it; the next photo tries again.
		onTrouble: () => undefined,
	});
	const previews = new LabelPreviews({ catalogue, index, labels: library, tagger });
	const labels = new Labels({
		catalogue,
		tagger,
		previews,
		vocabularyFolders: [shippedVocabularyFolder(resourcesPath), join(libraryPath, "labels")],
		onChanged: parts.onChanged,
	});
	await labels.readVocabularies();
	return { tagger, previews, labels };
}

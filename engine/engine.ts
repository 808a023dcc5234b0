/**
 * @file Opens a library: builds the modules, wires them to one another and owns their shutdown.
 * The caller holds the library's lock (`library/library-lock.ts`) for as long as it is open.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PhotoId } from "../contract/ids.ts";
import type { LibraryStatus } from "../contract/library.ts";
import type { Catalogue } from "./catalogue/catalogue.ts";
import { openCatalogue } from "./catalogue/open-catalogue.ts";
import type { PhotoRecord } from "./catalogue/records.ts";
import { createDecoder } from "./decoder/create-decoder.ts";
import type { PixelRule } from "./decoder/decoder.ts";
import type { ModelManifest } from "./encoder/model-manifest.ts";
import { loadModelPackage, verifyModelPackage } from "./encoder/model-package.ts";
import { createDualEncoder } from "./encoder/onnx-dual-encoder.ts";
import { DrawingQueue } from "./generator/drawing-queue.ts";
import { openFamilies } from "./generator/families.ts";
import { activityHandlers, pausedSetting } from "./handlers/activity-handlers.ts";
import { descriptionHandlers } from "./handlers/description-handlers.ts";
import { EventHub } from "./handlers/event-hub.ts";
import { folderHandlers } from "./handlers/folder-handlers.ts";
import { generationHandlers } from "./handlers/generation-handlers.ts";
import { implementer } from "./handlers/implementer.ts";
import { labelHandlers } from "./handlers/label-handlers.ts";
import { libraryHandlers } from "./handlers/library-handlers.ts";
import { lookAlikeHandlers } from "./handlers/look-alike-handlers.ts";
import { modelHandlers } from "./handlers/model-handlers.ts";
import { photoHandlers } from "./handlers/photo-handlers.ts";
import { recognitionHandlers } from "./handlers/recognition-handlers.ts";
import { savedSearchHandlers } from "./handlers/saved-search-handlers.ts";
import { searchHandlers } from "./handlers/search-handlers.ts";
import { taggingHandlers, tagHandlers } from "./handlers/tag-handlers.ts";
import { tagWritingHandlers } from "./handlers/tag-writing-handlers.ts";
import { LibraryIndex } from "./index/library-index.ts";
import { Indexer } from "./indexer/indexer.ts";
import { describeProgress } from "./indexer/progress.ts";
import type { CheckParts } from "./library/check-library.ts";
import { folderSizeBytes } from "./library/folder-size.ts";
import { prepareLibraryFolder } from "./library/library-folder.ts";
import { LibraryFolders } from "./library/library-folders.ts";
import { Pictures } from "./library/pictures.ts";
import { ThumbnailStore } from "./library/thumbnail-store.ts";
import { CopyFinder } from "./lookalikes/copy-finder.ts";
import { LookAlikes } from "./lookalikes/look-alikes.ts";
import { TrashMoves } from "./lookalikes/trash-moves.ts";
import { Models } from "./models/models.ts";
import { usualModelsPath } from "./models/usual-models-path.ts";
import type { LibraryOptions, OpenLibrary } from "./open-library.ts";
import {
	countOutgoingConnections,
	madeConnections,
	outgoingConnections,
	recordReceived,
} from "./outgoing-connections.ts";
import { TextReading } from "./recognition/text-reading.ts";
import { Calibrator } from "./search/calibration/calibrator.ts";
import { NeutralPrompts } from "./search/calibration/neutral-prompts.ts";
import { Completions } from "./search/completions.ts";
import { ExampleEmbeddings } from "./search/examples/example-embeddings.ts";
import { QueryComposer } from "./search/examples/query-composer.ts";
import { Grouper } from "./search/grouping.ts";
import { PhotoFilters } from "./search/photo-filters.ts";
import { Gazetteer } from "./search/places/gazetteer.ts";
import { SavedSearches } from "./search/saved-searches.ts";
import { Searcher } from "./search/searcher.ts";
import { Suggestions } from "./search/suggestions.ts";
import { QueryReader } from "./search/text-query.ts";
import { WordKeeper } from "./search/words/word-keeper.ts";
import { WordSearch } from "./search/words/word-search.ts";
import { TagsInFiles } from "./sidecars/tags-in-files.ts";
import { openTagging } from "./tagger/open-tagging.ts";

/**
 * Opens the library at `options.libraryPath`, creating it when absent.
 * @throws Refusal LIBRARY_UNUSABLE (not a library, damaged, newer), MODEL_UNAVAILABLE, DISK_FULL.
 */
export async function openLibrary(options: LibraryOptions): Promise<OpenLibrary> {
	countOutgoingConnections();
	const folder = await prepareLibraryFolder(options.libraryPath);
	const packagePath = join(options.resourcesPath, "models", "starter");
	const encoder = createDualEncoder({
		packagePath,
		probeStatePath: join(folder.path, "execution-providers.json"),
	});
	const catalogue = await openCatalogue(folder.cataloguePath);
	const decoder = createDecoder();
	const thumbnails = new ThumbnailStore(folder.thumbnailsPath);
	const index = new LibraryIndex({
		space: { encoderKey: encoder.key, dimensions: encoder.manifest.dimensions },
		folderPath: join(folder.indexesPath, encoder.key),
	});
	const fillIndex = () => index.load(labelled(catalogue, encoder.key));
	await fillIndex();

	/** Why the last scan stopped; null since one went through. */
	let scanTrouble: string | null = null;
	const events = new EventHub(() => progress());
	const folders = new LibraryFolders({
		catalogue,
		libraryPath: folder.path,
		live: options.live,
		onPhotosChanged: () => {
			scanTrouble = null;
			events.photosChanged();
		},
		onFoldersChanged: () => events.foldersChanged(),
		onWaiting: () => indexer.wake(),
		onSidecars: () => tagsInFiles.wake(),
		onForgotten: (ids: readonly PhotoId[]) => {
			for (const id of ids) index.remove(id);
			indexer.forgetQueued();
		},
		onTrouble: (error) => {
			scanTrouble = error instanceof Error ? error.message : String(error);
			events.progressChanged();
		},
	});
	const whereabouts = folders.whereabouts.bind(folders);
	const paused = (await catalogue.settings.get(pausedSetting)) === true;
	const locate = async (photo: PhotoRecord) => {
		const { path, offline } = whereabouts(photo);
		return offline ? null : path;
	};
	const confirmFolder = (photo: PhotoRecord) => folders.confirm(photo.folderId);
	const indexer = new Indexer(
		{
			catalogue,
			decoder,
			encoder,
			thumbnails,
			locate,
			confirmFolder,
			onStored: (photos) => {
				for (const { id, vector } of photos) index.set(id, vector);
				tagging.tagger.noteStored(photos.map(({ id }) => id));
				events.photosChanged();
			},
			onFileMetadata: (...read) => tagsInFiles.photoRead(...read),
			onFailed: (id) => {
				index.remove(id);
				events.photosChanged();
			},
			onProgress: () => {
				events.progressChanged();
				textReading.wake();
				if (indexer.state().busy) return;
				tagsInFiles.wake();
				tagging.tagger.wake();
			},
		},
		{ paused },
	);
	const tagsInFiles = await TagsInFiles.open({
		catalogue,
		decoder,
		locate: (place) => {
			const { path, offline } = whereabouts(place);
			return offline ? null : path;
		},
		confirmFolder: (id) => folders.confirm(id),
		othersBusy: () => indexer.state().busy,
		onTagsChanged: () => events.tagsChanged(),
		onRead: () => words.wake(),
		onDrawnChanged: () => events.photosChanged(),
	});
	const textReading = await TextReading.open({
		packagePath: join(options.resourcesPath, "models", "pp-ocr"),
		catalogue,
		decoder,
		locate,
		confirmFolder,
		othersBusy: () => indexer.state().busy,
		onWordsChanged: () => events.photosChanged(),
		onProgress: () => events.progressChanged(),
		paused,
	});
	const progress = async () =>
		describeProgress(
			await catalogue.photos.counts(),
			indexer.state(),
			{ running: folders.scanning, trouble: scanTrouble },
			textReading.progress(),
		);

	const phrases = (name: string) => readPhrases(options.resourcesPath, name);
	const neutralPrompts = new NeutralPrompts(encoder, phrases("neutral-prompts"));
	const calibrator = new Calibrator(index, encoder.manifest, neutralPrompts);
	const tagging = await openTagging({
		catalogue,
		encoder,
		index,
		neutralVectors: () => neutralPrompts.vectors(),
		resourcesPath: options.resourcesPath,
		libraryPath: folder.path,
		othersBusy: () => indexer.state().busy,
		onChanged: () => events.tagsChanged(),
	});
	const gazetteer = new Gazetteer(options.resourcesPath);
	const reader = new QueryReader(gazetteer);
	const words = new WordKeeper(catalogue.words, gazetteer);
	const filters = new PhotoFilters(catalogue, gazetteer, () => words.catchUp());
	const examples = new ExampleEmbeddings({
		catalogue,
		index,
		encoder,
		decoder,
		thumbnailPath: (contentHash) => thumbnails.pathOf(contentHash),
		whereabouts,
	});
	const composer = new QueryComposer(index, examples, calibrator);
	const searcher = new Searcher({
		words: new WordSearch(catalogue.words, words),
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
	const grouper = new Grouper(catalogue, gazetteer);
	const savedSearches = new SavedSearches({
		catalogue,
		answer: async (question, limit) => {
			const { query, grouping, folderId, examples, liked, disliked, ...scope } = question;
			const pictures = { examples, liked, disliked };
			const within = folderId === null ? {} : { folderId };
			const result = await searcher.byText(query, { ...scope, ...within, pictures, limit });
			return grouper.inResult(result, grouping);
		},
		check: ({ query, plain, examples, liked }) => {
			const asked = examples.length + liked.length;
			if (query !== "" || asked === 0) reader.read(query, plain);
		},
		// Both only grow: the sum stands still only where both do.
		revision: () => events.revision + events.tagRevision,
		onChanged: () => events.savedSearchesChanged(),
	});
	const suggestions = new Suggestions(index, encoder, phrases("example-queries"));
	const completions = new Completions(catalogue, reader, suggestions);
	const pictures = new Pictures({ catalogue, decoder, thumbnails, whereabouts });
	const modelsPath = options.modelsPath ?? usualModelsPath();
	const families = openFamilies(options.resourcesPath, modelsPath);
	const drawings = new DrawingQueue({
		table: catalogue.drawings,
		families,
		generatedPath: folder.generatedPath,
	});
	await drawings.open();
	const finder = new CopyFinder({
		photos: catalogue.lookAlikes,
		decoder,
		thumbnails,
		pixels: pixelRule(encoder.manifest),
		makeThumbnail: (id) => pictures.thumbnail(id),
		vectorOf: (id) => index.vectorOf(id),
	});
	const revision = () => events.revision;
	const lookAlikes = new LookAlikes({ catalogue, finder, whereabouts, revision });
	const trashMoves = new TrashMoves({
		catalogue,
		lookAlikes,
		trash: options.trash,
		whereabouts,
		// Watchers tell of it too, where the system lets them.
		onFilesChanged: (id) => void folders.rescan(id).catch(() => undefined),
	});
	const check: CheckParts = {
		libraryPath: folder.path,
		catalogue,
		thumbnails,
		index,
		encoderKey: encoder.key,
		verifyModel: () => verifyModelPackage(loadModelPackage(packagePath)),
		verifyTextReader: () => textReading.verify(),
		rebuildIndex: fillIndex,
		onWaiting: () => {
			events.photosChanged();
			indexer.wake();
		},
	};
	const models = await Models.open({
		path: modelsPath,
		resourcesPath: options.resourcesPath,
		mirror: {
			get: () => catalogue.settings.get("models.mirror"),
			set: (mirror) => catalogue.settings.set("models.mirror", mirror),
		},
		onChanged: () => events.modelsChanged(),
		onReceived: recordReceived,
	});
	const status = async (): Promise<LibraryStatus> => {
		const { photos, searchable, failed, waiting } = await catalogue.photos.counts();
		const known = await catalogue.folders.list();
		return {
			version: options.version,
			path: folder.path,
			sizeBytes: await folderSizeBytes(folder.path),
			photos,
			searchable,
			failed,
			waiting,
			folders: known.length,
			offlineFolders: known.filter((record) => record.offline).length,
			paused: indexer.state().paused,
			index: await index.measuredStatus(),
			encoder: encoder.status(),
			outgoingConnections: outgoingConnections(),
			connections: madeConnections(),
		};
	};

	const router = implementer.router({
		library: libraryHandlers({ status, check }),
		folder: folderHandlers({
			folders,
			demoPhotosPath: join(options.resourcesPath, "demo-photos"),
			readWaiting: () => indexer.wake(),
			pruneThumbnails: async () => {
				await thumbnails.removeAllBut(await catalogue.photos.contentHashes());
				await catalogue.recognisedText.prune();
			},
		}),
		photo: photoHandlers({
			catalogue,
			indexer,
			grouper,
			textReading,
			events,
			whereabouts,
			reveal: options.reveal,
		}),
		description: descriptionHandlers({
			catalogue,
			whereabouts,
			onChanged: () => events.tagsChanged(),
		}),
		search: searchHandlers({ searcher, reader, suggestions, completions, grouper, examples }),
		savedSearch: savedSearchHandlers({ savedSearches }),
		lookAlike: lookAlikeHandlers({ lookAlikes, trashMoves }),
		tag: tagHandlers({
			catalogue,
			tagger: tagging.tagger,
			whereabouts,
			onChanged: () => events.tagsChanged(),
		}),
		label: labelHandlers({ catalogue, ...tagging, onChanged: () => events.tagsChanged() }),
		tagWriting: tagWritingHandlers({ catalogue, tagsInFiles, whereabouts }),
		tagging: taggingHandlers({ catalogue, tagger: tagging.tagger }),
		recognition: recognitionHandlers({ catalogue, textReading }),
		generation: generationHandlers({
			queue: drawings,
			families,
			generatedPath: folder.generatedPath,
			decoder,
			photoSource: (id) => pictures.source(id),
		}),
		activity: activityHandlers({ catalogue, indexer, textReading, events, progress }),
		model: modelHandlers({ encoder, models, events }),
	});

	await folders.start();
	// A command that only asks something does not begin to read photos in passing.
	if (options.live) {
		indexer.wake();
		tagging.tagger.wake();
		textReading.start();
		tagsInFiles.start();
		words.wake();
	}
	const keepingWords = keepInStep(words, tagsInFiles, events);

	let closing: Promise<void> | null = null;
	const close = async () => {
		await models.close();
		events.close();
		lookAlikes.close();
		await drawings.close();
		await Promise.all([folders.close(), textReading.close(), words.close(), keepingWords]);
		await indexer.close();
		await tagging.tagger.close();
		await tagsInFiles.close();
		await index.save();
		index.close();
		await Promise.all([decoder.close(), encoder.close()]);
		await catalogue.close();
	};
	return {
		libraryPath: folder.path,
		router,
		pictures,
		close: () => {
			closing ??= close();
			return closing;
		},
	};
}

/** Until the events end. */
async function keepInStep(
	words: WordKeeper,
	tagsInFiles: TagsInFiles,
	events: EventHub,
): Promise<void> {
	for await (const { type } of events.follow(undefined)) {
		if (type === "photos-changed" || type === "tags-changed") words.wake();
		if (type === "tags-changed") tagsInFiles.wake();
	}
}

function pixelRule({ image }: ModelManifest): PixelRule {
	const [width, height] = image.size;
	return { width, height, resize: image.resize, interpolation: image.interpolation };
}

async function* labelled(catalogue: Catalogue, encoderKey: string) {
	for await (const { id, vector } of catalogue.embeddings.all(encoderKey)) {
		yield { label: id, vector };
	}
}

/** One phrase a line. */
function readPhrases(resourcesPath: string, name: string): string[] {
	const text = readFileSync(join(resourcesPath, "vocabularies", `${name}.txt`), "utf8");
	return text.split("\n").filter((line) => line.trim() !== "");
}

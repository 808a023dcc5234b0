/**
 * @file Opens a library: builds the modules, wires them to one another and owns their shutdown.
 * The caller holds the library's lock (`library/library-lock.ts`) for as long as it is open.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PhotoId } from "../contract/ids.ts";
import { openCatalogue } from "./catalogue/open-catalogue.ts";
import type { PhotoRecord } from "./catalogue/records.ts";
import { createDecoder } from "./decoder/create-decoder.ts";
import { CompareEncoders } from "./encoder-change/compare-encoders.ts";
import { CurrentSide } from "./encoder-change/current-side.ts";
import { EncoderChange } from "./encoder-change/encoder-change.ts";
import { EncoderChoice } from "./encoder-change/encoder-choice.ts";
import { EncoderPackages } from "./encoder-change/encoder-packages.ts";
import { EncoderPlaceChoice } from "./encoder-change/encoder-place.ts";
import { openChosen } from "./encoder-change/open-chosen.ts";
import { openEncoder, openSearchSide, type SearchSideParts } from "./encoder-change/search-side.ts";
import { DrawingQueue } from "./generator/drawing-queue.ts";
import { openFamilies } from "./generator/families.ts";
import { Paces } from "./generator/paces.ts";
import { pausedSetting } from "./handlers/activity-handlers.ts";
import { EventHub } from "./handlers/event-hub.ts";
import { libraryRouter } from "./handlers/library-router.ts";
import { Indexer } from "./indexer/indexer.ts";
import { describeProgress } from "./indexer/progress.ts";
import { keepInStep } from "./keep-in-step.ts";
import { DrawingsFolder } from "./library/drawings-folder.ts";
import { prepareLibraryFolder } from "./library/library-folder.ts";
import { LibraryFolders } from "./library/library-folders.ts";
import { Pictures } from "./library/pictures.ts";
import { ThumbnailStore } from "./library/thumbnail-store.ts";
import { libraryState } from "./library-state.ts";
import { Models } from "./models/models.ts";
import { usualModelsPath } from "./models/usual-models-path.ts";
import type { LibraryOptions, OpenLibrary } from "./open-library.ts";
import { openLookAlikes } from "./open-look-alikes.ts";
import { openSavedSearches } from "./open-saved-searches.ts";
import { countOutgoingConnections, recordReceived } from "./outgoing-connections.ts";
import { TextReading } from "./recognition/text-reading.ts";
import { KeptPictures } from "./search/examples/kept-pictures.ts";
import { Grouper } from "./search/grouping.ts";
import { PhotoFilters } from "./search/photo-filters.ts";
import { Gazetteer } from "./search/places/gazetteer.ts";
import { QueryReader } from "./search/text-query.ts";
import { WordKeeper } from "./search/words/word-keeper.ts";
import { WordSearch } from "./search/words/word-search.ts";
import { finishPendingWrites } from "./sidecars/finish-pending-writes.ts";
import { Originals } from "./sidecars/originals.ts";
import { TagsInFiles } from "./sidecars/tags-in-files.ts";

/**
 * Opens the library at `options.libraryPath`, creating it when absent.
 * @throws Refusal LIBRARY_UNUSABLE (not a library, damaged, newer), MODEL_UNAVAILABLE, DISK_FULL.
 */
export async function openLibrary(options: LibraryOptions): Promise<OpenLibrary> {
	countOutgoingConnections();
	const folder = await prepareLibraryFolder(options.libraryPath);
	const catalogue = await openCatalogue(folder.cataloguePath);
	const decoder = createDecoder();
	const thumbnails = new ThumbnailStore(folder.thumbnailsPath);
	const gazetteer = new Gazetteer(options.resourcesPath);
	const reader = new QueryReader(gazetteer);
	const words = new WordKeeper(catalogue.words, gazetteer);
	const modelsPath = options.modelsPath ?? usualModelsPath();
	const models = await Models.open({
		path: modelsPath,
		resourcesPath: options.resourcesPath,
		mirror: {
			get: () => catalogue.settings.get("models.mirror"),
			set: (mirror) => catalogue.settings.set("models.mirror", mirror),
		},
		onChanged: () => events.modelsChanged(),
		isUsed: (id) => change.uses(id),
		onReceived: recordReceived,
	});
	const choice = new EncoderChoice(catalogue.settings);
	const place = await EncoderPlaceChoice.open(catalogue.settings);
	const packages = new EncoderPackages(options.resourcesPath, models);

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
		onFoldersChanged: () => {
			events.foldersChanged();
			change.retryUnreadable();
		},
		onWaiting: () => indexer.wake(),
		onSidecars: () => tagsInFiles.wake(),
		onForgotten: (ids: readonly PhotoId[]) => {
			removeFromIndexes(ids);
			indexer.forgetQueued();
		},
		onTrouble: (error) => {
			scanTrouble = error instanceof Error ? error.message : String(error);
			events.progressChanged();
		},
	});
	const drawingsFolder = new DrawingsFolder({
		catalogue,
		folders,
		path: folder.generatedPath,
		onWaiting: () => indexer.wake(),
	});
	await drawingsFolder.open();
	const whereabouts = folders.whereabouts.bind(folders);
	const paused = (await catalogue.settings.get(pausedSetting)) === true;
	const locate = async (photo: PhotoRecord) => {
		const { path, offline } = whereabouts(photo);
		return offline ? null : path;
	};
	const confirmFolder = (photo: PhotoRecord) => folders.confirm(photo.folderId);
	const thumbnailPath = (contentHash: string) => thumbnails.pathOf(contentHash);
	const sideParts: SearchSideParts = {
		catalogue,
		decoder,
		libraryPath: folder.path,
		resourcesPath: options.resourcesPath,
		indexesPath: folder.indexesPath,
		reader,
		filters: new PhotoFilters(catalogue, gazetteer, () => words.catchUp()),
		words: new WordSearch(catalogue.words, words),
		keptPictures: new KeptPictures(),
		phrases: (name) => readPhrases(options.resourcesPath, name),
		thumbnailPath,
		whereabouts,
		place: () => place.now,
		othersBusy: () => indexer.state().busy,
		onTagsChanged: () => events.tagsChanged(),
	};
	const { chosen, problem } = await openChosen(choice, packages);
	const first = await openSearchSide(sideParts, chosen);
	await first.fillIndex();
	const sides = new CurrentSide(first);
	const removeFromIndexes = (ids: readonly PhotoId[]) => {
		for (const id of ids) sides.now.index.remove(id);
		change.noteRemoved(ids);
	};
	const indexer = new Indexer(
		{
			catalogue,
			decoder,
			encoder: first.encoder,
			thumbnails,
			locate,
			confirmFolder,
			onStored: (photos) => {
				const { index, tagging } = sides.now;
				for (const { id, vector } of photos) index.set(id, vector);
				const ids = photos.map(({ id }) => id);
				tagging.tagger.noteStored(ids);
				change.noteStored(ids);
				events.photosChanged();
			},
			onFileMetadata: (...read) => tagsInFiles.photoRead(...read),
			onFailed: (id) => {
				removeFromIndexes([id]);
				events.photosChanged();
			},
			onProgress: () => {
				events.progressChanged();
				textReading.wake();
				if (indexer.state().busy) return;
				tagsInFiles.wake();
				sides.now.tagging.tagger.wake();
			},
		},
		{ paused },
	);
	const originals = new Originals(join(folder.path, "originals"));
	const onRewritten = (fromHash: string, toHash: string) => thumbnails.copy(fromHash, toHash);
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
		files: {
			originals,
			replaceFile: (...change) => folders.replaceFile(...change),
			onRewritten,
		},
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
	const progress = async () => {
		const counts = await catalogue.photos.counts();
		return describeProgress(
			{ ...counts, drawn: await catalogue.photos.countDrawn() },
			indexer.state(),
			{ running: folders.scanning, trouble: scanTrouble },
			{ text: textReading.progress(), encoder: change.progress(counts.searchable) },
		);
	};
	const change = await EncoderChange.open({
		catalogue,
		decoder,
		locate,
		thumbnailPath,
		resourcesPath: options.resourcesPath,
		choice,
		packages,
		sides,
		indexer,
		indexesPath: folder.indexesPath,
		openSide: (next) => openSearchSide(sideParts, next),
		problem,
		othersBusy: () => indexer.state().busy,
		isHeld: () => indexer.state().paused,
		onChanged: () => {
			events.photosChanged();
			events.tagsChanged();
		},
		onStatus: () => events.modelsChanged(),
		onProgress: () => events.progressChanged(),
	});

	const compareEncoders = new CompareEncoders({
		catalogue,
		decoder,
		locate,
		thumbnailPath,
		sides,
		reader,
		packages,
		choice,
		openEncoder: (other) => openEncoder(sideParts, other),
		onEmbedded: () => change.recount(),
	});
	const grouper = new Grouper(catalogue, gazetteer);
	const savedSearches = openSavedSearches({ catalogue, sides, grouper, reader, events });
	const pictures = new Pictures({ catalogue, decoder, thumbnails, whereabouts });
	const paces = await Paces.open(catalogue.settings);
	const families = openFamilies(options.resourcesPath, modelsPath, { paces });
	const drawings = new DrawingQueue({
		table: catalogue.drawings,
		families,
		generatedPath: folder.generatedPath,
		onFilesChanged: () => {
			// Found by the next scan all the same.
			drawingsFolder.pictureKept().catch(() => undefined);
		},
	});
	await drawings.open();
	const { lookAlikes, trashMoves } = openLookAlikes({
		catalogue,
		decoder,
		thumbnails,
		pictures,
		sides,
		folders,
		events,
		trash: options.trash,
		whereabouts,
	});
	const state = libraryState({
		version: options.version,
		libraryPath: folder.path,
		catalogue,
		thumbnails,
		sides,
		indexer,
		textReading,
		tagsInFiles,
		onWaiting: () => {
			events.photosChanged();
			indexer.wake();
		},
	});
	const router = libraryRouter({
		catalogue,
		decoder,
		thumbnails,
		events,
		folders,
		drawingsFolder,
		indexer,
		grouper,
		textReading,
		sides,
		reader,
		savedSearches,
		lookAlikes,
		trashMoves,
		tagsInFiles,
		drawings,
		families,
		pictures,
		models,
		place,
		change,
		compareEncoders,
		state,
		progress,
		whereabouts,
		reveal: options.reveal,
		generatedPath: folder.generatedPath,
		demoPhotosPath: join(options.resourcesPath, "demo-photos"),
	});

	await originals.tidy();
	await finishPendingWrites({ catalogue, onRewritten });
	await folders.start();
	// A command that only asks something does not begin to read photos in passing.
	if (options.live) {
		indexer.wake();
		sides.now.tagging.tagger.wake();
		change.begin();
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
		await compareEncoders.close();
		await change.close();
		await indexer.close();
		await tagsInFiles.close();
		await Promise.all([decoder.close(), sides.close()]);
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

/** One phrase a line. */
function readPhrases(resourcesPath: string, name: string): string[] {
	const text = readFileSync(join(resourcesPath, "vocabularies", `${name}.txt`), "utf8");
	return text.split("\n").filter((line) => line.trim() !== "");
}

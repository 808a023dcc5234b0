/**
 * @file Opens a library: builds the modules, wires them to one another and owns their shutdown.
 * The caller holds the library's lock (`library/library-lock.ts`) for as long as it is open.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PhotoId } from "../contract/ids.ts";
import type { LibraryStatus } from "../contract/library.ts";
import { openCatalogue } from "./catalogue/open-catalogue.ts";
import type { PhotoRecord } from "./catalogue/records.ts";
import { createDecoder } from "./decoder/create-decoder.ts";
import { verifyModelPackage } from "./encoder/model-package.ts";
import { CompareEncoders } from "./encoder-change/compare-encoders.ts";
import { CurrentSide } from "./encoder-change/current-side.ts";
import { EncoderChange } from "./encoder-change/encoder-change.ts";
import { EncoderChoice } from "./encoder-change/encoder-choice.ts";
import { EncoderPackages } from "./encoder-change/encoder-packages.ts";
import { EncoderPlaceChoice } from "./encoder-change/encoder-place.ts";
import { openChosen } from "./encoder-change/open-chosen.ts";
import {
	openEncoder,
	openSearchSide,
	type SearchSide,
	type SearchSideParts,
} from "./encoder-change/search-side.ts";
import { DrawingQueue } from "./generator/drawing-queue.ts";
import { openFamilies } from "./generator/families.ts";
import { activityHandlers, pausedSetting } from "./handlers/activity-handlers.ts";
import { descriptionHandlers } from "./handlers/description-handlers.ts";
import { encoderChangeHandlers } from "./handlers/encoder-change-handlers.ts";
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
import { trashHandlers } from "./handlers/trash-handlers.ts";
import { Indexer } from "./indexer/indexer.ts";
import { describeProgress } from "./indexer/progress.ts";
import { type CheckParts, checkLibrary } from "./library/check-library.ts";
import { DrawingsFolder } from "./library/drawings-folder.ts";
import { folderSizeBytes } from "./library/folder-size.ts";
import { prepareLibraryFolder } from "./library/library-folder.ts";
import { LibraryFolders } from "./library/library-folders.ts";
import { Pictures } from "./library/pictures.ts";
import { ThumbnailStore } from "./library/thumbnail-store.ts";
import { TrashMoves } from "./library/trash-moves.ts";
import { CopyFinder } from "./lookalikes/copy-finder.ts";
import { LookAlikes } from "./lookalikes/look-alikes.ts";
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
import { KeptPictures } from "./search/examples/kept-pictures.ts";
import { Grouper } from "./search/grouping.ts";
import { PhotoFilters } from "./search/photo-filters.ts";
import { Gazetteer } from "./search/places/gazetteer.ts";
import { SavedSearches } from "./search/saved-searches.ts";
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
			counts,
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
	const savedSearches = new SavedSearches({
		catalogue,
		answer: async (question, limit) => {
			const { query, grouping, folderId, examples, liked, disliked, ...scope } = question;
			const pictures = { examples, liked, disliked };
			const within = folderId === null ? {} : { folderId };
			const asked = { ...scope, ...within, pictures, limit };
			const result = await sides.use(({ searcher }) => searcher.byText(query, asked));
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
	const pictures = new Pictures({ catalogue, decoder, thumbnails, whereabouts });
	const families = openFamilies(options.resourcesPath, modelsPath);
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
	const finder = new CopyFinder({
		photos: catalogue.lookAlikes,
		decoder,
		thumbnails,
		makeThumbnail: (id) => pictures.thumbnail(id),
		vectorOf: (id) => sides.now.index.vectorOf(id),
	});
	const revision = () => events.revision;
	const lookAlikes = new LookAlikes({ catalogue, finder, whereabouts, revision });
	const trashMoves = new TrashMoves({
		catalogue,
		trash: options.trash,
		whereabouts,
		onMoved: async (photos, where) => {
			const ids = photos.map(({ id }) => id);
			if (where === "to-trash") lookAlikes.noteMoved(ids);
			else lookAlikes.noteRestored(ids);
			await folders.lookAgain(photos);
		},
	});
	const check = (side: SearchSide): CheckParts => ({
		libraryPath: folder.path,
		catalogue,
		thumbnails,
		index: side.index,
		encoderKey: side.encoder.key,
		verifyModel: () => verifyModelPackage(side.chosen.package),
		verifyTextReader: () => textReading.verify(),
		photoFiles: () => tagsInFiles.photoFiles(),
		rebuildIndex: () => side.fillIndex(),
		onWaiting: () => {
			events.photosChanged();
			indexer.wake();
		},
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
			index: await sides.use(({ index }) => index.measuredStatus()),
			encoder: sides.now.encoder.status(),
			outgoingConnections: outgoingConnections(),
			connections: madeConnections(),
		};
	};

	const router = implementer.router({
		library: libraryHandlers({
			status,
			check: (repair) => sides.use((side) => checkLibrary(check(side), repair)),
		}),
		folder: folderHandlers({
			folders,
			drawingsFolder,
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
		search: searchHandlers({ sides, reader, grouper }),
		savedSearch: savedSearchHandlers({ savedSearches }),
		lookAlike: lookAlikeHandlers({ lookAlikes, trashMoves, whereabouts }),
		trash: trashHandlers({ trashMoves }),
		tag: tagHandlers({
			catalogue,
			sides,
			whereabouts,
			onChanged: () => events.tagsChanged(),
		}),
		label: labelHandlers({ catalogue, sides, onChanged: () => events.tagsChanged() }),
		tagWriting: tagWritingHandlers({ catalogue, tagsInFiles, trashMoves, whereabouts }),
		tagging: taggingHandlers({ catalogue, sides }),
		recognition: recognitionHandlers({ catalogue, textReading }),
		generation: generationHandlers({
			queue: drawings,
			families,
			drawingsFolder,
			generatedPath: folder.generatedPath,
			decoder,
			photoSource: (id) => pictures.source(id),
			thumbnail: (id) => pictures.thumbnail(id),
		}),
		activity: activityHandlers({ catalogue, indexer, textReading, events, progress }),
		model: modelHandlers({ sides, models, place, events }),
		encoderChange: encoderChangeHandlers({ change, compareEncoders }),
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

/** One phrase a line. */
function readPhrases(resourcesPath: string, name: string): string[] {
	const text = readFileSync(join(resourcesPath, "vocabularies", `${name}.txt`), "utf8");
	return text.split("\n").filter((line) => line.trim() !== "");
}

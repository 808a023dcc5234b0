/** @file The whole contract, implemented by the parts of an open library. */
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Decoder } from "../decoder/decoder.ts";
import type { CompareEncoders } from "../encoder-change/compare-encoders.ts";
import type { CurrentSide } from "../encoder-change/current-side.ts";
import type { EncoderChange } from "../encoder-change/encoder-change.ts";
import type { EncoderPlaceChoice } from "../encoder-change/encoder-place.ts";
import type { SearchSide } from "../encoder-change/search-side.ts";
import type { DrawingQueue } from "../generator/drawing-queue.ts";
import type { openFamilies } from "../generator/families.ts";
import type { Indexer } from "../indexer/indexer.ts";
import type { DrawingsFolder } from "../library/drawings-folder.ts";
import type { LibraryFolders } from "../library/library-folders.ts";
import type { Pictures } from "../library/pictures.ts";
import type { ThumbnailStore } from "../library/thumbnail-store.ts";
import type { TrashMoves } from "../library/trash-moves.ts";
import type { LookAlikes } from "../lookalikes/look-alikes.ts";
import type { Models } from "../models/models.ts";
import type { LibraryOptions } from "../open-library.ts";
import type { TextReading } from "../recognition/text-reading.ts";
import type { Grouper } from "../search/grouping.ts";
import type { SavedSearches } from "../search/saved-searches.ts";
import type { QueryReader } from "../search/text-query.ts";
import type { TagsInFiles } from "../sidecars/tags-in-files.ts";
import { type ActivityHandlerParts, activityHandlers } from "./activity-handlers.ts";
import { descriptionHandlers } from "./description-handlers.ts";
import { encoderChangeHandlers } from "./encoder-change-handlers.ts";
import type { EventHub } from "./event-hub.ts";
import { folderHandlers } from "./folder-handlers.ts";
import { generationHandlers } from "./generation-handlers.ts";
import { implementer } from "./implementer.ts";
import { labelHandlers } from "./label-handlers.ts";
import { libraryHandlers } from "./library-handlers.ts";
import { lookAlikeHandlers } from "./look-alike-handlers.ts";
import { modelHandlers } from "./model-handlers.ts";
import { photoHandlers } from "./photo-handlers.ts";
import { recognitionHandlers } from "./recognition-handlers.ts";
import { savedSearchHandlers } from "./saved-search-handlers.ts";
import { searchHandlers } from "./search-handlers.ts";
import { taggingHandlers, tagHandlers } from "./tag-handlers.ts";
import { tagWritingHandlers } from "./tag-writing-handlers.ts";
import { trashHandlers } from "./trash-handlers.ts";

export interface LibraryRouterParts {
	catalogue: Catalogue;
	decoder: Decoder;
	thumbnails: ThumbnailStore;
	events: EventHub;
	folders: LibraryFolders;
	drawingsFolder: DrawingsFolder;
	indexer: Indexer;
	grouper: Grouper;
	textReading: TextReading;
	sides: CurrentSide<SearchSide>;
	reader: QueryReader;
	savedSearches: SavedSearches;
	lookAlikes: LookAlikes;
	trashMoves: TrashMoves;
	tagsInFiles: TagsInFiles;
	drawings: DrawingQueue;
	families: ReturnType<typeof openFamilies>;
	pictures: Pictures;
	models: Models;
	place: EncoderPlaceChoice;
	change: EncoderChange;
	compareEncoders: CompareEncoders;
	state: Parameters<typeof libraryHandlers>[0];
	progress: ActivityHandlerParts["progress"];
	/** Last known absolute path of a photo, and whether its folder is offline. */
	whereabouts: LibraryFolders["whereabouts"];
	reveal: LibraryOptions["reveal"];
	/** Folder of the drawings. */
	generatedPath: string;
	demoPhotosPath: string;
}

export function libraryRouter(parts: LibraryRouterParts) {
	const { catalogue, decoder, thumbnails, events, folders, drawingsFolder, indexer } = parts;
	const { grouper, textReading, sides, reader, savedSearches, lookAlikes, trashMoves } = parts;
	const { tagsInFiles, drawings, families, pictures, models, place, change } = parts;
	const { compareEncoders, state, progress, whereabouts, reveal } = parts;
	const { generatedPath, demoPhotosPath } = parts;
	return implementer.router({
		library: libraryHandlers(state),
		folder: folderHandlers({
			folders,
			drawingsFolder,
			demoPhotosPath,
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
			reveal,
		}),
		description: descriptionHandlers({
			catalogue,
			whereabouts,
			onChanged: () => events.tagsChanged(),
		}),
		search: searchHandlers({ sides, reader, grouper }),
		savedSearch: savedSearchHandlers({ savedSearches }),
		lookAlike: lookAlikeHandlers({
			lookAlikes,
			trashMoves,
			whereabouts,
			catalogue,
			onChanged: () => events.tagsChanged(),
		}),
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
			generatedPath,
			decoder,
			photoSource: (id) => pictures.source(id),
			thumbnail: (id) => pictures.thumbnail(id),
		}),
		activity: activityHandlers({ catalogue, indexer, textReading, events, progress }),
		model: modelHandlers({ sides, models, place, events }),
		encoderChange: encoderChangeHandlers({ change, compareEncoders }),
	});
}

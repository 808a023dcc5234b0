/** @file Finding copies of photos, and moving photos to the trash and back. */
import type { Catalogue } from "./catalogue/catalogue.ts";
import type { Decoder } from "./decoder/decoder.ts";
import type { CurrentSide } from "./encoder-change/current-side.ts";
import type { SearchSide } from "./encoder-change/search-side.ts";
import type { EventHub } from "./handlers/event-hub.ts";
import type { LibraryFolders } from "./library/library-folders.ts";
import type { Pictures } from "./library/pictures.ts";
import type { ThumbnailStore } from "./library/thumbnail-store.ts";
import { TrashMoves } from "./library/trash-moves.ts";
import { CopyFinder } from "./lookalikes/copy-finder.ts";
import { LookAlikes } from "./lookalikes/look-alikes.ts";
import type { LibraryOptions } from "./open-library.ts";

export interface OpenLookAlikesParts {
	catalogue: Catalogue;
	decoder: Decoder;
	thumbnails: ThumbnailStore;
	pictures: Pictures;
	sides: CurrentSide<SearchSide>;
	folders: LibraryFolders;
	events: EventHub;
	trash: LibraryOptions["trash"];
	/** Last known absolute path of a photo, and whether its folder is offline. */
	whereabouts: LibraryFolders["whereabouts"];
}

export function openLookAlikes(parts: OpenLookAlikesParts): {
	lookAlikes: LookAlikes;
	trashMoves: TrashMoves;
} {
	const { catalogue, decoder, thumbnails, pictures, sides, folders, events } = parts;
	const { trash, whereabouts } = parts;
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
		trash,
		whereabouts,
		onMoved: async (photos, where) => {
			const ids = photos.map(({ id }) => id);
			if (where === "to-trash") lookAlikes.noteMoved(ids);
			else lookAlikes.noteRestored(ids);
			await folders.lookAgain(photos);
		},
	});
	return { lookAlikes, trashMoves };
}

/** @file What `status` tells of a library and what `doctor` looks at. */
import type { Finding, LibraryStatus } from "../contract/library.ts";
import type { Catalogue } from "./catalogue/catalogue.ts";
import { verifyModelPackage } from "./encoder/model-package.ts";
import type { CurrentSide } from "./encoder-change/current-side.ts";
import type { SearchSide } from "./encoder-change/search-side.ts";
import type { Indexer } from "./indexer/indexer.ts";
import { checkLibrary } from "./library/check-library.ts";
import { folderSizeBytes } from "./library/folder-size.ts";
import type { ThumbnailStore } from "./library/thumbnail-store.ts";
import { madeConnections, outgoingConnections } from "./outgoing-connections.ts";
import type { TextReading } from "./recognition/text-reading.ts";
import type { TagsInFiles } from "./sidecars/tags-in-files.ts";

export interface LibraryStateParts {
	/** The app's. */
	version: string;
	libraryPath: string;
	catalogue: Catalogue;
	thumbnails: ThumbnailStore;
	sides: CurrentSide<SearchSide>;
	indexer: Indexer;
	textReading: TextReading;
	tagsInFiles: TagsInFiles;
	/** A repair has photos read again. */
	onWaiting(): void;
}

export function libraryState(parts: LibraryStateParts) {
	const { catalogue, thumbnails, sides, indexer, textReading, tagsInFiles, libraryPath } = parts;
	return {
		async status(): Promise<LibraryStatus> {
			const { photos, searchable, failed, waiting } = await catalogue.photos.counts();
			const known = await catalogue.folders.list();
			return {
				version: parts.version,
				path: libraryPath,
				sizeBytes: await folderSizeBytes(libraryPath),
				photos,
				drawn: await catalogue.photos.countDrawn(),
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
		},
		check: (repair: boolean): Promise<Finding[]> =>
			sides.use((side) =>
				checkLibrary(
					{
						libraryPath,
						catalogue,
						thumbnails,
						index: side.index,
						encoderKey: side.encoder.key,
						verifyModel: () => verifyModelPackage(side.chosen.package),
						verifyTextReader: () => textReading.verify(),
						photoFiles: () => tagsInFiles.photoFiles(),
						rebuildIndex: () => side.fillIndex(),
						onWaiting: () => parts.onWaiting(),
					},
					repair,
				),
			),
	};
}

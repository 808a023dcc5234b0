/** @file All state of the page, put together once: one small class for each concern. */
import { createContext } from "svelte";
import type { Host } from "../client/host.ts";
import { Activity } from "./activity.svelte.ts";
import { Arrangement } from "./arrangement.svelte.ts";
import { Descriptions } from "./descriptions.svelte.ts";
import { Dialogs } from "./dialogs.svelte.ts";
import { Drawings } from "./drawings.svelte.ts";
import { Folders } from "./folders.svelte.ts";
import { GridCursor } from "./grid-cursor.svelte.ts";
import { GridSize } from "./grid-size.svelte.ts";
import { type LibraryGroup, LibraryPhotos, libraryGroups } from "./library-photos.svelte.ts";
import { LookAlikes } from "./look-alikes.svelte.ts";
import { Navigation } from "./navigation.svelte.ts";
import { OpenSaved } from "./open-saved.svelte.ts";
import { PhotoSummaries } from "./photo-summaries.svelte.ts";
import { QueryBox } from "./query-box.ts";
import { QueryPictures } from "./query-pictures.ts";
import { QueryReading } from "./query-reading.svelte.ts";
import { RecentSearches } from "./recent-searches.svelte.ts";
import { oneOf, RememberedChoice } from "./remembered-choice.svelte.ts";
import { SavedSearches } from "./saved-searches.svelte.ts";
import { Search } from "./search.svelte.ts";
import { Selection } from "./selection.svelte.ts";
import { Strictness } from "./strictness.svelte.ts";
import { TagDialogs } from "./tag-dialogs.svelte.ts";
import { TagFiles } from "./tag-files.svelte.ts";
import { Tags } from "./tags.svelte.ts";
import { Theme } from "./theme.svelte.ts";
import { Toasts } from "./toasts.svelte.ts";
import { Trash } from "./trash.svelte.ts";
import { Undo } from "./undo.svelte.ts";

const searchAgainMs = 3000;

export class App {
	readonly host: Host;
	readonly activity: Activity;
	readonly arrangement = new Arrangement();
	readonly cursor = new GridCursor();
	readonly descriptions: Descriptions;
	readonly dialogs = new Dialogs();
	readonly drawings: Drawings;
	readonly folders: Folders;
	readonly gridSize = new GridSize();
	readonly libraryGroup = new RememberedChoice<LibraryGroup>(
		"library.group",
		"time",
		oneOf(libraryGroups),
	);
	readonly lookAlikes: LookAlikes;
	readonly navigation = new Navigation();
	readonly openSaved: OpenSaved;
	readonly photos: LibraryPhotos;
	readonly pictures = new QueryPictures();
	readonly queryBox = new QueryBox();
	readonly reading: QueryReading;
	readonly recent = new RecentSearches();
	readonly saved: SavedSearches;
	readonly search: Search;
	readonly selection = new Selection();
	readonly strictness = new Strictness();
	readonly summaries: PhotoSummaries;
	readonly tagDialogs = new TagDialogs();
	readonly tagFiles: TagFiles;
	readonly tags: Tags;
	readonly theme = new Theme();
	readonly toasts = new Toasts();
	readonly trash: Trash;
	/** What Control or Command with Z takes back. */
	readonly undo = new Undo(this.toasts);

	#searchTimer: ReturnType<typeof setTimeout> | undefined;

	constructor(host: Host) {
		this.host = host;
		this.activity = new Activity(host);
		this.drawings = new Drawings(host.client, this.undo);
		this.folders = new Folders(host.client);
		this.lookAlikes = new LookAlikes(host.client);
		this.photos = new LibraryPhotos(host.client);
		this.reading = new QueryReading(host.client);
		this.saved = new SavedSearches(host.client);
		this.openSaved = new OpenSaved(this);
		this.search = new Search(host.client, this.pictures);
		this.summaries = new PhotoSummaries(host.client);
		this.tags = new Tags(host.client, this.undo, this.toasts);
		this.tagFiles = new TagFiles({
			client: host.client,
			tags: this.tags,
			undo: this.undo,
			toasts: this.toasts,
			showSettings: () => this.dialogs.openSettings("tags"),
		});
		this.trash = new Trash({
			client: host.client,
			undo: this.undo,
			toasts: this.toasts,
			onChanged: () => {
				void this.photos.refresh();
				this.search.again();
				this.lookAlikes.refreshSoon();
			},
		});
		this.descriptions = new Descriptions({
			client: host.client,
			summaries: this.summaries,
			undo: this.undo,
			toasts: this.toasts,
		});
	}

	/** Follows the engine: what it announces is looked at again. */
	start(): void {
		this.activity.listen((event) => {
			switch (event.type) {
				case "photos-changed":
					void this.photos.refresh();
					this.lookAlikes.refreshSoon();
					this.saved.refreshSoon();
					this.#searchAgainSoon();
					break;
				case "folders-changed":
					void this.folders.refresh();
					void this.photos.refresh();
					this.saved.refreshSoon();
					break;
				case "tags-changed":
					this.tags.refreshSoon();
					this.tagFiles.refreshSoon();
					this.saved.refreshSoon();
					break;
				case "saved-searches-changed":
					void this.saved.refresh();
					break;
				case "models-changed":
					void this.drawings.modelsChanged();
					break;
				case "progress":
					break;
			}
		});
		void this.folders.refresh();
		this.photos.show(this.navigation.folderId, this.libraryGroup.value, this.arrangement.drawn);
		this.activity.start();
		this.lookAlikes.refreshSoon();
		void this.tags.refresh();
		void this.tagFiles.refresh();
		void this.saved.refresh();
	}

	dispose(): void {
		clearTimeout(this.#searchTimer);
		this.activity.dispose();
		this.lookAlikes.dispose();
		this.navigation.dispose();
		this.saved.dispose();
		this.tagFiles.dispose();
		this.tags.dispose();
	}

	/** While photos stream in, results grow; now and then is enough, and never under one's hands. */
	#searchAgainSoon(): void {
		if (this.#searchTimer !== undefined || this.navigation.query === null) return;
		this.#searchTimer = setTimeout(() => {
			this.#searchTimer = undefined;
			if (this.navigation.openId === null && this.selection.size === 0) this.search.again();
			else this.#searchAgainSoon();
		}, searchAgainMs);
	}
}

/** `setApp` is called once, by the root component; `getApp` by any component under it. */
export const [getApp, setApp] = createContext<App>();

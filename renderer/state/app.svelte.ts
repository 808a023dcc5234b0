/** @file All state of the page, put together once: one small class for each concern. */
import { createContext } from "svelte";
import type { Host } from "../client/host.ts";
import { Activity } from "./activity.svelte.ts";
import { Dialogs } from "./dialogs.svelte.ts";
import { Folders } from "./folders.svelte.ts";
import { LibraryPhotos } from "./library-photos.svelte.ts";
import { Navigation } from "./navigation.svelte.ts";
import { PhotoSummaries } from "./photo-summaries.svelte.ts";
import { QueryPictures } from "./query-pictures.ts";
import { Search } from "./search.svelte.ts";
import { Selection } from "./selection.svelte.ts";
import { Theme } from "./theme.svelte.ts";
import { Toasts } from "./toasts.svelte.ts";

export class App {
	readonly host: Host;
	readonly activity: Activity;
	readonly dialogs = new Dialogs();
	readonly folders: Folders;
	readonly navigation = new Navigation();
	readonly photos: LibraryPhotos;
	readonly pictures = new QueryPictures();
	readonly search: Search;
	readonly selection = new Selection();
	readonly summaries: PhotoSummaries;
	readonly theme = new Theme();
	readonly toasts = new Toasts();

	constructor(host: Host) {
		this.host = host;
		this.activity = new Activity(host);
		this.folders = new Folders(host.client);
		this.photos = new LibraryPhotos(host.client);
		this.search = new Search(host.client, this.pictures);
		this.summaries = new PhotoSummaries(host.client);
	}
}

/** `setApp` is called once, by the root component; `getApp` by any component under it. */
export const [getApp, setApp] = createContext<App>();

/** @file The photo open in the viewer: what is known of it, and where its pictures are. */
import type { PhotoId } from "../../contract/ids.ts";
import type { PhotoDetail, PhotoSummary } from "../../contract/photo.ts";
import { getApp } from "../state/app.svelte.ts";
import { problemSentence } from "../state/problem.ts";
import { ViewedPhoto } from "./viewed-photo.svelte.ts";
import type { Size } from "./zoom.ts";

/** A photo that is read again and fails again says nothing new: by then it may be tried once more. */
const retryingAtMostMs = 4000;

export interface OpenPhoto {
	/** All that is known of it; null until that has arrived. */
	readonly detail: PhotoDetail | null;
	/** As `detail`, but the photo before's while its own is on its way: what is shown need not blink. */
	readonly latestDetail: PhotoDetail | null;
	/** Why nothing can be told of it, in words; null while all is well. */
	readonly problem: string | null;
	/** The name of its file; empty until known. */
	readonly name: string;
	/** Drawn by a program and not photographed. */
	readonly generated: boolean;
	/** Upright, in pixels; null while unknown. */
	readonly size: Size | null;
	/** Null while there is none. */
	readonly thumbnailUrl: string | null;
	/** Null where the full picture cannot be had. */
	readonly displayUrl: string | null;
	/** It has been asked for again, and nothing is known yet. */
	readonly isRetrying: boolean;
	/** Reads a photo that could not be read once more. */
	retry(): Promise<void>;
}

/** For use while a component is made. Follows the photo and the library until that goes away. */
export function openPhoto(idOf: () => PhotoId): OpenPhoto {
	const app = getApp();
	const { client, thumbnailUrl, displayUrl } = app.host;
	const viewed = new ViewedPhoto(client);
	let retrying = $state<PhotoId | null>(null);
	const detail = $derived(viewed.detail?.id === idOf() ? viewed.detail : null);
	const summary = $derived<PhotoSummary | null>(detail ?? app.summaries.get(idOf()) ?? null);
	const size = $derived.by(() => {
		const { width, height } = summary ?? {};
		return width && height ? { width, height } : null;
	});

	$effect(() => viewed.show(idOf()));
	$effect(() => {
		const stop = app.activity.listen((event) => {
			if (event.type === "photos-changed" || event.type === "folders-changed") {
				viewed.libraryChanged();
			}
		});
		return () => {
			stop();
			viewed.dispose();
		};
	});
	// A photo that was read again says so by its new state.
	$effect(() => {
		if (detail !== null && detail.failure === null) retrying = null;
	});

	return {
		get detail() {
			return detail;
		},
		get latestDetail() {
			return viewed.detail;
		},
		get problem() {
			return viewed.problem;
		},
		get name() {
			return summary?.fileName ?? "";
		},
		get generated() {
			return summary?.generated ?? false;
		},
		get size() {
			return size;
		},
		get thumbnailUrl() {
			if (summary === null || summary.version === 0) return null;
			return thumbnailUrl(idOf(), summary.version);
		},
		get displayUrl() {
			return summary !== null && canBeShown(summary) ? displayUrl(idOf(), summary.version) : null;
		},
		get isRetrying() {
			return retrying === idOf();
		},
		async retry() {
			const id = idOf();
			retrying = id;
			try {
				await client.photo.retry({ ids: [id] });
				viewed.libraryChanged();
			} catch (error) {
				app.toasts.problem(problemSentence(error));
			}
			setTimeout(() => {
				if (retrying === id) retrying = null;
			}, retryingAtMostMs);
		},
	};
}

/** Whether the full picture of a photo can be had. */
export function canBeShown({ offline, state }: PhotoSummary): boolean {
	return !offline && state !== "failed";
}

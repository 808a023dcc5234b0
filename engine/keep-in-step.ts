/** @file What follows photos and tags wherever they change: the index of words, and tags in files. */
import type { EventHub } from "./handlers/event-hub.ts";
import type { WordKeeper } from "./search/words/word-keeper.ts";
import type { TagsInFiles } from "./sidecars/tags-in-files.ts";

/** Until the events end. */
export async function keepInStep(
	words: WordKeeper,
	tagsInFiles: TagsInFiles,
	events: EventHub,
): Promise<void> {
	for await (const { type } of events.follow(undefined)) {
		if (type === "photos-changed" || type === "tags-changed") words.wake();
		if (type === "tags-changed") tagsInFiles.wake();
	}
}

/** @file Progress, pause and resume, and the stream of events. */
import type { Progress } from "../../contract/activity.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Indexer } from "../indexer/indexer.ts";
import type { TextReading } from "../recognition/text-reading.ts";
import type { EventHub } from "./event-hub.ts";
import { implementer } from "./implementer.ts";

/** Name of the remembered choice to hold indexing. */
export const pausedSetting = "paused";

export interface ActivityHandlerParts {
	catalogue: Catalogue;
	indexer: Indexer;
	textReading: TextReading;
	events: EventHub;
	progress(): Promise<Progress>;
}

export function activityHandlers(parts: ActivityHandlerParts) {
	const { catalogue, indexer, textReading, events, progress } = parts;
	const hold = async (paused: boolean) => {
		await catalogue.settings.set(pausedSetting, paused);
		for (const work of [indexer, textReading]) {
			if (paused) work.pause();
			else work.resume();
		}
		return progress();
	};
	return {
		progress: implementer.activity.progress.handler(() => progress()),
		events: implementer.activity.events.handler(async function* ({ signal }) {
			// Subscribed first: what happens while the present progress is looked up is not lost.
			const following = events.follow(signal);
			yield { type: "progress" as const, progress: await progress() };
			yield* following;
		}),
		pause: implementer.activity.pause.handler(() => hold(true)),
		resume: implementer.activity.resume.handler(() => hold(false)),
	};
}

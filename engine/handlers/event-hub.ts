/** @file The one stream of events: publishers announce, every client gets its own iterator. */
import { EventPublisher } from "@orpc/server";
import type { EngineEvent, Progress } from "../../contract/activity.ts";

/** Clients redraw on every announcement; more often than this helps nobody. */
const progressEveryMs = 250;
const photosEveryMs = 750;

/** Runs `act` at once, then at most every `everyMs`, never missing the last call. */
function throttled(everyMs: number, act: () => void): { call(): void; stop(): void } {
	let timer: NodeJS.Timeout | null = null;
	let again = false;
	const run = () => {
		again = false;
		act();
		timer = setTimeout(() => {
			timer = null;
			if (again) run();
		}, everyMs);
		timer.unref();
	};
	return {
		call: () => {
			if (timer === null) run();
			else again = true;
		},
		stop: () => {
			if (timer !== null) clearTimeout(timer);
			timer = null;
			again = false;
		},
	};
}

/** Announces state changes to every subscribed client, thinned out. */
export class EventHub {
	readonly #publisher = new EventPublisher<{ event: EngineEvent }>();
	readonly #progress: { call(): void; stop(): void };
	readonly #photos: { call(): void; stop(): void };
	readonly #tags: { call(): void; stop(): void };
	readonly #closing = new AbortController();
	#revision = 0;
	#tagRevision = 0;
	#announcing: Promise<void> | null = null;

	/** @param progress computes the present progress when it is about to be announced. */
	constructor(progress: () => Promise<Progress>) {
		this.#progress = throttled(progressEveryMs, () => {
			this.#announcing ??= progress()
				.then((now) => this.#publisher.publish("event", { type: "progress", progress: now }))
				// The catalogue is closing: there is no progress to tell any more.
				.catch(() => undefined)
				.finally(() => {
					this.#announcing = null;
				});
		});
		this.#photos = throttled(photosEveryMs, () => {
			this.#publisher.publish("event", { type: "photos-changed", revision: this.#revision });
		});
		this.#tags = throttled(photosEveryMs, () => {
			this.#publisher.publish("event", { type: "tags-changed", revision: this.#tagRevision });
		});
	}

	/** Grows whenever the set of photos or how they look changes. */
	get revision(): number {
		return this.#revision;
	}

	/** Grows whenever what photos are tagged with, or are found by, changes. */
	get tagRevision(): number {
		return this.#tagRevision;
	}

	progressChanged(): void {
		this.#progress.call();
	}

	photosChanged(): void {
		this.#revision += 1;
		this.#photos.call();
		this.#progress.call();
	}

	foldersChanged(): void {
		this.#publisher.publish("event", { type: "folders-changed" });
		this.#progress.call();
	}

	modelsChanged(): void {
		this.#publisher.publish("event", { type: "models-changed" });
	}

	/** Tags, what photos have of them, or labels; what a search for a tag finds changes with them. */
	tagsChanged(): void {
		this.#tagRevision += 1;
		this.#tags.call();
	}

	savedSearchesChanged(): void {
		this.#publisher.publish("event", { type: "saved-searches-changed" });
	}

	/** Every event from now on, until the signal aborts or the hub closes. */
	async *follow(signal: AbortSignal | undefined): AsyncGenerator<EngineEvent> {
		const until = signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal;
		try {
			yield* this.#publisher.subscribe("event", { signal: until });
		} catch (error) {
			if (!until.aborted) throw error;
		}
	}

	close(): void {
		this.#progress.stop();
		this.#photos.stop();
		this.#tags.stop();
		this.#closing.abort();
	}
}

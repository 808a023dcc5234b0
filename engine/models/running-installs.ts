/** @file The installs under way: one a model, followed by whoever asks for it. */
import { EventPublisher } from "@orpc/server";
import type { InstallEvent, ModelId } from "../../contract/model-package.ts";
import { describeEnd } from "./describe-model.ts";
import type { CatalogueEntry } from "./model-catalogue.ts";

/** Progress is told at most this often. */
const tellEveryMs = 200;

export interface RunningInstallsParts {
	/** Does all of it. @throws what went wrong, which becomes the last event. */
	install(
		entry: CatalogueEntry,
		signal: AbortSignal,
		tell: (event: InstallEvent) => void,
	): Promise<void>;
	/** One has begun or ended. */
	onChanged(): void;
}

interface Install {
	readonly controller: AbortController;
	readonly publisher: EventPublisher<{ event: InstallEvent }>;
	last: InstallEvent;
	ended: Promise<void>;
}

export class RunningInstalls {
	readonly #parts: RunningInstallsParts;
	readonly #installs = new Map<ModelId, Install>();

	constructor(parts: RunningInstallsParts) {
		this.#parts = parts;
	}

	/** The last that was told of a model's install; null where none runs. */
	progressOf(id: ModelId): InstallEvent | null {
		return this.#installs.get(id)?.last ?? null;
	}

	has(id: ModelId): boolean {
		return this.#installs.has(id);
	}

	/** Starts it where none runs; yields how it goes until it ends or the caller leaves. */
	follow(entry: CatalogueEntry, signal: AbortSignal | undefined): AsyncGenerator<InstallEvent> {
		return follow(this.#installs.get(entry.id) ?? this.#start(entry), signal);
	}

	/** Resolves when it has ended; it can be resumed. */
	async cancel(id: ModelId): Promise<void> {
		const install = this.#installs.get(id);
		install?.controller.abort();
		await install?.ended;
	}

	async close(): Promise<void> {
		await Promise.all([...this.#installs.keys()].map((id) => this.cancel(id)));
	}

	#start(entry: CatalogueEntry): Install {
		const install: Install = {
			controller: new AbortController(),
			publisher: new EventPublisher(),
			last: { phase: "checking", file: entry.files[0]?.name ?? "" },
			ended: Promise.resolve(),
		};
		// From here on it is found by whoever asks for it too.
		this.#installs.set(entry.id, install);
		install.ended = this.#run(entry, install);
		this.#parts.onChanged();
		return install;
	}

	async #run(entry: CatalogueEntry, install: Install): Promise<void> {
		const { signal } = install.controller;
		let toldAt = Number.NEGATIVE_INFINITY;
		let later: NodeJS.Timeout | undefined;
		const tell = (event: InstallEvent) => {
			install.last = event;
			clearTimeout(later);
			const wait = toldAt + tellEveryMs - performance.now();
			if (event.phase === "downloading" && wait > 0) {
				// Told late, not never: where the server stops sending, this is where it stopped.
				later = setTimeout(() => tell(event), wait).unref();
				return;
			}
			toldAt = performance.now();
			install.publisher.publish("event", event);
		};
		let end: InstallEvent = { phase: "installed" };
		try {
			await this.#parts.install(entry, signal, tell);
		} catch (error) {
			end = signal.aborted ? { phase: "cancelled" } : describeEnd(error);
		}
		this.#installs.delete(entry.id);
		tell(end);
		this.#parts.onChanged();
	}
}

async function* follow(
	install: Install,
	signal: AbortSignal | undefined,
): AsyncGenerator<InstallEvent> {
	// Subscribed before anything is yielded: nothing is missed while the first event is read.
	const events = install.publisher.subscribe("event", signal === undefined ? {} : { signal });
	yield install.last;
	if (isEnd(install.last)) return;
	try {
		for await (const event of events) {
			yield event;
			if (isEnd(event)) return;
		}
	} catch (error) {
		if (!signal?.aborted) throw error;
	}
}

function isEnd({ phase }: InstallEvent): boolean {
	return phase === "installed" || phase === "failed" || phase === "cancelled";
}

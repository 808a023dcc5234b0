/** @file Holds reported paths back until they have stopped changing, then gives them out together. */
import type { FileChange } from "./file-change.ts";
import type { FileLook } from "./file-facts.ts";

export interface SettlingOptions {
	/** Looks at one path; a folder that vanished is `absent` too. */
	look: (relativePath: string) => Promise<FileLook>;
	/** Receives changes that settled; never called with none. */
	onSettled: (changes: FileChange[]) => void;
	/** How long a path must look the same, and the pause between two looks. */
	quietMs?: number;
	/** A settled change waits for the others no longer than this. */
	maxWaitMs?: number;
}

interface Unsettled {
	/** What the previous look saw; null before the first or after a new event. */
	seen: string | null;
}

const looksAtOnce = 16;

/**
 * A path settles when two looks, `quietMs` apart and with no event between them, see the same size and
 * time, or both see nothing. A file that is still being copied is thus held back for as long as it
 * grows; one made and deleted again comes out as absent; one deleted and made again as present.
 */
export class Settling {
	readonly #look: SettlingOptions["look"];
	readonly #onSettled: SettlingOptions["onSettled"];
	readonly #quietMs: number;
	readonly #maxWaitMs: number;
	readonly #unsettled = new Map<string, Unsettled>();
	readonly #settled = new Map<string, FileChange>();
	#settledSinceMs: number | null = null;
	#timer: NodeJS.Timeout | null = null;
	#looking = false;
	#closed = false;

	constructor(options: SettlingOptions) {
		this.#look = options.look;
		this.#onSettled = options.onSettled;
		this.#quietMs = options.quietMs ?? 300;
		this.#maxWaitMs = options.maxWaitMs ?? 2000;
	}

	/** Something happened at this path. */
	note(relativePath: string): void {
		if (this.#closed) return;
		this.#settled.delete(relativePath);
		this.#unsettled.set(relativePath, { seen: null });
		this.#schedule();
	}

	/** Stops; whatever has not settled is dropped, for the next scan to find. */
	close(): void {
		this.#closed = true;
		if (this.#timer !== null) clearTimeout(this.#timer);
		this.#timer = null;
		this.#unsettled.clear();
		this.#settled.clear();
	}

	#schedule(): void {
		if (this.#timer !== null || this.#looking || this.#closed) return;
		this.#timer = setTimeout(() => {
			this.#timer = null;
			void this.#lookAgain();
		}, this.#quietMs);
	}

	async #lookAgain(): Promise<void> {
		this.#looking = true;
		const round = [...this.#unsettled];
		for (let start = 0; start < round.length && !this.#closed; start += looksAtOnce) {
			await Promise.all(
				round.slice(start, start + looksAtOnce).map(async ([relativePath, state]) => {
					const look = await this.#look(relativePath);
					// An event that came during the look replaced the state: look again later.
					if (this.#closed || this.#unsettled.get(relativePath) !== state) return;
					this.#compare(relativePath, state, look);
				}),
			);
		}
		this.#looking = false;
		if (this.#closed) return;
		this.#giveOut();
		if (this.#unsettled.size + this.#settled.size > 0) this.#schedule();
	}

	#compare(relativePath: string, state: Unsettled, look: FileLook): void {
		// What cannot be looked at is left to the next scan, which knows how to treat unread folders.
		if (look.kind === "unknown") {
			this.#unsettled.delete(relativePath);
			return;
		}
		const seen = look.kind === "present" ? JSON.stringify(look.file) : look.kind;
		if (state.seen !== seen) {
			state.seen = seen;
			return;
		}
		this.#unsettled.delete(relativePath);
		this.#settledSinceMs ??= performance.now();
		this.#settled.set(
			relativePath,
			look.kind === "present" ? look : { kind: "absent", relativePath },
		);
	}

	#giveOut(): void {
		if (this.#settled.size === 0) {
			this.#settledSinceMs = null;
			return;
		}
		const waitedMs = performance.now() - (this.#settledSinceMs ?? 0);
		if (this.#unsettled.size > 0 && waitedMs < this.#maxWaitMs) return;
		const changes = [...this.#settled.values()];
		this.#settled.clear();
		this.#settledSinceMs = null;
		this.#onSettled(changes);
	}
}

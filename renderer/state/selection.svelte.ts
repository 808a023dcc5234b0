/** @file Which photos are selected. The order of photos comes with each call; this keeps none. */
import type { PhotoId } from "../../contract/ids.ts";

export class Selection {
	#ids = $state.raw<ReadonlySet<PhotoId>>(new Set());
	/** Where a range starts. */
	#anchor: PhotoId | null = null;
	/** What was selected before the range that is being drawn. */
	#base: ReadonlySet<PhotoId> = new Set();

	get ids(): ReadonlySet<PhotoId> {
		return this.#ids;
	}

	get size(): number {
		return this.#ids.size;
	}

	has(id: PhotoId): boolean {
		return this.#ids.has(id);
	}

	/** Selects this photo alone. */
	only(id: PhotoId): void {
		this.#begin(id, new Set());
		this.#ids = new Set([id]);
	}

	/** Adds the photo, or takes it away. */
	toggle(id: PhotoId): void {
		const next = new Set(this.#ids);
		if (!next.delete(id)) next.add(id);
		this.#begin(id, next);
		this.#ids = next;
	}

	/** Selects from the last photo chosen to this one, in the order shown. */
	extendTo(id: PhotoId, order: readonly PhotoId[]): void {
		const from = this.#anchor === null ? -1 : order.indexOf(this.#anchor);
		const to = order.indexOf(id);
		if (to === -1) return;
		if (from === -1) {
			this.only(id);
			return;
		}
		const range = order.slice(Math.min(from, to), Math.max(from, to) + 1);
		this.#ids = new Set([...this.#base, ...range]);
	}

	/** Remembers where ranges start, without selecting. */
	anchorAt(id: PhotoId): void {
		if (this.#ids.size === 0) this.#begin(id, new Set());
	}

	/** Exactly these, as drawn with a frame; with `keep`, added to what was selected. */
	replace(ids: Iterable<PhotoId>, keep: ReadonlySet<PhotoId> = new Set()): void {
		this.#ids = new Set([...keep, ...ids]);
		this.#base = keep;
	}

	clear(): void {
		if (this.#ids.size > 0) this.#ids = new Set();
		this.#base = new Set();
		this.#anchor = null;
	}

	/** Drops what is not shown any more. */
	keepOnly(shown: ReadonlySet<PhotoId>): void {
		if (this.#ids.size === 0) return;
		const kept = [...this.#ids].filter((id) => shown.has(id));
		if (kept.length !== this.#ids.size) this.#ids = new Set(kept);
	}

	#begin(anchor: PhotoId, base: ReadonlySet<PhotoId>): void {
		this.#anchor = anchor;
		this.#base = base;
	}
}

/**
 * @file Which photos are near the window of a scrolled grid. Follows scrolling once a frame, and
 * notices hurried scrolling, during which no pictures should be fetched.
 */
import type { GridLayout } from "./justified-layout.ts";
import { itemsBetween } from "./layout-queries.ts";

/** Rendered above and below the window, in px: enough for ordinary scrolling to find rows ready. */
const marginPx = 700;
/** While rows fly past, nothing beyond the window is worth making. */
const hurriedMarginPx = 60;
/** Scrolling by more than this many window heights in a frame is a fling. */
const hurriedWindows = 0.6;
const settleMs = 110;

export class GridWindow {
	#range = $state.raw<readonly [number, number]>([0, 0]);
	#scrollTop = $state(0);
	#heightPx = $state(0);
	#hurried = $state(false);
	#layout: GridLayout | null = null;
	#frame = 0;
	#settling: ReturnType<typeof setTimeout> | undefined;
	#pendingTop = 0;

	/** Photos to render: `[first, end)`. */
	get range(): readonly [number, number] {
		return this.#range;
	}

	get scrollTop(): number {
		return this.#scrollTop;
	}

	/** Height of the window. */
	get heightPx(): number {
		return this.#heightPx;
	}

	/** True while rows fly past faster than anybody can see them. */
	get hurried(): boolean {
		return this.#hurried;
	}

	/** Photos really in view: `[first, end)`. */
	visible(): readonly [number, number] {
		if (this.#layout === null) return [0, 0];
		return itemsBetween(this.#layout, this.#scrollTop, this.#scrollTop + this.#heightPx);
	}

	/** Takes over a layout, a height and a position at once. */
	place(layout: GridLayout, scrollTop: number, heightPx: number): void {
		this.#layout = layout;
		this.#heightPx = heightPx;
		this.#pendingTop = scrollTop;
		this.#update();
	}

	/** Called on every scroll event. */
	scrolledTo(scrollTop: number): void {
		this.#pendingTop = scrollTop;
		if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#update());
	}

	dispose(): void {
		cancelAnimationFrame(this.#frame);
		clearTimeout(this.#settling);
	}

	#update(): void {
		this.#frame = 0;
		const layout = this.#layout;
		if (layout === null) return;
		const top = this.#pendingTop;
		const jump = Math.abs(top - this.#scrollTop);
		this.#scrollTop = top;
		if (this.#range[1] > 0 && jump > this.#heightPx * hurriedWindows) this.#hurried = true;
		clearTimeout(this.#settling);
		if (this.#hurried) {
			this.#settling = setTimeout(() => {
				this.#hurried = false;
				this.#update();
			}, settleMs);
		}
		const margin = this.#hurried ? hurriedMarginPx : marginPx;
		const [first, end] = itemsBetween(layout, top - margin, top + this.#heightPx + margin);
		if (first !== this.#range[0] || end !== this.#range[1]) this.#range = [first, end];
	}
}

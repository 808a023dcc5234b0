/** @file Selecting by drawing a frame with the mouse, scrolling along at the edges. */
import type { Frame } from "./layout-queries.ts";

const dragThresholdPx = 6;
const edgePx = 48;
const fastestPxPerFrame = 24;

interface Point {
	readonly x: number;
	readonly y: number;
}

export interface MarqueeOptions {
	/** The scrolling element, and the element in it whose corner is the layout's origin. */
	readonly scroller: () => HTMLElement | null;
	readonly content: () => HTMLElement | null;
	/** The frame changed; in the layout's px. */
	readonly onDraw: (frame: Frame) => void;
	readonly onStart: (event: PointerEvent) => void;
}

export class Marquee {
	#frame = $state.raw<Frame | null>(null);
	readonly #options: MarqueeOptions;
	#origin: Point | null = null;
	#pointer: Point = { x: 0, y: 0 };
	#pressed: PointerEvent | null = null;
	#scrolling = 0;

	constructor(options: MarqueeOptions) {
		this.#options = options;
	}

	/** The frame being drawn, in the layout's px; null while none is. */
	get frame(): Frame | null {
		return this.#frame;
	}

	/** Call on pointerdown. Returns without effect for anything but the mouse's main button. */
	press(event: PointerEvent): void {
		if (event.button !== 0 || event.pointerType !== "mouse") return;
		this.#pressed = event;
		this.#origin = this.#toContent(event.clientX, event.clientY);
		addEventListener("pointermove", this.#onMove);
		addEventListener("pointerup", this.#onEnd);
		addEventListener("pointercancel", this.#onEnd);
	}

	dispose(): void {
		this.#onEnd();
	}

	#onMove = (event: PointerEvent): void => {
		if (this.#origin === null || this.#pressed === null) return;
		this.#pointer = { x: event.clientX, y: event.clientY };
		if (this.#frame === null) {
			const far = Math.hypot(
				event.clientX - this.#pressed.clientX,
				event.clientY - this.#pressed.clientY,
			);
			if (far < dragThresholdPx) return;
			this.#options.onStart(this.#pressed);
			this.#scrolling = requestAnimationFrame(this.#scrollAtEdges);
		}
		this.#draw();
	};

	#onEnd = (): void => {
		removeEventListener("pointermove", this.#onMove);
		removeEventListener("pointerup", this.#onEnd);
		removeEventListener("pointercancel", this.#onEnd);
		cancelAnimationFrame(this.#scrolling);
		if (this.#frame !== null) swallowNextClick();
		this.#origin = null;
		this.#pressed = null;
		this.#frame = null;
	};

	#scrollAtEdges = (): void => {
		const scroller = this.#options.scroller();
		if (scroller === null || this.#frame === null) return;
		const box = scroller.getBoundingClientRect();
		const above = box.top + edgePx - this.#pointer.y;
		const below = this.#pointer.y - (box.bottom - edgePx);
		const step = (depth: number) => (Math.min(depth, edgePx) / edgePx) * fastestPxPerFrame;
		if (above > 0) scroller.scrollTop -= step(above);
		else if (below > 0) scroller.scrollTop += step(below);
		if (above > 0 || below > 0) this.#draw();
		this.#scrolling = requestAnimationFrame(this.#scrollAtEdges);
	};

	#draw(): void {
		if (this.#origin === null) return;
		const end = this.#toContent(this.#pointer.x, this.#pointer.y);
		this.#frame = {
			left: Math.min(this.#origin.x, end.x),
			top: Math.min(this.#origin.y, end.y),
			right: Math.max(this.#origin.x, end.x),
			bottom: Math.max(this.#origin.y, end.y),
		};
		this.#options.onDraw(this.#frame);
	}

	#toContent(x: number, y: number): Point {
		const box = this.#options.content()?.getBoundingClientRect();
		return { x: x - (box?.left ?? 0), y: y - (box?.top ?? 0) };
	}
}

/** A drag ends with a click on whatever lies under the pointer; it is not meant. */
function swallowNextClick(): void {
	const swallow = (event: MouseEvent) => event.stopPropagation();
	addEventListener("click", swallow, { capture: true, once: true });
	setTimeout(() => removeEventListener("click", swallow, { capture: true }));
}

/** @file The keyboard in the grid: one photo has it, keys move it, select, judge and open. */
import { tick } from "svelte";
import type { PhotoId } from "../../contract/ids.ts";
import type { Judgement } from "../state/asked-pictures.ts";
import type { GridCursor, GridHandle } from "../state/grid-cursor.svelte.ts";
import type { Selection } from "../state/selection.svelte.ts";
import { isStepKey, type StepKey, sectionStep, stepFrom } from "./grid-steps.ts";
import type { GridLayout } from "./justified-layout.ts";
import { middleOf } from "./layout-queries.ts";
import type { Section } from "./sections.ts";

/** A step by page leaves this share of the window behind, so that one sees where one came from. */
const pageShare = 0.9;

/** The grid that the keyboard is in, each of it as it is when asked. */
export interface KeyedGrid {
	readonly ids: () => readonly PhotoId[];
	readonly layout: () => GridLayout;
	readonly sections: () => readonly Section[];
	/** Index of the photo that has the keyboard, or would have it. */
	readonly activeIndex: () => number;
	/** Photos really in view: `[first, end)`. */
	readonly inView: () => readonly [number, number];
	/** The scrolling element; null while there is none. */
	readonly scroller: () => HTMLElement | null;
	/** Scrolls until the photo is seen whole. */
	readonly reveal: (index: number) => void;
	readonly onOpen: (id: PhotoId) => void;
	/** More or less like these photos; absent where nothing was searched for. */
	readonly onJudge: () => ((ids: readonly PhotoId[], judgement: Judgement) => void) | undefined;
}

export class GridKeyboard implements GridHandle {
	readonly #grid: KeyedGrid;
	readonly #cursor: GridCursor;
	readonly #selection: Selection;
	/** Held while stepping up and down, so that the walk does not drift sideways. */
	#column: number | null = null;

	constructor(grid: KeyedGrid, cursor: GridCursor, selection: Selection) {
		this.#grid = grid;
		this.#cursor = cursor;
		this.#selection = selection;
	}

	/** The photo was chosen otherwise: steps up and down begin at it. */
	putAt(id: PhotoId): void {
		this.#column = null;
		this.#cursor.moveTo(id);
	}

	/** Takes a key that means something here, and no other. */
	press(event: KeyboardEvent): void {
		if (this.#grid.ids().length === 0 || event.altKey) return;
		const withControl = event.ctrlKey || event.metaKey;
		if (isStepKey(event.key) && !withControl) this.#step(event.key, event.shiftKey);
		else if (!this.#act(event.key, withControl)) return;
		event.preventDefault();
		event.stopPropagation();
	}

	focus(): void {
		const [first, end] = this.#grid.inView();
		const index = this.#grid.activeIndex();
		void this.#moveTo(Math.max(0, index >= first && index < end ? index : first));
	}

	focusFirst(): void {
		void this.#moveTo(0);
	}

	stepSection(direction: 1 | -1): void {
		const scroller = this.#grid.scroller();
		const { sectionTop } = this.#grid.layout();
		const sections = this.#grid.sections();
		if (scroller === null || sections.length === 0) return;
		const target = sectionStep(sectionTop, scroller.scrollTop, direction);
		scroller.scrollTop = sectionTop[Math.max(0, target)] ?? scroller.scrollTop;
		const section = sections[Math.min(sections.length - 1, Math.max(0, target))];
		if (section !== undefined && this.#cursor.focused) void this.#moveTo(section.first);
	}

	reveal(id: PhotoId): void {
		const index = this.#grid.ids().indexOf(id);
		if (index !== -1) void this.#moveTo(index);
	}

	#step(key: StepKey, isExtending: boolean): void {
		const layout = this.#grid.layout();
		const index = this.#grid.activeIndex();
		const pagePx = (this.#grid.scroller()?.clientHeight ?? 0) * pageShare;
		const target = stepFrom(layout, index, key, this.#column, pagePx);
		const isVertical = key !== "ArrowLeft" && key !== "ArrowRight";
		this.#column = isVertical ? (this.#column ?? middleOf(layout, index)) : null;
		const ids = this.#grid.ids();
		const [from, to] = [ids[index], ids[target]];
		if (isExtending && from !== undefined) this.#selection.anchorAt(from);
		void this.#moveTo(target);
		if (isExtending && to !== undefined) this.#selection.extendTo(to, ids);
	}

	/** @returns whether the key means something */
	#act(key: string, withControl: boolean): boolean {
		const id = this.#grid.ids()[this.#grid.activeIndex()];
		if (id === undefined) return false;
		const onJudge = this.#grid.onJudge();
		if (key === "x" && !withControl) this.#selection.toggle(id);
		else if (key === " " && withControl) this.#selection.toggle(id);
		else if (onJudge !== undefined && (key === "+" || key === "-") && !withControl) {
			const chosen = this.#selection.has(id) ? [...this.#selection.ids] : [id];
			onJudge(chosen, key === "+" ? "liked" : "disliked");
		} else if ((key === "Enter" || key === " ") && !withControl) this.#grid.onOpen(id);
		else return false;
		return true;
	}

	async #moveTo(index: number): Promise<void> {
		const id = this.#grid.ids()[index];
		if (id === undefined) return;
		this.#cursor.moveTo(id);
		this.#cursor.setFocused(true);
		this.#grid.reveal(index);
		await tick();
		document.getElementById(`photo-${id}`)?.focus({ preventScroll: true });
	}
}

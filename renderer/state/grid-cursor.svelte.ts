/** @file The photo the keyboard is at, and what shortcuts elsewhere may ask of the grid on screen. */
import type { PhotoId } from "../../contract/ids.ts";

/** What the grid on screen can be asked. */
export interface GridHandle {
	/** Puts the keyboard on the photo it was last at, or on the first one in view. */
	focus(): void;
	/** Puts the keyboard on the first photo. */
	focusFirst(): void;
	/** Scrolls to the next (1) or the last (-1) heading. */
	stepSection(direction: 1 | -1): void;
	/** Makes sure a photo is in view, as after closing the viewer on another one. */
	reveal(id: PhotoId): void;
}

export class GridCursor {
	#activeId = $state<PhotoId | null>(null);
	#focused = $state(false);
	/** The grid on screen, if there is one. */
	grid: GridHandle | null = null;

	/** The photo that has or had the keyboard. */
	get activeId(): PhotoId | null {
		return this.#activeId;
	}

	/** True while the keyboard is in the grid. */
	get focused(): boolean {
		return this.#focused;
	}

	moveTo(id: PhotoId | null): void {
		this.#activeId = id;
	}

	setFocused(focused: boolean): void {
		this.#focused = focused;
	}
}

/** @file Whether the panel beside the photo is open, which the next window remembers. */
import { readPreference, writePreference } from "../state/preferences.ts";

const preference = "viewer.info";

export class InfoPanelState {
	#open = $state(readPreference(preference) === "open");
	#tagAsked = $state(0);

	get open(): boolean {
		return this.#open;
	}

	/** Grows whenever somebody wants to type a tag. */
	get tagAsked(): number {
		return this.#tagAsked;
	}

	toggle(): void {
		this.#open = !this.#open;
		writePreference(preference, this.#open ? "open" : "closed");
	}

	/** Opens it, this once, with the keyboard where a tag is typed. */
	askForTag(): void {
		this.#open = true;
		this.#tagAsked += 1;
	}
}

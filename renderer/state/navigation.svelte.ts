/** @file The present location, kept in the page's address and history so that Back works. */
import type { FolderId, LabelId, PhotoId, SavedSearchId } from "../../contract/ids.ts";
import {
	formatLocation,
	home,
	type Location,
	type Place,
	parseLocation,
	type Query,
} from "./location.ts";

/** How a step is remembered: a new step that Back undoes, or in place of the present one. */
export type Step = "push" | "replace";

export class Navigation {
	#location = $state.raw<Location>(home);
	/** Steps pushed since the page was loaded: above 0, Back stays inside the app. */
	#depth = 0;

	constructor() {
		this.#location = parseLocation(location.hash);
		this.#depth = readDepth();
		addEventListener("popstate", this.#onPopState);
		addEventListener("hashchange", this.#onPopState);
	}

	get location(): Location {
		return this.#location;
	}

	get place(): Place {
		return this.#location.place;
	}

	get labelId(): LabelId | null {
		return this.#location.labelId;
	}

	get openId(): PhotoId | null {
		return this.#location.openId;
	}

	get folderId(): FolderId | null {
		return this.#location.folderId;
	}

	get query(): Query | null {
		return this.#location.query;
	}

	get savedId(): SavedSearchId | null {
		return this.#location.savedId;
	}

	/** Goes to a location. Going where one already is leaves history alone. */
	go(change: Partial<Location>, step: Step = "push"): void {
		// A folder or a search leads back to the photos.
		const leaves = change.folderId !== undefined || change.query !== undefined;
		// Other words may be a change of the saved search; anything else is another search.
		const leavesSaved = leaves && change.query?.kind !== "text";
		const target = {
			...this.#location,
			...(leaves && { place: home.place }),
			...(leavesSaved && { savedId: home.savedId }),
			...(change.place !== "label" && (leaves || change.place) && { labelId: home.labelId }),
			...change,
		};
		const address = `#${formatLocation(target)}`;
		if (address === `#${formatLocation(this.#location)}`) return;
		this.#location = target;
		if (step === "push") this.#depth += 1;
		const state = { depth: this.#depth };
		if (step === "push") history.pushState(state, "", address);
		else history.replaceState(state, "", address);
	}

	/** Opens a photo; moving on from one that is open is not a step of its own. */
	open(openId: PhotoId): void {
		this.go({ openId }, this.#location.openId === null ? "push" : "replace");
	}

	/** Closes the open photo. */
	close(): void {
		if (this.#location.openId !== null) this.back({ openId: null });
	}

	/** One step back; where the app was entered right here, to `otherwise` instead. */
	back(otherwise: Partial<Location>): void {
		if (this.#depth > 0) history.back();
		else this.go(otherwise, "replace");
	}

	dispose(): void {
		removeEventListener("popstate", this.#onPopState);
		removeEventListener("hashchange", this.#onPopState);
	}

	#onPopState = (): void => {
		this.#location = parseLocation(location.hash);
		this.#depth = readDepth();
	};
}

function readDepth(): number {
	const state: unknown = history.state;
	return typeof state === "object" &&
		state !== null &&
		"depth" in state &&
		typeof state.depth === "number"
		? state.depth
		: 0;
}

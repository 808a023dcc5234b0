/** @file How sure a match must be to be shown, as the person likes it. */
import { defaultStrictness } from "../../contract/limits.ts";
import { readPreference, writePreference } from "./preferences.ts";

/** Beyond this the engine hardly ever is: everything would fold away. */
export const greatestStrictness = 0.9;

const preference = "search.strictness";

export class Strictness {
	#value = $state(defaultStrictness);

	constructor() {
		const remembered = Number.parseFloat(readPreference(preference) ?? "");
		if (remembered >= 0 && remembered <= greatestStrictness) this.#value = remembered;
	}

	/** The least confidence that counts as a match: 0 takes everything. */
	get value(): number {
		return this.#value;
	}

	set(value: number): void {
		this.#value = Math.min(greatestStrictness, Math.max(0, Math.round(value * 100) / 100));
		writePreference(preference, String(this.#value));
	}
}

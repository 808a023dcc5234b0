/**
 * @file A choice the person made once, in effect until another is made. A saved search brings choices
 * of its own: they are borrowed while it is open, and changing them then changes nothing for later.
 */
import { readPreference, writePreference } from "./preferences.ts";

export class RememberedChoice<Value extends string | number> {
	#own = $state.raw<Value>();
	#borrowed = $state.raw<Value | null>(null);
	readonly #preference: string;
	readonly #usual: Value;

	/**
	 * @param preference where it is remembered
	 * @param usual what is in effect before any choice
	 * @param read the value a remembered text stands for; null where it stands for none
	 */
	constructor(preference: string, usual: Value, read: (text: string) => Value | null) {
		this.#preference = preference;
		this.#usual = usual;
		this.#own = read(readPreference(preference) ?? "") ?? usual;
	}

	get value(): Value {
		return this.#borrowed ?? this.#own ?? this.#usual;
	}

	set(value: Value): void {
		if (this.#borrowed !== null) {
			this.#borrowed = value;
			return;
		}
		this.#own = value;
		writePreference(this.#preference, String(value));
	}

	/** Puts another value into effect without making it the person's choice. */
	borrow(value: Value): void {
		this.#borrowed = value;
	}

	/** Back to the person's own choice. */
	giveBack(): void {
		this.#borrowed = null;
	}
}

/** Reads one of these texts, and nothing else. */
export function oneOf<Text extends string>(texts: readonly Text[]): (text: string) => Text | null {
	return (text) => texts.find((known) => known === text) ?? null;
}

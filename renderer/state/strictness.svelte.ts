/** @file How sure a match must be to be shown, as the person likes it. */
import { defaultStrictness } from "../../contract/limits.ts";
import { RememberedChoice } from "./remembered-choice.svelte.ts";

/** Beyond this the engine hardly ever is: everything would fold away. */
export const greatestStrictness = 0.9;

/** `value`: the least confidence that counts as a match: 0 takes everything. */
export class Strictness extends RememberedChoice<number> {
	constructor() {
		super("search.strictness", defaultStrictness, (text) => {
			const remembered = Number.parseFloat(text);
			return remembered >= 0 && remembered <= greatestStrictness ? remembered : null;
		});
	}

	override set(value: number): void {
		super.set(Math.min(greatestStrictness, Math.max(0, Math.round(value * 100) / 100)));
	}
}

/** @file What components elsewhere may ask of the search box. */
import type { Span } from "../../contract/query.ts";

/** What the search box can be asked. */
export interface QueryBoxHandle {
	/** Puts the keyboard into the box, with these characters selected. */
	select(span: Span): void;
	focus(): void;
}

export class QueryBox {
	/** The box on screen, if there is one. */
	box: QueryBoxHandle | null = null;
	/** The open photo is about to close, and the keyboard is to be in the box then. */
	takesKeyboard = false;
	/** Puts the keyboard on the parts of the search; null where there are none. */
	focusParts: (() => void) | null = null;
}

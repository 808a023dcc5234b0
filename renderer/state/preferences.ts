/** @file Small choices remembered on this computer, such as the theme. Losing them does no harm. */

const prefix = "afterimage.";

/** The remembered text, or null where there is none or storage is closed to the page. */
export function readPreference(name: string): string | null {
	try {
		return localStorage.getItem(prefix + name);
	} catch {
		return null;
	}
}

/** Remembers a text; where storage is full or closed, it holds only until the page closes. */
export function writePreference(name: string, value: string): void {
	try {
		localStorage.setItem(prefix + name, value);
	} catch {
		// Nothing to tell the person: the choice is in effect, it just will not be remembered.
	}
}

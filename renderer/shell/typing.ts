/** @file Whether a key press is text for a field or may be a shortcut. */

const textless = new Set(["button", "checkbox", "radio", "range", "file", "submit", "color"]);

/** True when the event's target takes text. */
export function isTyping(target: EventTarget | null): boolean {
	if (!(target instanceof HTMLElement)) return false;
	if (target instanceof HTMLInputElement) return !textless.has(target.type);
	// A list to choose from jumps to what is typed.
	if (target instanceof HTMLSelectElement) return true;
	return target instanceof HTMLTextAreaElement || target.isContentEditable;
}

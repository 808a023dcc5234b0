/** @file The focus stays near when the button that had it goes away or cannot be pressed for a while. */

/**
 * An attachment for an element that can be focused: gets the focus when what had it inside is gone, as when a button
 * did its work and another one took its place. A dialog would begin again with its first button. What is only disabled
 * has the focus again once it can be pressed, unless the person went elsewhere.
 */
export function holdFocus(element: HTMLElement): () => void {
	let held: Element | null = null;
	const arrive = ({ target }: FocusEvent) => {
		held = target instanceof Element && target !== element ? target : null;
	};
	const leave = ({ relatedTarget }: FocusEvent) => {
		// To nowhere: taken away, or another window came to the front.
		if (relatedTarget !== null) held = null;
	};
	const observer = new MutationObserver(() => {
		if (held === null) return;
		if (!element.contains(held)) {
			held = null;
			element.focus({ preventScroll: true });
		} else if (document.activeElement === document.body && held instanceof HTMLElement) {
			if (!held.matches(":disabled")) held.focus({ preventScroll: true });
		}
	});
	element.addEventListener("focusin", arrive);
	element.addEventListener("focusout", leave);
	observer.observe(element, { childList: true, subtree: true, attributeFilter: ["disabled"] });
	return () => {
		element.removeEventListener("focusin", arrive);
		element.removeEventListener("focusout", leave);
		observer.disconnect();
	};
}

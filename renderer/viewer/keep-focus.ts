/** @file The keyboard stays with the photo when a button over it is clicked with the mouse. */

/** An attachment for an element with buttons: the mouse presses them without giving them the focus. */
export function keepFocus(element: HTMLElement): () => void {
	const refuse = (event: MouseEvent) => event.preventDefault();
	element.addEventListener("mousedown", refuse);
	return () => element.removeEventListener("mousedown", refuse);
}

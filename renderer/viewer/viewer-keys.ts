/** @file The viewer's keys. */

export type ViewerAction =
	| "close"
	| "next"
	| "previous"
	| "first"
	| "last"
	| "info"
	| "similar"
	| "tag"
	| "trash"
	| "like-but"
	| "draw-from"
	| "region"
	| "text"
	| "fullscreen"
	| StageAction;

/** What is done to the photo on its stage. */
export type StageAction =
	| "zoom-in"
	| "zoom-out"
	| "fit"
	| "actual"
	| "look-left"
	| "look-right"
	| "look-up"
	| "look-down";

/** The part of a keyboard event that matters. */
export interface KeyPress {
	key: string;
	shiftKey: boolean;
	ctrlKey: boolean;
	metaKey: boolean;
	altKey: boolean;
}

const plain: Readonly<Record<string, ViewerAction>> = {
	Escape: "close",
	" ": "close",
	ArrowRight: "next",
	ArrowLeft: "previous",
	PageDown: "next",
	PageUp: "previous",
	Home: "first",
	End: "last",
	i: "info",
	s: "similar",
	t: "tag",
	b: "like-but",
	g: "draw-from",
	r: "region",
	x: "text",
	f: "fullscreen",
	"+": "zoom-in",
	"=": "zoom-in",
	"-": "zoom-out",
	_: "zoom-out",
	z: "actual",
	Delete: "trash",
};

const withShift: Readonly<Record<string, ViewerAction>> = {
	ArrowLeft: "look-left",
	ArrowRight: "look-right",
	ArrowUp: "look-up",
	ArrowDown: "look-down",
};

/** Null for keys that are not the viewer's; of those with Control or Command only the one that Macs delete with is. */
export function viewerAction(press: KeyPress): ViewerAction | null {
	if ((press.ctrlKey || press.metaKey) && press.key === "Backspace") return "trash";
	if (press.ctrlKey || press.metaKey || press.altKey) return null;
	const looking = press.shiftKey ? withShift[press.key] : undefined;
	if (looking !== undefined) return looking;
	const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
	return plain[key] ?? null;
}

/** The stars that a key gives, 0 for none; null for other keys. */
export function ratingKey({ key, ctrlKey, metaKey, altKey }: KeyPress): number | null {
	return /^[0-5]$/.test(key) && !ctrlKey && !metaKey && !altKey ? Number(key) : null;
}

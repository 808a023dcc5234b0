/** @file Every key the app knows, in one table: the handler acts by it, the `?` sheet shows it. */

/** What a shortcut outside the viewer does. */
export type Command =
	| "focus-search"
	| "save-search"
	| "step-back"
	| "show-shortcuts"
	| "choose-picture"
	| "select-all"
	| "find-similar"
	| "tag-photos"
	| "draw-from"
	| "rate"
	| "move-to-trash"
	| "larger-photos"
	| "smaller-photos"
	| "next-heading"
	| "previous-heading"
	| "undo";

export interface Shortcut {
	readonly group: "Anywhere" | "Search box" | "Grid" | "Search results" | "Viewer";
	/** Keys that all do it, such as `Mod+a`; `Mod` is Command on a Mac and Control elsewhere. */
	readonly keys: readonly string[];
	readonly label: string;
	/** Null where the part itself acts on the key: the sheet only tells of it. */
	readonly command: Command | null;
	/** Also while typing in a field. */
	readonly whileTyping?: true;
}

export const shortcuts: readonly Shortcut[] = [
	{ group: "Anywhere", keys: ["/", "Mod+f"], label: "Search", command: "focus-search" },
	{
		group: "Anywhere",
		keys: ["Escape"],
		label: "Step back: clear the selection, then the search",
		command: "step-back",
		whileTyping: true,
	},
	{ group: "Anywhere", keys: ["Mod+s"], label: "Save the search", command: "save-search" },
	{ group: "Anywhere", keys: ["Mod+v"], label: "Search by a copied picture", command: null },
	{ group: "Anywhere", keys: ["o"], label: "Search by a picture file", command: "choose-picture" },
	{ group: "Anywhere", keys: ["Mod+z"], label: "Undo", command: "undo" },
	{ group: "Anywhere", keys: ["?"], label: "Show these keys", command: "show-shortcuts" },

	{ group: "Search box", keys: ["Enter"], label: "Open the best match", command: null },
	{
		group: "Search box",
		keys: ["ArrowDown"],
		label: "To the suggestions, the parts of the search, the photos",
		command: null,
	},
	{
		group: "Search box",
		keys: ["+", "-"],
		label: "Let the picture at hand count more, or less",
		command: null,
	},
	{
		group: "Search box",
		keys: ["Delete"],
		label: "Remove the part of the search at hand",
		command: null,
	},

	{
		group: "Grid",
		keys: ["ArrowLeft", "ArrowRight"],
		label: "Previous or next photo",
		command: null,
	},
	{ group: "Grid", keys: ["ArrowUp", "ArrowDown"], label: "Row above or below", command: null },
	{ group: "Grid", keys: ["PageUp", "PageDown"], label: "A windowful up or down", command: null },
	{ group: "Grid", keys: ["Home", "End"], label: "First or last photo", command: null },
	{ group: "Grid", keys: ["["], label: "Previous heading", command: "previous-heading" },
	{ group: "Grid", keys: ["]"], label: "Next heading", command: "next-heading" },
	{ group: "Grid", keys: ["Enter", "Space"], label: "Open", command: null },
	{ group: "Grid", keys: ["Shift+F10"], label: "What can be done with the photo", command: null },
	{ group: "Grid", keys: ["s"], label: "Find similar photos", command: "find-similar" },
	{ group: "Grid", keys: ["t"], label: "Tag the photo or the selection", command: "tag-photos" },
	{ group: "Grid", keys: ["g"], label: "Draw a picture from the photo", command: "draw-from" },
	{
		group: "Grid",
		keys: ["0", "1", "2", "3", "4", "5"],
		label: "Give stars to the photo or the selection; 0 takes them away",
		command: "rate",
	},
	{
		group: "Grid",
		keys: ["Delete", "Mod+backspace"],
		label: "Move the photo or the selection to the trash",
		command: "move-to-trash",
	},
	{ group: "Grid", keys: ["x"], label: "Select or unselect", command: null },
	{ group: "Grid", keys: ["Shift+Arrows"], label: "Extend the selection", command: null },
	{ group: "Grid", keys: ["Mod+a"], label: "Select all", command: "select-all" },
	{ group: "Grid", keys: ["+", "="], label: "Larger photos", command: "larger-photos" },
	{ group: "Grid", keys: ["-", "_"], label: "Smaller photos", command: "smaller-photos" },
	{
		group: "Search results",
		keys: ["+", "-"],
		label: "More like the photo at hand, or less",
		command: null,
	},

	{
		group: "Viewer",
		keys: ["ArrowLeft", "ArrowRight"],
		label: "Previous or next photo",
		command: null,
	},
	{ group: "Viewer", keys: ["Home", "End"], label: "First or last photo", command: null },
	{ group: "Viewer", keys: ["+", "-"], label: "Zoom in or out", command: null },
	{ group: "Viewer", keys: ["z"], label: "Actual size, or the whole photo", command: null },
	{
		group: "Viewer",
		keys: ["0", "1", "2", "3", "4", "5"],
		label: "Give stars; 0 takes them away",
		command: null,
	},
	{ group: "Viewer", keys: ["Shift+Arrows"], label: "Look around while zoomed in", command: null },
	{ group: "Viewer", keys: ["i"], label: "Facts about the photo", command: null },
	{ group: "Viewer", keys: ["s"], label: "Find similar photos", command: null },
	{ group: "Viewer", keys: ["b"], label: "More like this, but…", command: null },
	{ group: "Viewer", keys: ["g"], label: "Draw a picture from the photo", command: null },
	{ group: "Viewer", keys: ["r"], label: "Find something in this photo", command: null },
	{ group: "Viewer", keys: ["x"], label: "Show the text in the picture", command: null },
	{ group: "Viewer", keys: ["t"], label: "Add a tag", command: null },
	{
		group: "Viewer",
		keys: ["Delete", "Mod+backspace"],
		label: "Move the photo to the trash",
		command: null,
	},
	{ group: "Viewer", keys: ["f"], label: "Full screen", command: null },
	{ group: "Viewer", keys: ["Escape", "Space"], label: "Close", command: null },
];

/** The parts of a keyboard event that tell a shortcut. */
export interface KeyPress {
	readonly key: string;
	readonly ctrlKey: boolean;
	readonly metaKey: boolean;
	readonly altKey: boolean;
}

/** The command of a pressed key, or null. `typing`: the keyboard is in a text field. */
export function commandOf(press: KeyPress, typing: boolean): Command | null {
	if (press.altKey) return null;
	const withMod = press.ctrlKey || press.metaKey;
	if (typing && withMod && !["f", "s"].includes(press.key.toLowerCase())) return null;
	const pressed = withMod ? `Mod+${press.key.toLowerCase()}` : press.key;
	const found = shortcuts.find(
		({ command, keys, whileTyping }) =>
			command !== null && keys.includes(pressed) && (!typing || whileTyping === true || withMod),
	);
	return found?.command ?? null;
}

const caps: Readonly<Record<string, string>> = {
	ArrowLeft: "←",
	ArrowRight: "→",
	ArrowUp: "↑",
	ArrowDown: "↓",
	Escape: "Esc",
	PageUp: "PgUp",
	PageDown: "PgDn",
	Delete: "Del",
	backspace: "Backspace",
	Arrows: "arrows",
};

/** A key as it is written on the person's keyboard: `Mod+a` becomes `Ctrl+A`, or `⌘+A`. */
export function keyCaption(keys: string, isMac: boolean): string {
	if (keys === "+") return keys;
	return keys
		.split("+")
		.map((key) => {
			if (key === "Mod") return isMac ? "⌘" : "Ctrl";
			return caps[key] ?? (key.length === 1 ? key.toUpperCase() : key);
		})
		.join("+");
}

/** @file What can be done with a tag, for menus and keys alike. */
import type { Tag } from "../../contract/tag.ts";
import type { App } from "../state/app.svelte.ts";
import { home } from "../state/location.ts";
import { tagQuery } from "./tag-query.ts";

/** Shows the photos with a tag, and what is suggested of it. */
export function openTag(app: App, path: string): void {
	app.navigation.go({ ...home, query: { kind: "text", text: tagQuery(path) } });
}

/** Opens the label that suggests a tag; where there is none, begins one of that name. */
export function openLabelOf(app: App, tag: Tag): void {
	const [labelId] = tag.labelIds;
	app.tagDialogs.newLabelName = labelId === undefined ? tag.path : "";
	app.navigation.go({ ...home, place: "label", labelId: labelId ?? null });
}

/** Begins a label. */
export function newLabel(app: App, name = ""): void {
	app.tagDialogs.newLabelName = name;
	app.navigation.go({ ...home, place: "label" });
}

/** The name of the tag above, or null at the top. */
export function parentPath(path: string): string | null {
	const cut = path.lastIndexOf("/");
	return cut === -1 ? null : path.slice(0, cut);
}

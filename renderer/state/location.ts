/** @file Where the person is in the app, and its form in the page's address. */
import type { FolderId, LabelId, PhotoId, SavedSearchId } from "../../contract/ids.ts";
import { type AskedPictures, formatPictures, parsePictures, queryFrom } from "./asked-pictures.ts";

/** What is being searched for. A picture from outside is only named here; see `QueryPictures`. */
export type Query =
	/** `text` may be empty beside pictures. */
	| { readonly kind: "text"; readonly text: string; readonly pictures?: AskedPictures }
	| { readonly kind: "similar"; readonly photoId: PhotoId }
	| { readonly kind: "picture"; readonly key: number };

/** What the middle of the window shows when nothing is searched for. */
export type Place = "photos" | "look-alikes" | "tags" | "labels" | "label" | "generate";

/** Everything the Back button can bring back. */
export interface Location {
	readonly place: Place;
	/** Null: the whole library. */
	readonly folderId: FolderId | null;
	readonly query: Query | null;
	/** The saved search the query came from; it may have been changed since. */
	readonly savedId: SavedSearchId | null;
	/** The label being edited where `place` is `label`; null for a new one. */
	readonly labelId: LabelId | null;
	/** The photo open in the viewer. */
	readonly openId: PhotoId | null;
}

/** Where a start without an address leads. */
export const home: Location = {
	place: "photos",
	folderId: null,
	query: null,
	savedId: null,
	labelId: null,
	openId: null,
};

/** The search that is the place of drawn pictures. */
export const drawnOnly = { kind: "text", text: "is:generated" } as const satisfies Query;

/** The part of the address after `#`. */
export function formatLocation(location: Location): string {
	const parameters = new URLSearchParams();
	const { query } = location;
	if (query?.kind === "text" && query.text !== "") parameters.set("q", query.text);
	if (query?.kind === "text" && query.pictures) formatPictures(parameters, query.pictures);
	if (query?.kind === "similar") parameters.set("similar", String(query.photoId));
	if (query?.kind === "picture") parameters.set("picture", String(query.key));
	if (location.savedId !== null) parameters.set("saved", String(location.savedId));
	if (location.openId !== null) parameters.set("photo", String(location.openId));
	const path = pathOf(location);
	return parameters.size > 0 ? `${path}?${parameters}` : path;
}

function pathOf({ place, folderId, labelId }: Location): string {
	if (place === "look-alikes") return "/look-alikes";
	if (place === "tags") return "/tags";
	if (place === "labels") return "/labels";
	if (place === "generate") return "/generate";
	if (place === "label") return labelId === null ? "/label" : `/label/${labelId}`;
	return folderId === null ? "/photos" : `/folder/${folderId}`;
}

/** Reads an address; whatever makes no sense in it is left out. Accepts a leading `#`. */
export function parseLocation(hash: string): Location {
	const [path = "", search = ""] = splitOnce(hash.replace(/^#/, ""), "?");
	const parameters = new URLSearchParams(search);
	const folder = /^\/folder\/(\d+)$/.exec(path)?.[1];
	const query = parseQuery(parameters);
	return {
		place: placeOf(path),
		folderId: parseId<FolderId>(folder),
		query,
		savedId: query === null ? null : parseId<SavedSearchId>(parameters.get("saved")),
		labelId: parseId<LabelId>(/^\/label\/(\d+)$/.exec(path)?.[1]),
		openId: parseId<PhotoId>(parameters.get("photo")),
	};
}

function placeOf(path: string): Place {
	if (path === "/look-alikes") return "look-alikes";
	if (path === "/tags") return "tags";
	if (path === "/labels") return "labels";
	if (path === "/generate") return "generate";
	return /^\/label(\/\d+)?$/.test(path) ? "label" : "photos";
}

function parseQuery(parameters: URLSearchParams): Query | null {
	const text = parameters.get("q") ?? "";
	const asked = queryFrom(text.trim() === "" ? "" : text, parsePictures(parameters));
	if (asked !== null) return asked;
	const photoId = parseId<PhotoId>(parameters.get("similar"));
	if (photoId !== null) return { kind: "similar", photoId };
	const key = parseId<number>(parameters.get("picture"));
	return key === null ? null : { kind: "picture", key };
}

/** The brand is taken on trust: the engine answers PHOTO_NOT_FOUND where an id means nothing. */
function parseId<Id extends number>(text: string | null | undefined): Id | null {
	const value = Number(text ?? Number.NaN);
	return Number.isSafeInteger(value) && value > 0 ? (value as Id) : null;
}

function splitOnce(text: string, separator: string): string[] {
	const at = text.indexOf(separator);
	return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** True when both searches ask the same thing. */
export function sameQuery(first: Query | null, second: Query | null): boolean {
	return formatLocation({ ...home, query: first }) === formatLocation({ ...home, query: second });
}

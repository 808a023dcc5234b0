/** @file Where the person is in the app, and its form in the page's address. */
import type { FolderId, PhotoId } from "../../contract/ids.ts";

/** What is being searched for. A picture from outside is only named here; see `QueryPictures`. */
export type Query =
	| { readonly kind: "text"; readonly text: string }
	| { readonly kind: "similar"; readonly photoId: PhotoId }
	| { readonly kind: "picture"; readonly key: number };

/** What the middle of the window shows when nothing is searched for. */
export type Place = "photos" | "look-alikes";

/** Everything the Back button can bring back. */
export interface Location {
	readonly place: Place;
	/** Null: the whole library. */
	readonly folderId: FolderId | null;
	readonly query: Query | null;
	/** The photo open in the viewer. */
	readonly openId: PhotoId | null;
}

/** Where a start without an address leads. */
export const home: Location = { place: "photos", folderId: null, query: null, openId: null };

/** The part of the address after `#`. */
export function formatLocation(location: Location): string {
	const parameters = new URLSearchParams();
	const { query } = location;
	if (query?.kind === "text") parameters.set("q", query.text);
	if (query?.kind === "similar") parameters.set("similar", String(query.photoId));
	if (query?.kind === "picture") parameters.set("picture", String(query.key));
	if (location.openId !== null) parameters.set("photo", String(location.openId));
	const path = pathOf(location);
	return parameters.size > 0 ? `${path}?${parameters}` : path;
}

function pathOf({ place, folderId }: Location): string {
	if (place === "look-alikes") return "/look-alikes";
	return folderId === null ? "/photos" : `/folder/${folderId}`;
}

/** Reads an address; whatever makes no sense in it is left out. Accepts a leading `#`. */
export function parseLocation(hash: string): Location {
	const [path = "", search = ""] = splitOnce(hash.replace(/^#/, ""), "?");
	const parameters = new URLSearchParams(search);
	const folder = /^\/folder\/(\d+)$/.exec(path)?.[1];
	return {
		place: path === "/look-alikes" ? "look-alikes" : "photos",
		folderId: parseId<FolderId>(folder),
		query: parseQuery(parameters),
		openId: parseId<PhotoId>(parameters.get("photo")),
	};
}

function parseQuery(parameters: URLSearchParams): Query | null {
	const text = parameters.get("q");
	if (text !== null && text.trim() !== "") return { kind: "text", text };
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

/**
 * @file Which sidecar belongs to which photo.
 *
 * [Note: Sidecar names] digiKam, darktable and most others write `photo.jpg.xmp`; Adobe's programs `photo.xmp`,
 * which photos that differ only in extension share. The first is certain, so it is preferred; the second counts
 * for every photo of that name. A new sidecar gets the full name: Adobe's programs look for sidecars beside raw
 * files only, so for the formats read here the short name would gain no reader.
 */

import { sidecarExtension } from "../photo-file-extensions.ts";

/** A path without its last extension. */
export function withoutExtension(path: string): string {
	const slash = path.lastIndexOf("/");
	const dot = path.lastIndexOf(".");
	return dot > slash + 1 ? path.slice(0, dot) : path;
}

/** The sidecars a photo may have, the preferred first, as most programs spell the extension. */
export function sidecarNamesOf(photoPath: string): readonly [full: string, short: string] {
	return [`${photoPath}${sidecarExtension}`, `${withoutExtension(photoPath)}${sidecarExtension}`];
}

/** What a sidecar's path says of its photo: either the whole path or the path without extension. */
export function photoNamedBy(sidecarPath: string): string {
	return sidecarPath.slice(0, -sidecarExtension.length);
}

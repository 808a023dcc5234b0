/** @file Names of files and folders that never hold a person's own photos, on any system. */

/** Folders of operating systems, network storage and other programs, in lower case. */
const ignoredFolderNames: ReadonlySet<string> = new Set([
	"$recycle.bin",
	"recycler",
	"system volume information",
	"lost+found",
	"appdata",
	"__macosx",
	"network trash folder",
	"temporary items",
	// Synology and QNAP keep previews and deleted files in these beside every folder.
	"@eadir",
	"@tmp",
	"@recycle",
	"@recently-snapshot",
	"#recycle",
	"#snapshot",
	"node_modules",
]);

/** Lightroom keeps previews of every photo in bundles ending so. */
const ignoredFolderSuffixes = [".lrdata"];

/** A folder's name together with its parent's, in lower case. */
const ignoredFolderPairs: ReadonlySet<string> = new Set([
	"captureone/cache",
	"library/caches",
	"photoprism/cache",
	"photoprism/sidecar",
]);

/** Libraries of Apple's photo programs: folders full of derivatives beside the originals. */
const photoLibrarySuffixes = [
	".photoslibrary",
	".photolibrary",
	".aplibrary",
	".migratedphotolibrary",
];
const originalsInPhotoLibraries: ReadonlySet<string> = new Set(["originals", "masters"]);

/** Immich's derived folders have ordinary names; the marker file it puts in them tells them apart. */
export const folderMarkers: ReadonlyMap<string, string> = new Map([
	["thumbs", ".immich"],
	["encoded-video", ".immich"],
	["profile", ".immich"],
]);

/**
 * True for a folder that is skipped for its name alone.
 * @param parentName the name of the folder it lies in; "" for the root
 */
export function isIgnoredFolderName(parentName: string, name: string): boolean {
	if (isHiddenName(name)) return true;
	const lowerName = name.toLowerCase();
	const lowerParent = parentName.toLowerCase();
	if (ignoredFolderNames.has(lowerName)) return true;
	if (ignoredFolderSuffixes.some((suffix) => lowerName.endsWith(suffix))) return true;
	if (ignoredFolderPairs.has(`${lowerParent}/${lowerName}`)) return true;
	return isInsidePhotoLibrary(lowerParent) && !originalsInPhotoLibraries.has(lowerName);
}

/** True for a file that is skipped for its name alone, whatever its extension. */
export function isIgnoredFileName(parentName: string, name: string): boolean {
	return isHiddenName(name) || isInsidePhotoLibrary(parentName.toLowerCase());
}

/** Dot names: hidden by convention, `.Trash` and AppleDouble's `._IMG.jpg` among them. */
function isHiddenName(name: string): boolean {
	return name.startsWith(".");
}

function isInsidePhotoLibrary(lowerParent: string): boolean {
	return photoLibrarySuffixes.some((suffix) => lowerParent.endsWith(suffix));
}

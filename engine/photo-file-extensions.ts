/** @file Which files count as photos while a folder is walked; what a file really is, the decoder decides. */

/** Lower-case extensions with their dot. */
export const photoFileExtensions: ReadonlySet<string> = new Set([
	".jpg",
	".jpeg",
	".jpe",
	".jfif",
	".png",
	".webp",
	".gif",
	".tif",
	".tiff",
	".avif",
	".svg",
	".bmp",
	".dib",
	".heic",
	".heif",
	".hif",
]);

/** In lower case, with its dot. What one says of a photo beside it counts; see [Note: Sidecar names]. */
export const sidecarExtension = ".xmp";

/** True for a file that may be a sidecar. */
export function isSidecarName(name: string): boolean {
	return name.toLowerCase().endsWith(sidecarExtension) && name.length > sidecarExtension.length;
}

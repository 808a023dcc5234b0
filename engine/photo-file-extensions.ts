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

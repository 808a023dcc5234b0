/** @file The system's trash: where chosen files go instead of being deleted. */
import { FreedesktopTrash } from "./freedesktop-trash.ts";

/** A file in the trash. */
export interface TrashedFile {
	/** Puts the file back where it was; null where only the system's own trash can. */
	restore: (() => Promise<void>) | null;
}

/** Moves files to the trash; never deletes. */
export interface SystemTrash {
	/** @param path absolute. Rejects with a sentence when the file stays where it is. */
	put(path: string): Promise<TrashedFile>;
}

/** The trash of the system this process runs on; undefined where there is none that we know. */
export function findSystemTrash(
	platform: NodeJS.Platform = process.platform,
): SystemTrash | undefined {
	switch (platform) {
		case "linux":
		case "freebsd":
			return new FreedesktopTrash();
		case "darwin":
		case "win32":
			return new PackagedTrash();
		default:
			return undefined;
	}
}

/** Finder's trash and the recycle bin, through the small programs that the `trash` package brings. */
class PackagedTrash implements SystemTrash {
	async put(path: string): Promise<TrashedFile> {
		const { default: trash } = await import("trash");
		await trash([path], { glob: false });
		return { restore: null };
	}
}

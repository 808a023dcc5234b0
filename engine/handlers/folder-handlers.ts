/** @file Folders: list, add, remove, rescan, and looking for one to add. */
import { existsSync } from "node:fs";
import { Refusal } from "../../contract/errors.ts";
import { browseFolders } from "../library/browse.ts";
import type { DrawingsFolder } from "../library/drawings-folder.ts";
import type { LibraryFolders } from "../library/library-folders.ts";
import { implementer } from "./implementer.ts";

export interface FolderHandlerParts {
	folders: LibraryFolders;
	drawingsFolder: Pick<DrawingsFolder, "id" | "removed" | "isAt" | "include">;
	demoPhotosPath: string;
	/** Reads what waits: the person asked for a folder to be read. */
	readWaiting(): void;
	/** Drops thumbnails that no photo shows any more. */
	pruneThumbnails(): Promise<void>;
}

export function folderHandlers(parts: FolderHandlerParts) {
	const { folders, drawingsFolder, demoPhotosPath, readWaiting } = parts;
	const list = async () => {
		const own = drawingsFolder.id;
		return (await folders.list()).map((folder) =>
			folder.id === own ? { ...folder, name: "Drawings", drawings: true } : folder,
		);
	};
	const add = async (path: string) => {
		if (drawingsFolder.isAt(path)) {
			await drawingsFolder.include(true);
			const own = (await list()).find(({ drawings }) => drawings === true);
			if (own !== undefined) return own;
		}
		const folder = await folders.add(path);
		readWaiting();
		return folder;
	};
	return {
		list: implementer.folder.list.handler(list),
		add: implementer.folder.add.handler(({ input }) => add(input.path)),
		addDemo: implementer.folder.addDemo.handler(() => {
			if (!existsSync(demoPhotosPath)) {
				throw new Refusal(
					"FOLDER_NOT_FOUND",
					"The demo photos are missing from this installation.",
					{
						path: demoPhotosPath,
					},
				);
			}
			return add(demoPhotosPath);
		}),
		remove: implementer.folder.remove.handler(async ({ input }) => {
			const photosForgotten = await folders.remove(input.id);
			await drawingsFolder.removed(input.id);
			// What stays behind costs room and nothing else; the doctor removes it too.
			await parts.pruneThumbnails().catch(() => undefined);
			return { photosForgotten };
		}),
		rescan: implementer.folder.rescan.handler(async ({ input }) => {
			await folders.rescan(input.id);
			readWaiting();
		}),
		browse: implementer.folder.browse.handler(({ input }) => browseFolders(input.path)),
	};
}

/** @file A real catalogue over a folder of photos with sidecars, and what keeps the two in step. */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { unknownCaptureFacts } from "../../contract/capture-facts.ts";
import type { ChangeId, PhotoId } from "../../contract/ids.ts";
import { openCatalogue } from "../../engine/catalogue/open-catalogue.ts";
import type { SidecarDisk } from "../../engine/sidecars/replace-sidecar.ts";
import { TagsInFiles } from "../../engine/sidecars/tags-in-files.ts";
import { noFileMetadata } from "../../engine/xmp/clean-metadata.ts";
import { newSidecar } from "../../engine/xmp/new-sidecar.ts";

export async function openWithSidecars(options: { root?: string; disk?: SidecarDisk } = {}) {
	const root = options.root ?? mkdtempSync(join(tmpdir(), "afterimage-sidecars-"));
	const photosPath = join(root, "photos");
	mkdirSync(photosPath, { recursive: true });
	const catalogue = await openCatalogue(join(root, "catalogue.sqlite"));
	const { id: folderId } =
		(await catalogue.folders.list())[0] ??
		(await catalogue.folders.add({
			volumeId: "test",
			pathInVolume: "photos",
			lastPath: photosPath,
		}));
	let tagChanges = 0;
	const described: string[] = [];
	const tags = await TagsInFiles.open({
		catalogue,
		decoder: {
			async raster() {
				return { kind: "failed", reason: "unknown", message: "Nothing is decoded here." };
			},
			async describe(source) {
				described.push("filePath" in source ? source.filePath : "");
				return {
					kind: "described",
					contentHash: "filePath" in source ? source.filePath : "",
					fileMetadata: { ...noFileMetadata, caption: "A lighthouse", keywords: ["old"] },
					drawn: true,
				};
			},
		},
		locate: ({ relativePath }) => join(photosPath, relativePath),
		confirmFolder: async () => true,
		othersBusy: () => false,
		onTagsChanged: () => {
			tagChanges += 1;
		},
		onRead: () => undefined,
		onDrawnChanged: () => undefined,
		...(options.disk !== undefined && { disk: options.disk }),
	});
	onTestFinished(async () => {
		await tags.close();
		await catalogue.close();
		rmSync(root, { recursive: true, force: true });
	});
	const inFolder = (name: string) => join(photosPath, name);
	return {
		root,
		catalogue,
		tags,
		folderId,
		described,
		tagChanges: () => tagChanges,
		inFolder,
		/** A searchable photo of this name, whose file says nothing unless it waits to be `described`. */
		async photo(name: string, waits = false): Promise<PhotoId> {
			writeFileSync(inFolder(name), "a photo");
			const file = { relativePath: name, sizeBytes: 7, modifiedAtMs: 1, fileIdentity: name };
			const [id] = await catalogue.photos.discover(folderId, [file]);
			if (id === undefined) throw new Error("It was known.");
			const contentHash = inFolder(name);
			await catalogue.photos.storeRead("test-encoder", [
				{
					id,
					sizeBytes: 7,
					modifiedAtMs: 1,
					contentHash,
					format: "jpeg",
					width: 4,
					height: 3,
					takenAtMs: null,
					...unknownCaptureFacts,
					perceptualHash: new Uint8Array(98),
					embedding: Float32Array.of(1, 0, 0, 0),
				},
			]);
			if (!waits) {
				const said = { metadata: noFileMetadata, drawn: false };
				await tags.photoRead({ id, folderId, relativePath: name }, contentHash, said);
			}
			return id;
		},
		/** Puts a sidecar on the disk and lets it be found. */
		async sidecar(name: string, content: Uint8Array | string | readonly string[][]) {
			const bytes =
				typeof content === "string" || content instanceof Uint8Array
					? content
					: newSidecar({ add: content });
			writeFileSync(inFolder(name), bytes);
			const { size, mtimeMs } = statSync(inFolder(name));
			await catalogue.sidecars.noteFound(folderId, [
				{ relativePath: name, sizeBytes: size, modifiedAtMs: mtimeMs },
			]);
			tags.wake();
			await tags.idle();
		},
		/** The person gives and takes tags. */
		async person(id: PhotoId, add: readonly string[], remove: readonly string[] = []) {
			const agreed = (await catalogue.fileMetadata.get(id))?.agreed ?? [];
			await catalogue.tagWriting.settle(id, { add, remove, agreed, title: "By hand" });
		},
		/** Takes a change back, as the page does. */
		async undo(changeId: ChangeId | null | undefined) {
			if (changeId === null || changeId === undefined) throw new Error("Nothing had changed.");
			await catalogue.tags.undo(changeId);
		},
		async run() {
			tags.start();
			await tags.idle();
		},
		async write() {
			await tags.change("sidecars");
			tags.start();
			await tags.idle();
		},
		accepted: (id: PhotoId) => catalogue.tagWriting.accepted(id),
	};
}

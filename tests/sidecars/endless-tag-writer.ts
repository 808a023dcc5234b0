/**
 * @file A process that gives every photo another tag and writes it, again and again, until it is killed. Arguments:
 * the folder that `killed-writer.test.ts` prepared, where tags are kept, how many rounds (0: without end).
 */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { openCatalogue } from "../../engine/catalogue/open-catalogue.ts";
import { createDecoder } from "../../engine/decoder/create-decoder.ts";
import { finishPendingWrites } from "../../engine/sidecars/finish-pending-writes.ts";
import { Originals } from "../../engine/sidecars/originals.ts";
import { TagsInFiles } from "../../engine/sidecars/tags-in-files.ts";
import { identityOf } from "../../engine/watcher/file-facts.ts";

const [, , root = "", keptIn, rounds = "0"] = process.argv;
if (keptIn !== "sidecars" && keptIn !== "files") throw new Error("Which place?");
const catalogue = await openCatalogue(join(root, "catalogue.sqlite"));
const originals = new Originals(join(root, "originals"));
const onRewritten = async () => undefined;
await originals.tidy();
await finishPendingWrites({ catalogue, onRewritten });
const decoder = createDecoder();
const photosPath = join(root, "photos");
const tags = await TagsInFiles.open({
	catalogue,
	decoder,
	locate: ({ relativePath }) => join(photosPath, relativePath),
	confirmFolder: async () => true,
	othersBusy: () => false,
	onTagsChanged: () => undefined,
	onDrawnChanged: () => undefined,
	onRead: () => undefined,
	files: {
		originals,
		onRewritten,
		async replaceFile({ relativePath }, replace, store) {
			const filePath = join(photosPath, relativePath);
			await replace(filePath);
			const stats = await stat(filePath, { bigint: true });
			await store({
				relativePath,
				sizeBytes: Number(stats.size),
				modifiedAtMs: Number(stats.mtimeMs),
				fileIdentity: identityOf(stats),
			});
			return true;
		},
	},
});
await tags.change(keptIn);
tags.start();
const [folder] = await catalogue.folders.list();
if (folder === undefined) throw new Error("Nothing was prepared.");
const ids = await catalogue.photos.ids(folder.id);
for (let round = 1; Number(rounds) === 0 || round <= Number(rounds); round++) {
	const [first] = ids;
	const before = first === undefined ? [] : await catalogue.tagWriting.accepted(first);
	await catalogue.tags.apply(ids, [`round ${Date.now()}`], [...before]);
	process.send?.("writing");
	tags.wake();
	await tags.idle();
}
await tags.close();
await decoder.close();
await catalogue.close();
process.disconnect?.();

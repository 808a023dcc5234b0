/** @file A photo that is moved together with its sidecar, which still says what it said before. */
import { renameSync, rmSync } from "node:fs";
import { expect, test } from "vitest";
import { openWithSidecars } from "./library-with-sidecars.ts";

test("a tag renamed or deleted here does not come back from a sidecar that was moved with its photo", async () => {
	const library = await openWithSidecars();
	const { catalogue, folderId, tags } = library;
	const id = await library.photo("a.jpg");
	await library.sidecar("a.jpg.xmp", [["dog"], ["pond"], ["kept"]]);
	const known = new Map((await catalogue.tags.list(false)).map((tag) => [tag.path, tag.id]));
	const [dog, pond] = [known.get("dog"), known.get("pond")];
	if (dog === undefined || pond === undefined) throw new Error("The sidecar was not read.");
	await catalogue.tags.rename(dog, "hound");
	await catalogue.tags.remove([pond]);
	renameSync(library.inFolder("a.jpg"), library.inFolder("b.jpg"));
	rmSync(library.inFolder("a.jpg.xmp"));
	const file = { relativePath: "b.jpg", sizeBytes: 7, modifiedAtMs: 1, fileIdentity: "a.jpg" };
	await catalogue.photos.move([{ id, folderId, file }]);
	await catalogue.sidecars.noteGone(folderId, ["a.jpg.xmp"]);
	await library.sidecar("b.jpg.xmp", [["dog"], ["pond"], ["kept"], ["new"]]);
	expect(await library.accepted(id)).toEqual(["hound", "kept", "new"]);
	await library.write();
	await tags.idle();
	const said = (await catalogue.fileMetadata.get(id))?.sidecar;
	expect(said?.hierarchies.flat().toSorted()).toEqual(["hound", "kept", "new"]);
});

/** @file A process that writes to a catalogue until it is killed: `node endless-writer.ts FILE`. */
import { openCatalogue } from "../../engine/catalogue/open-catalogue.ts";
import { addFolder, found, read, unit } from "./catalogue-contents.ts";

const [, , filePath] = process.argv;
if (filePath === undefined) throw new Error("which file?");
const catalogue = await openCatalogue(filePath);
const folder = await addFolder(catalogue);
process.send?.("writing");
for (let round = Date.now(); ; round += 1) {
	const files = Array.from({ length: 20 }, (_, index) => found(`${round}-${index}.jpg`));
	const ids = await catalogue.photos.discover(folder.id, files);
	const reads = ids.map((id, index) =>
		read(id, files[index] ?? found("none"), { embedding: unit(1, 2, 3, 4) }),
	);
	await catalogue.photos.storeRead("encoder", reads);
	await catalogue.photos.remove(ids.slice(0, 5));
	// A kill may fall between two writes too.
	await new Promise(setImmediate);
}

/**
 * @file Opens a library with a packed engine and searches three photos. Arguments: the extracted app,
 * its resources, a folder of photos, an empty folder for the library. Prints the best file's name.
 */
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";

const [appPath, resourcesPath, photosPath, libraryPath] = process.argv.slice(2);
const { holdLibrary } = await import(
	pathToFileURL(join(appPath, "dist/electron/hold-library.js")).href
);
const { createRouterClient } = await import(
	pathToFileURL(join(appPath, "node_modules/@orpc/server/dist/index.mjs")).href
);
const held = await holdLibrary(
	{ libraryPath, resourcesPath, pagePath: join(appPath, "dist/renderer"), version: "0.0.0-test" },
	async () => undefined,
);
const client = createRouterClient(held.library.router);
await client.folder.add({ path: photosPath });
const giveUpAtMs = performance.now() + 120_000;
for (;;) {
	const { searchable, failed } = await client.library.status();
	if (searchable + failed === 3) break;
	if (performance.now() > giveUpAtMs) throw new Error("The photos were not read in two minutes.");
	await new Promise((resolve) => setTimeout(resolve, 100));
}
const { hits } = await client.search.text({ query: "a cup of coffee" });
const best = await client.photo.detail({ id: hits[0].id });
console.log(basename(best.path));
await held.close();

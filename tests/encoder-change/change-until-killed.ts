/** @file Changes a library's encoder and searches all the while, until it is killed or the change is complete. */
import { join } from "node:path";
import { createRouterClient } from "@orpc/server";
import { modelIdSchema } from "../../contract/model-package.ts";
import { openLibrary } from "../../engine/engine.ts";

const [libraryPath = "", modelsPath = "", given = ""] = process.argv.slice(2);
const model = modelIdSchema.parse(given);
const library = await openLibrary({
	libraryPath,
	modelsPath,
	resourcesPath: join(import.meta.dirname, "..", "..", "resources"),
	version: "0.0.0-test",
	live: true,
});
const client = createRouterClient(library.router);
await client.encoderChange.start({ model });
for (;;) {
	const { encoder, hits } = await client.search.text({ query: "a red circle", strictness: 0 });
	process.stdout.write(`${JSON.stringify({ encoder, ids: hits.map(({ id }) => id) })}\n`);
	const use = await client.encoderChange.status();
	if (use.model === model && use.change === null) break;
}
await library.close();

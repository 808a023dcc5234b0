/**
 * @file Serves or builds the page on a made-up library. `AFTERIMAGE_DEVELOPMENT_PHOTOS` may name a
 * folder whose photos are shown with `?real`.
 */
import { createReadStream, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import sharp from "sharp";
import { defineConfig, type Plugin } from "vite";

function developmentPhotos(folder: string | undefined): Plugin {
	return {
		name: "development-photos",
		configureServer(server) {
			if (folder === undefined) return;
			server.middlewares.use("/development-photos.json", async (_request, response) => {
				const names = readdirSync(folder).filter((name) => /\.(jpe?g|png|webp)$/i.test(name));
				const photos = await Promise.all(
					names.map(async (name) => {
						const { autoOrient } = await sharp(join(folder, name)).metadata();
						return { name, width: autoOrient.width, height: autoOrient.height };
					}),
				);
				response.setHeader("content-type", "application/json");
				response.end(JSON.stringify(photos));
			});
			server.middlewares.use("/development-photos/", (request, response) => {
				const name = decodeURIComponent((request.url ?? "/").slice(1).split("?")[0] ?? "");
				createReadStream(join(folder, name))
					.on("error", () => response.writeHead(404).end())
					.pipe(response);
			});
		},
	};
}

export default defineConfig({
	root: fileURLToPath(new URL(".", import.meta.url)),
	plugins: [svelte(), developmentPhotos(process.env.AFTERIMAGE_DEVELOPMENT_PHOTOS)],
	build: { outDir: "../../../dist/fake-host", emptyOutDir: true, target: "es2023" },
});

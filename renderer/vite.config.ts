/**
 * @file Builds the page into static files that a strict Content-Security-Policy can serve: scripts
 * and styles are files of their own with hashed names, nothing is inlined.
 */
import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

export default defineConfig({
	root: fileURLToPath(new URL(".", import.meta.url)),
	base: "./",
	plugins: [svelte()],
	build: {
		outDir: fileURLToPath(new URL("../dist/renderer", import.meta.url)),
		emptyOutDir: true,
		target: "es2023",
		assetsInlineLimit: 0,
		modulePreload: { polyfill: false },
		rolldownOptions: {
			// The page needs the contract's types and a few values that stand in files of their own. Its
			// schemas stay out: their parser tries `eval`, which the policy reports.
			treeshake: {
				moduleSideEffects: (id) => !/[/\\](contract|node_modules[/\\]zod)[/\\]/.test(id),
			},
		},
	},
});

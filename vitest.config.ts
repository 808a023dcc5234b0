/** @file How the tests run: real files and processes, so with time to spare. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig({
	// State classes of the page are tested as they are written: with runes.
	plugins: [svelte()],
	test: {
		include: ["tests/**/*.test.ts"],
		globalSetup: "tests/compile-cache.ts",
		// What hangs is ended; what is only slow on a busy machine is not.
		testTimeout: 300_000,
		hookTimeout: 300_000,
		expect: { poll: { timeout: 60_000 } },
		pool: "forks",
		// Never the models that the person running the tests has installed.
		env: { AFTERIMAGE_MODELS: join(tmpdir(), "afterimage-tested-models") },
	},
});

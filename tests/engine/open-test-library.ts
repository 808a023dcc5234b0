/** @file A whole engine over temporary folders, with the real encoder, closed with the test. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRouterClient } from "@orpc/server";
import { onTestFinished } from "vitest";
import type { EngineClient } from "../../contract/contract.ts";
import { openLibrary } from "../../engine/engine.ts";
import type { OpenLibrary } from "../../engine/open-library.ts";
import { FreedesktopTrash } from "../../engine/trash/freedesktop-trash.ts";

export const resourcesPath = join(import.meta.dirname, "..", "..", "resources");

export interface TestLibrary {
	library: OpenLibrary;
	client: EngineClient;
	/** Free for photos; not part of the library until it is added. */
	photosPath: string;
	libraryPath: string;
	/** Names of the files in the library's own trash. */
	trashed(): string[];
}

export function temporaryRoot(): string {
	const root = mkdtempSync(join(tmpdir(), "afterimage-engine-"));
	onTestFinished(() => rmSync(root, { recursive: true, force: true }));
	return root;
}

/** Opens (again) the library below `root`, with a trash of its own where that is asked for. */
export async function openTestLibrary(
	options: { root?: string; live?: boolean; trash?: boolean } = {},
): Promise<TestLibrary> {
	const root = options.root ?? temporaryRoot();
	const libraryPath = join(root, "library");
	const library = await openLibrary({
		libraryPath,
		resourcesPath,
		modelsPath: join(root, "models"),
		version: "0.0.0-test",
		live: options.live ?? true,
		...(options.trash === true && { trash: new FreedesktopTrash({ XDG_DATA_HOME: root }) }),
	});
	onTestFinished(() => library.close());
	return {
		library,
		client: createRouterClient(library.router),
		photosPath: join(root, "photos"),
		libraryPath,
		trashed: () => {
			const path = join(root, "Trash", "files");
			return existsSync(path) ? readdirSync(path).toSorted() : [];
		},
	};
}

/** Resolves when `searchable` photos are, and nothing waits; rejects with the last progress after 90 s. */
export async function untilSearchable(client: EngineClient, searchable: number): Promise<void> {
	const giveUpAtMs = performance.now() + 90_000;
	for (;;) {
		const progress = await client.activity.progress();
		const done = progress.searchable === searchable && progress.waiting === 0;
		if (done && progress.phase !== "scanning") return;
		if (performance.now() > giveUpAtMs) throw new Error(JSON.stringify(progress));
		await new Promise((resolve) => setTimeout(resolve, 25));
	}
}

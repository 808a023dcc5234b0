/** @file The tiny exports of tests/fixtures/layouts, copied and installed. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, onTestFinished } from "vitest";
import { z } from "zod";
import { type ModelManifest, modelManifestSchema } from "../../engine/encoder/model-manifest.ts";
import { installFolder } from "../../engine/models/install-folder.ts";
import { ModelStore } from "../../engine/models/model-store.ts";

export const resourcesPath = fileURLToPath(new URL("../../resources", import.meta.url));
export const fixtures = fileURLToPath(new URL("../fixtures/layouts", import.meta.url));

/** The layouts exports are published in. */
export const layouts = ["clip", "siglip", "masked"] as const;
export type Layout = (typeof layouts)[number];

/** What numpy, tokenizers and Pillow made of the texts and pictures; see make_layouts.py. */
export function expectedOf(layout: Layout) {
	return z
		.object({
			texts: z.array(z.object({ text: z.string(), vector: z.array(z.number()) })),
			pictures: z.record(z.string(), z.array(z.number())),
		})
		.parse(JSON.parse(readFileSync(join(fixtures, "expected", `${layout}.json`), "utf8")));
}

/** A folder that is gone after the test. */
export function scratchFolder(): string {
	const path = mkdtempSync(join(tmpdir(), "afterimage-layouts-"));
	onTestFinished(() => rmSync(path, { recursive: true, force: true }));
	return path;
}

/**
 * A copy of an export, to be changed. Of CLIP's several forms only the plain ones, unless others are
 * asked for.
 * @returns the copy's folder.
 */
export function copyOf(layout: Layout, forms: RegExp = /(text|vision)_model\.onnx$/): string {
	const folder = join(scratchFolder(), `my ${layout}`);
	cpSync(join(fixtures, layout), folder, {
		recursive: true,
		filter: (path) => !path.endsWith(".onnx") || forms.test(path),
	});
	return folder;
}

export interface Installed {
	/** The package's folder. */
	path: string;
	manifest: ModelManifest;
	store: ModelStore;
}

/** @param modelsPath where it is installed. */
export async function install(folder: string, modelsPath = scratchFolder()): Promise<Installed> {
	const store = new ModelStore(modelsPath);
	const id = await installFolder(folder, [], store, resourcesPath);
	const path = store.packagePath(id);
	const manifest = modelManifestSchema.parse(
		JSON.parse(readFileSync(join(path, "model.json"), "utf8")),
	);
	return { path, manifest, store };
}

const kept = new Map<Layout, Promise<Installed>>();
const keptFolders: string[] = [];
afterAll(() => {
	for (const path of keptFolders) rmSync(path, { recursive: true, force: true });
});

/** The export's plain form, installed once for all tests of a file; not to be changed. */
export function installed(layout: Layout): Promise<Installed> {
	const known = kept.get(layout);
	if (known !== undefined) return known;
	const folder = mkdtempSync(join(tmpdir(), "afterimage-layouts-"));
	keptFolders.push(folder);
	const coming = install(copyOf(layout), folder);
	kept.set(layout, coming);
	return coming;
}

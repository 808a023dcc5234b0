/** @file What the catalogue says of models it can be held to. */
import { expect, it } from "vitest";
import { readModelCatalogue } from "../../engine/models/model-catalogue.ts";
import { resourcesPath } from "./layout-packages.ts";

const entries = readModelCatalogue(resourcesPath);

it("every licence that is named, and every figure, says where it was read", () => {
	for (const { id, licence, sources, figures } of entries) {
		if (licence !== null) expect(sources, id).not.toEqual([]);
		for (const { source } of figures) expect(new URL(source).protocol, id).toBe("https:");
	}
	expect(entries.length).toBeGreaterThan(10);
});

it("no commercial use is promised where no licence is known", () => {
	for (const { id, licence, commercialUse } of entries) {
		if (licence === null) expect(commercialUse, id).toBeNull();
	}
});

it("what can be downloaded without a look-up has a checksum for every graph", () => {
	const known = entries.filter(({ revision, files }) => revision !== null && files.length > 0);
	expect(known.map(({ id }) => id)).toEqual(["openai-clip-vit-b-32", "openai-clip-vit-b-16"]);
	for (const { files } of known) {
		for (const { name, sha256 } of files) {
			if (name.endsWith(".onnx")) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
		}
	}
});

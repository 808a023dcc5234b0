/** @file A library of many synthetic photos, open while something is measured, and gone afterwards. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRouterClient } from "@orpc/server";
import type { EngineClient } from "../contract/contract.ts";
import type { DualEncoder } from "../engine/encoder/dual-encoder.ts";
import { createDualEncoder } from "../engine/encoder/onnx-dual-encoder.ts";
import { openForMeasuring } from "./open-for-measuring.ts";
import { createSyntheticLibrary } from "./synthetic-library.ts";

export interface MeasuredLibrary {
	client: EngineClient;
	libraryPath: string;
	/** The one whose embeddings the library holds; not the library's own. */
	encoder: DualEncoder;
	/** How long opening took. */
	openMs: number;
}

/** @param count how many photos it holds */
export async function withSyntheticLibrary<Figures>(
	count: number,
	resourcesPath: string,
	measure: (library: MeasuredLibrary) => Promise<Figures>,
): Promise<Figures> {
	const root = await mkdtemp(join(tmpdir(), "afterimage-bench-"));
	const encoder = createDualEncoder({ packagePath: join(resourcesPath, "models", "starter") });
	const libraryPath = join(root, "library");
	try {
		await createSyntheticLibrary({
			libraryPath,
			photosPath: join(root, "photos"),
			samplesPath: join(resourcesPath, "demo-photos"),
			encoderKey: encoder.key,
			dimensions: encoder.manifest.dimensions,
			count,
		});
		const startedAt = performance.now();
		const library = await openForMeasuring({ libraryPath, resourcesPath });
		const openMs = performance.now() - startedAt;
		try {
			const client = createRouterClient(library.router);
			return await measure({ client, libraryPath, encoder, openMs });
		} finally {
			await library.close();
		}
	} finally {
		await encoder.close();
		await rm(root, { recursive: true, force: true });
	}
}

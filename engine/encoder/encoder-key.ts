/** @file The name under which an encoder's embeddings are stored. */
import { createHash } from "node:crypto";
import type { ModelManifest } from "./model-manifest.ts";

/**
 * Id, version and a hash of everything of ours that changes a vector: how pictures and texts are
 * prepared. Two encoders with the same key give the same vectors; a change gives a new key, so that
 * old embeddings are never compared with new ones. Safe as a folder name on every system.
 */
export function encoderKey(manifest: ModelManifest): string {
	const { id, version, dimensions, image, text } = manifest;
	// Fields that came later are left out while unset, so that older keys stay as they are.
	const later = [
		image.pool,
		text.pool,
		text.masks === "all" ? text.masks : undefined,
		...(text.clean === undefined ? [] : [text.clean]),
		...(image.looks === undefined ? [] : [image.looks.map(Object.values)]),
	];
	const preparation = JSON.stringify([
		id,
		version,
		dimensions,
		[image.size, image.resize, image.interpolation, image.mean, image.std],
		[text.maxTokens, text.padding, text.padToken ?? null, text.lowercase],
		...(later.some((value) => value !== undefined) ? [later] : []),
	]);
	const hash = createHash("sha256").update(preparation).digest("hex").slice(0, 10);
	const readable = `${id}-${version}`.replace(/[^A-Za-z0-9.-]+/g, "_").replace(/^[.-]+/, "_");
	return `${readable.slice(0, 80)}-${hash}`;
}

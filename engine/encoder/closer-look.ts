/**
 * @file The same encoder looking at each photo three times: at the whole, and at two parts that overlap.
 *
 * An encoder sees a photo shrunk to some hundred pixels, in which what is small is lost. The mean of the looks finds
 * what the whole alone does not, and still is one embedding a photo (views averaged at test time, as by Krizhevsky
 * et al. 2012). It takes three times the work. Figures are in the starter's README.
 */
import { encoderIdSchema } from "../../contract/ids.ts";
import type { ModelManifest } from "./model-manifest.ts";
import type { ModelPackage } from "./model-package.ts";

/** Two parts on one diagonal did better, and cost half as much, than all four corners. */
const looks: NonNullable<ModelManifest["image"]["looks"]> = [
	{ x: 0, y: 0, width: 1, height: 1 },
	{ x: 0, y: 0, width: 0.75, height: 0.75 },
	{ x: 0.25, y: 0.25, width: 0.75, height: 0.75 },
];

/** The package with an id of its own: its embeddings are never compared with those of one look. */
export function withCloserLook({ path, manifest }: ModelPackage): ModelPackage {
	return {
		path,
		manifest: {
			...manifest,
			id: encoderIdSchema.parse(`${manifest.id}-closer`),
			title: `${manifest.title}, closer look`,
			image: { ...manifest.image, looks },
		},
	};
}

/** @file One picture to draw code by code. */
import type { JobSettings } from "../process/job-settings.ts";
import type { Sampling } from "./sampling.ts";

export interface AutoregressiveJob extends JobSettings {
	family: "autoregressive";
	/** At least 1; see `GenerationSettings`. */
	guidance: number;
	sampling: Sampling;
	/** How many are drawn, of which the encoder chooses the best. */
	candidates: number;
	model: AutoregressiveModel;
	/** Folder of the encoder that judges what was drawn. */
	encoderPath: string;
}

/** What draws. Paths are folders of packages. */
export type AutoregressiveModel =
	/** The bundled network over the sketch autoencoder's codes. */
	| { readonly kind: "sketch"; readonly networkPath: string; readonly autoencoderPath: string }
	/** An installed model in Janus-Pro's layout. */
	| {
			readonly kind: "janus";
			readonly path: string;
			readonly id: string;
			readonly version: string;
	  };

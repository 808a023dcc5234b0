/** @file One picture to draw by diffusion. */
import type { JobSettings } from "../process/job-settings.ts";

export interface DiffusionJob extends JobSettings {
	family: "diffusion";
	/** At least 1; see `GenerationSettings`. */
	guidance: number;
	model: DiffusionModel;
	/** Folder of the encoder that judges what was drawn. */
	encoderPath: string;
}

/** What draws. Paths are folders of packages. */
export type DiffusionModel =
	/** The bundled flow over the sketch autoencoder's latents. */
	| {
			readonly kind: "sketch";
			readonly velocityPath: string;
			readonly autoencoderPath: string;
			/** How many are drawn, of which the encoder chooses the best. */
			readonly candidates: number;
	  }
	/** An installed model in Stable Diffusion's layout. */
	| {
			readonly kind: "pipeline";
			readonly path: string;
			readonly id: string;
			readonly version: string;
	  };

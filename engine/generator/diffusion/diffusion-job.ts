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

/** What draws: the bundled flow over the sketch autoencoder's latents. */
export type DiffusionModel = {
	readonly kind: "sketch";
	/** Folders of packages. */
	readonly velocityPath: string;
	readonly autoencoderPath: string;
};

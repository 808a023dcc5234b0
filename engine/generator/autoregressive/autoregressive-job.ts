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
	/** Folders of packages. */
	networkPath: string;
	autoencoderPath: string;
	encoderPath: string;
}

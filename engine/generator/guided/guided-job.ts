/** @file One picture to draw by guidance. */
import type { GuidedCanvas } from "../picture-generator.ts";
import type { JobSettings } from "../process/job-settings.ts";

export interface GuidedJob extends JobSettings {
	family: "guided";
	canvas: GuidedCanvas;
	/** Folders of packages. */
	encoderPath: string;
	autoencoderPath: string | null;
	layoutPath: string | null;
}

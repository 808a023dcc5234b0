/** @file What every family's job carries, as the drawing process gets it. */
import type { Finish, RgbPicture, WeightedPrompt } from "../picture-generator.ts";

export interface JobSettings {
	prompts: readonly WeightedPrompt[];
	seed: number;
	width: number;
	height: number;
	steps: number;
	/** Of the job's size. */
	start: { picture: RgbPicture; strength: number } | null;
	palette: readonly (readonly [number, number, number])[];
	/** uint8 [height, width]; 255 paint, 0 keep. */
	mask: Uint8Array | null;
	finish: Finish;
	threads: number;
}

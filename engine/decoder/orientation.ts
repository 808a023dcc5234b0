/** @file EXIF orientation applied after shrinking, where turning a picture costs a tenth of doing it before. */
import type { Sharp } from "sharp";

/** True when width and height change places. */
export const swapsSides = (orientation: number): boolean => orientation >= 5 && orientation <= 8;

/** Adds the turn and mirroring of an EXIF orientation (CIPA DC-008, 4.6.5.1) to a resized pipeline. */
export function turnUpright(pipeline: Sharp, orientation: number): Sharp {
	switch (orientation) {
		case 2:
			return pipeline.flop();
		case 3:
			return pipeline.rotate(180);
		case 4:
			return pipeline.flip();
		case 5:
			return pipeline.flip().rotate(90);
		case 6:
			return pipeline.rotate(90);
		case 7:
			return pipeline.flop().rotate(90);
		case 8:
			return pipeline.rotate(270);
		default:
			return pipeline;
	}
}

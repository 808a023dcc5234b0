/** @file What keys and buttons do to the photo on its stage. */
import { assertNever } from "../../contract/errors.ts";
import type { StageAction } from "./viewer-keys.ts";

const zoomStep = 1.5;

/** The part of the stage that actions reach. */
export interface StageControls {
	/** Zooms around the middle: 2 doubles, 0.5 halves. */
	zoomBy(factor: number): void;
	/** Shows the whole photo. */
	fit(): void;
	/** One photo pixel a screen pixel, or back to the whole photo. */
	actual(): void;
	/** Moves the view by part of the stage: 1 is to the right or down. */
	look(across: number, down: number): void;
}

export function actOnStage(stage: StageControls, action: StageAction) {
	switch (action) {
		case "zoom-in":
			return stage.zoomBy(zoomStep);
		case "zoom-out":
			return stage.zoomBy(1 / zoomStep);
		case "fit":
			return stage.fit();
		case "actual":
			return stage.actual();
		case "look-left":
			return stage.look(-1, 0);
		case "look-right":
			return stage.look(1, 0);
		case "look-up":
			return stage.look(0, -1);
		case "look-down":
			return stage.look(0, 1);
		default:
			return assertNever(action);
	}
}

/** @file What one finger's stroke over a fitted photo means. */

/** `next` and `previous` follow the finger as paper would: a stroke to the left brings the next. */
export type Swipe = "next" | "previous" | "close" | "none";

/** A stroke counts from this far, in CSS pixels, or from a shorter way when it is quick. */
const longWay = 80;
const shortWay = 28;
const quickPixelsPerMs = 0.45;

/**
 * @param dx Way to the right in CSS pixels.
 * @param dy Way down in CSS pixels.
 * @param durationMs How long the finger was down.
 */
export function readSwipe(dx: number, dy: number, durationMs: number): Swipe {
	const across = Math.abs(dx) >= Math.abs(dy);
	const way = across ? Math.abs(dx) : Math.abs(dy);
	const quick = way / Math.max(1, durationMs) >= quickPixelsPerMs;
	if (way < (quick ? shortWay : longWay)) return "none";
	if (across) return dx < 0 ? "next" : "previous";
	return dy > 0 ? "close" : "none";
}

/**
 * @file What was marked on a start picture as the part that may change. Places are told in heights of the start
 * picture from its top left corner, so that marks stay where they are when the drawing takes another shape or size.
 */

export interface Place {
	readonly x: number;
	readonly y: number;
}

export interface Rectangle extends Place {
	readonly width: number;
	readonly height: number;
}

/** One movement of the brush. */
export interface Stroke {
	readonly kind: "stroke";
	readonly places: readonly Place[];
	/** Half the brush's width. */
	readonly radius: number;
	readonly erases: boolean;
}

/** One thing done, in the order of doing. */
export type Mark =
	| Stroke
	| { readonly kind: "rectangle"; readonly rectangle: Rectangle; readonly erases: boolean }
	| { readonly kind: "invert" }
	| { readonly kind: "clear" }
	/** A mask that came from elsewhere, over the whole start picture; opaque where it is marked. */
	| { readonly kind: "picture"; readonly picture: CanvasImageSource };

/** Parts of a picture that can be marked without a pointer. */
export const maskParts = ["whole", "left", "right", "top", "bottom", "middle"] as const;
export type MaskPart = (typeof maskParts)[number];

/**
 * The part of the start picture that a drawing of another shape begins with: as large as can be, around the
 * middle, as the engine cuts it.
 * @param startAspect width over height, as `drawingAspect`
 */
export function usedPart(startAspect: number, drawingAspect: number): Rectangle {
	if (drawingAspect > startAspect) {
		const height = startAspect / drawingAspect;
		return { x: 0, y: (1 - height) / 2, width: startAspect, height };
	}
	const width = drawingAspect;
	return { x: (startAspect - width) / 2, y: 0, width, height: 1 };
}

/** A part of what is drawn, as a rectangle of the start picture. */
export function partOf(used: Rectangle, part: MaskPart): Rectangle {
	const shares: Readonly<Record<MaskPart, readonly [number, number, number, number]>> = {
		whole: [0, 0, 1, 1],
		left: [0, 0, 0.5, 1],
		right: [0.5, 0, 0.5, 1],
		top: [0, 0, 1, 0.5],
		bottom: [0, 0.5, 1, 0.5],
		middle: [0.25, 0.25, 0.5, 0.5],
	};
	const [x, y, width, height] = shares[part];
	return shareOf(used, { x, y, width, height });
}

/** @param share a rectangle in shares of `used`, 0 to 1 */
export function shareOf(used: Rectangle, share: Rectangle): Rectangle {
	return {
		x: used.x + share.x * used.width,
		y: used.y + share.y * used.height,
		width: share.width * used.width,
		height: share.height * used.height,
	};
}

/** What stands before the last thing done; nothing where nothing was. */
export function withoutLast(marks: readonly Mark[]): readonly Mark[] {
	return marks.slice(0, -1);
}

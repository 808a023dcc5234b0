/**
 * @file Zoom and pan arithmetic of the viewer, without any element.
 *
 * Lengths are CSS pixels. Points are measured from the middle of the stage, so that a photo that
 * lies centred has offset (0, 0). A photo at zoom 1 fits the stage.
 */

export interface Point {
	x: number;
	y: number;
}

export interface Size {
	width: number;
	height: number;
}

/** How a photo lies on the stage. */
export interface View {
	/** Shown size over fitted size: 1 fits the stage. */
	zoom: number;
	/** Where the photo's middle is. */
	offset: Point;
}

/** What the arithmetic needs to know of one photo on one screen. */
export interface Frame {
	stage: Size;
	/** The photo's size at zoom 1. */
	fitted: Size;
	/** The zoom at which one photo pixel covers one screen pixel. */
	actualZoom: number;
}

/** A photo that fits the stage, centred. */
export const fittedView: View = { zoom: 1, offset: { x: 0, y: 0 } };

/** Small pictures are enlarged to fill the stage, but never beyond this many CSS pixels a pixel. */
const largestEnlargement = 2;

/**
 * Lays a photo of `picture` pixels on a stage.
 *
 * @param picture Upright size in pixels, or any size of the right aspect while `known` is false.
 * @param known False while only the aspect is known; the photo is then taken to be large.
 * @param pixelRatio Screen pixels a CSS pixel.
 */
export function frameFor(stage: Size, picture: Size, known: boolean, pixelRatio: number): Frame {
	const width = Math.max(1, picture.width);
	const height = Math.max(1, picture.height);
	const contain = Math.min(stage.width / width, stage.height / height);
	const scale = known ? Math.min(contain, largestEnlargement) : contain;
	const safeScale = scale > 0 ? scale : 1;
	return {
		stage,
		fitted: { width: width * safeScale, height: height * safeScale },
		actualZoom: known ? 1 / (safeScale * pixelRatio) : 1,
	};
}

/** The largest zoom allowed: eight screen pixels a photo pixel, and at least four times fitted. */
export function largestZoom(frame: Frame): number {
	return Math.max(4, frame.actualZoom * 8);
}

/** Keeps the photo covering the stage where it is larger, and centred where it is smaller. */
export function clampView(view: View, frame: Frame): View {
	const zoom = Math.min(Math.max(view.zoom, 1), largestZoom(frame));
	return {
		zoom,
		offset: {
			x: clampOffset(view.offset.x, frame.fitted.width * zoom, frame.stage.width),
			y: clampOffset(view.offset.y, frame.fitted.height * zoom, frame.stage.height),
		},
	};
}

function clampOffset(offset: number, length: number, room: number): number {
	const slack = Math.max(0, (length - room) / 2);
	return Math.min(Math.max(offset, -slack), slack) + 0;
}

/**
 * Zooms so that the part of the photo under `point` stays under it. Where that would uncover the
 * stage, the photo is moved just enough to cover it again.
 */
export function zoomTo(view: View, frame: Frame, zoom: number, point: Point): View {
	const target = Math.min(Math.max(zoom, 1), largestZoom(frame));
	const ratio = target / view.zoom;
	return clampView(
		{
			zoom: target,
			offset: {
				x: point.x - (point.x - view.offset.x) * ratio,
				y: point.y - (point.y - view.offset.y) * ratio,
			},
		},
		frame,
	);
}

/** Moves the photo by a drag, as far as it may go. */
export function panBy(view: View, frame: Frame, dx: number, dy: number): View {
	return clampView(
		{ zoom: view.zoom, offset: { x: view.offset.x + dx, y: view.offset.y + dy } },
		frame,
	);
}

/** Two fingers: the photo follows their middle and their distance. */
export function pinchBy(
	view: View,
	frame: Frame,
	before: readonly [Point, Point],
	after: readonly [Point, Point],
): View {
	const middleBefore = middle(before);
	const middleAfter = middle(after);
	const spread = distance(before) || 1;
	const zoomed = zoomTo(view, frame, view.zoom * (distance(after) / spread), middleBefore);
	return panBy(zoomed, frame, middleAfter.x - middleBefore.x, middleAfter.y - middleBefore.y);
}

/** Fitted becomes 100 % around the point, anything else becomes fitted. */
export function toggleActual(view: View, frame: Frame, point: Point): View {
	if (isZoomed(view)) return fittedView;
	// A photo that already shows its pixels when fitted is enlarged instead: a second look must do
	// something.
	const target = frame.actualZoom > 1.05 ? frame.actualZoom : 2;
	return zoomTo(view, frame, target, point);
}

/** True when part of the photo may be outside the stage. */
export function isZoomed(view: View): boolean {
	return view.zoom > 1.001;
}

/** Screen pixels a photo pixel, in whole per cent. */
export function percent(view: View, frame: Frame): number {
	return Math.round((view.zoom / frame.actualZoom) * 100);
}

/**
 * How much one wheel event zooms. A notch of a mouse wheel is about 1.2; a trackpad pinch arrives as
 * many small events with the Control key set and needs a stronger hand.
 *
 * @param deltaMode `WheelEvent.deltaMode`: 0 pixels, 1 lines, 2 pages.
 */
export function wheelFactor(deltaY: number, deltaMode: number, pinching: boolean): number {
	const pixels = deltaY * (deltaMode === 1 ? 16 : deltaMode === 2 ? 400 : 1);
	const bounded = Math.min(Math.max(pixels, -240), 240);
	return Math.exp(-bounded * (pinching ? 0.01 : 0.0018));
}

function middle([a, b]: readonly [Point, Point]): Point {
	return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

function distance([a, b]: readonly [Point, Point]): number {
	return Math.hypot(a.x - b.x, a.y - b.y);
}

/** @file Marks on a start picture, painted: to be seen over it, counted, and sent as a mask. */
import { assertNever } from "../../contract/assert-never.ts";
import type { Mark, Rectangle, Stroke } from "./mask-marks.ts";

interface Size {
	readonly width: number;
	readonly height: number;
}

/** Beyond every edge of a start picture, in its heights: what is marked there is never seen. */
const everywhere: Rectangle = { x: -1, y: -1, width: 100, height: 100 };
/** Pixels of the longer side of what is counted. */
const countedSide = 128;

/** A canvas of its own, opaque where it is marked. @param used the part of the start picture that it shows */
export function paintedMarks(
	marks: readonly Mark[],
	used: Rectangle,
	{ width, height }: Size,
	startAspect: number,
): HTMLCanvasElement {
	const canvas = document.createElement("canvas");
	canvas.width = width;
	canvas.height = height;
	const context = contextOf(canvas);
	lookAt(context, used);
	for (const mark of marks) paint(context, mark, startAspect);
	return canvas;
}

/**
 * What is marked, seen over the start picture: striped, so that it is told from every photo.
 * @param painted of the canvas's size
 * @param current what is being marked just now
 */
export function showMarks(
	canvas: HTMLCanvasElement,
	painted: HTMLCanvasElement,
	used: Rectangle,
	current: Stroke | null,
): void {
	const context = contextOf(canvas);
	context.resetTransform();
	context.globalCompositeOperation = "copy";
	context.drawImage(painted, 0, 0);
	if (current !== null) {
		lookAt(context, used);
		context.strokeStyle = "white";
		context.globalCompositeOperation = operationOf(current);
		paintStroke(context, current);
		context.resetTransform();
	}
	context.globalCompositeOperation = "source-in";
	context.fillStyle = stripes(context);
	context.fillRect(0, 0, canvas.width, canvas.height);
}

function stripes(context: CanvasRenderingContext2D): CanvasPattern {
	const side = 12;
	const tile = document.createElement("canvas");
	tile.width = side;
	tile.height = side;
	const drawn = contextOf(tile);
	drawn.fillStyle = "rgb(8 90 116 / 72%)";
	drawn.fillRect(0, 0, side, side);
	drawn.strokeStyle = "rgb(120 220 245 / 85%)";
	drawn.lineWidth = 3;
	drawn.beginPath();
	for (const from of [-side, 0, side]) {
		drawn.moveTo(from - 2, side + 2);
		drawn.lineTo(from + side + 2, -2);
	}
	drawn.stroke();
	const pattern = context.createPattern(tile, "repeat");
	if (pattern === null) throw new Error("The browser makes no pattern.");
	return pattern;
}

/** From then on places of the start picture are given. */
function lookAt(context: CanvasRenderingContext2D, used: Rectangle): void {
	const { width, height } = context.canvas;
	const [across, down] = [width / used.width, height / used.height];
	context.setTransform(across, 0, 0, down, -used.x * across, -used.y * down);
}

function paint(context: CanvasRenderingContext2D, mark: Mark, startAspect: number): void {
	context.fillStyle = "white";
	context.strokeStyle = "white";
	context.globalCompositeOperation = operationOf(mark);
	switch (mark.kind) {
		case "stroke":
			paintStroke(context, mark);
			break;
		case "rectangle":
			fill(context, mark.rectangle);
			break;
		case "picture":
			context.drawImage(mark.picture, 0, 0, startAspect, 1);
			break;
		case "invert":
		case "clear":
			fill(context, everywhere);
			break;
		default:
			assertNever(mark);
	}
}

function operationOf(mark: Mark): GlobalCompositeOperation {
	if (mark.kind === "invert") return "xor";
	const erases = mark.kind === "clear" || ("erases" in mark && mark.erases);
	return erases ? "destination-out" : "source-over";
}

function fill(context: CanvasRenderingContext2D, { x, y, width, height }: Rectangle): void {
	context.fillRect(x, y, width, height);
}

function paintStroke(context: CanvasRenderingContext2D, { places, radius }: Stroke): void {
	const [first, ...rest] = places;
	if (first === undefined) return;
	context.lineWidth = 2 * radius;
	context.lineCap = "round";
	context.lineJoin = "round";
	context.beginPath();
	context.moveTo(first.x, first.y);
	// A dot is a line to where it began.
	for (const place of rest.length === 0 ? [first] : rest) context.lineTo(place.x, place.y);
	context.stroke();
}

/** How much of what is drawn is marked, 0 to 1. */
export function markedShare(marks: readonly Mark[], used: Rectangle, startAspect: number): number {
	const longer = Math.max(used.width, used.height);
	const side = (length: number) => Math.max(1, Math.round((countedSide * length) / longer));
	const size = { width: side(used.width), height: side(used.height) };
	const alphas = alphasOf(paintedMarks(marks, used, size, startAspect));
	return alphas.reduce((sum, alpha) => sum + alpha, 0) / (255 * alphas.length);
}

/**
 * A mask as the engine takes it, white where it is marked; null where all or nothing is, for that is no mask.
 * @param size the drawing's, in pixels
 */
export async function maskFile(
	marks: readonly Mark[],
	used: Rectangle,
	size: Size,
	startAspect: number,
): Promise<File | null> {
	const painted = paintedMarks(marks, used, size, startAspect);
	const alphas = alphasOf(painted);
	if (alphas.every((alpha) => alpha === 0) || alphas.every((alpha) => alpha === 255)) return null;
	const context = contextOf(painted);
	context.resetTransform();
	context.globalCompositeOperation = "destination-over";
	context.fillStyle = "black";
	context.fillRect(0, 0, size.width, size.height);
	const blob = await new Promise<Blob | null>((resolve) => painted.toBlob(resolve, "image/png"));
	if (blob === null) throw new Error("The browser made no picture of the mask.");
	return new File([blob], "mask.png", { type: "image/png" });
}

/** A mask that came as a file, to go on marking: opaque where it is white. */
export async function markFrom(file: File): Promise<Mark> {
	const bitmap = await createImageBitmap(file);
	const canvas = document.createElement("canvas");
	canvas.width = bitmap.width;
	canvas.height = bitmap.height;
	const context = contextOf(canvas);
	context.drawImage(bitmap, 0, 0);
	bitmap.close();
	const image = context.getImageData(0, 0, canvas.width, canvas.height);
	for (let at = 0; at < image.data.length; at += 4) {
		image.data[at + 3] = image.data[at] ?? 0;
		image.data.fill(255, at, at + 3);
	}
	context.putImageData(image, 0, 0);
	return { kind: "picture", picture: canvas };
}

function alphasOf(canvas: HTMLCanvasElement): Uint8ClampedArray {
	const { data } = contextOf(canvas).getImageData(0, 0, canvas.width, canvas.height);
	return data.filter((_, at) => at % 4 === 3);
}

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
	const context = canvas.getContext("2d", { willReadFrequently: true });
	if (context === null) throw new Error("The browser has no canvas to paint on.");
	return context;
}

/**
 * @file The frame around one thing in a photo: moving it and pulling at its corners, in shares of the
 * photo's sides. Without any element.
 */
import type { Region } from "../../contract/example.ts";
import type { Point } from "./zoom.ts";

/** A corner, or null for the frame as a whole. */
export type Handle = "top-left" | "top-right" | "bottom-left" | "bottom-right";

export const handles: readonly Handle[] = ["top-left", "top-right", "bottom-left", "bottom-right"];

/** Smaller than this a frame cannot be taken hold of. */
export const leastSide = 0.02;

/** Where the frame is before anyone drew one. */
export const middleRegion: Region = { x: 0.3, y: 0.3, width: 0.4, height: 0.4 };

/** The frame with these two points as opposite corners. */
export function regionBetween(one: Point, other: Point): Region {
	const [left, right] = ordered(within(one.x), within(other.x));
	const [top, bottom] = ordered(within(one.y), within(other.y));
	return fromEdges(left, top, right, bottom);
}

/** Moved as far as the photo goes; its size stays. */
export function moved(region: Region, dx: number, dy: number): Region {
	const x = Math.min(Math.max(region.x + dx, 0), 1 - region.width);
	const y = Math.min(Math.max(region.y + dy, 0), 1 - region.height);
	return { ...region, x, y };
}

/** One corner moved; the opposite one stays. */
export function pulled(region: Region, handle: Handle, dx: number, dy: number): Region {
	const isLeft = handle.endsWith("left");
	const isTop = handle.startsWith("top");
	const right = region.x + region.width;
	const bottom = region.y + region.height;
	const left = isLeft ? Math.min(within(region.x + dx), right - leastSide) : region.x;
	const top = isTop ? Math.min(within(region.y + dy), bottom - leastSide) : region.y;
	return fromEdges(
		left,
		top,
		isLeft ? right : Math.max(within(right + dx), region.x + leastSide),
		isTop ? bottom : Math.max(within(bottom + dy), region.y + leastSide),
	);
}

/** Both sides grow or shrink around the middle. */
export function grown(region: Region, dx: number, dy: number): Region {
	const width = Math.min(1, Math.max(leastSide, region.width + dx));
	const height = Math.min(1, Math.max(leastSide, region.height + dy));
	const x = region.x + (region.width - width) / 2;
	const y = region.y + (region.height - height) / 2;
	return moved({ x, y, width, height }, 0, 0);
}

/** What one press of a key does; null for keys that mean nothing here. */
export function regionAfterKey(
	region: Region,
	{ key, shiftKey }: { key: string; shiftKey: boolean },
): Region | null {
	const step = 0.02;
	const change = shiftKey ? grown : moved;
	switch (key) {
		case "ArrowLeft":
			return change(region, -step, 0);
		case "ArrowRight":
			return change(region, step, 0);
		case "ArrowUp":
			return change(region, 0, shiftKey ? step : -step);
		case "ArrowDown":
			return change(region, 0, shiftKey ? -step : step);
		default:
			return null;
	}
}

function fromEdges(left: number, top: number, right: number, bottom: number): Region {
	const width = Math.min(1, Math.max(leastSide, right - left));
	const height = Math.min(1, Math.max(leastSide, bottom - top));
	return moved({ x: left, y: top, width, height }, 0, 0);
}

const within = (share: number): number => Math.min(1, Math.max(0, share));
const ordered = (a: number, b: number): [number, number] => (a <= b ? [a, b] : [b, a]);

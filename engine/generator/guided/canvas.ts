/** @file What is optimised in place of pixels: each canvas makes some pictures easy and noise hard. */
import type { Planes } from "../picture/planes.ts";

export interface Canvas {
	/** Changed in place by the optimiser. */
	readonly parameters: Float32Array;
	/** How far one step moves each parameter, before the schedule's factor. */
	readonly rates: number | Float32Array;
	/** The picture the parameters stand for; may go a little beyond 0 to 1. Valid until the next call. */
	draw(): Promise<Planes>;
	/** @param gradient by the picture last drawn. @returns the gradient by the parameters; valid until the next call. */
	pullBack(gradient: Planes): Promise<Float32Array>;
	/** Brings parameters back to where they mean something, after each step. */
	constrain(): void;
	/** The picture at another size, as sharp as this canvas can be. */
	render(width: number, height: number): Promise<Planes>;
	close(): Promise<void>;
}

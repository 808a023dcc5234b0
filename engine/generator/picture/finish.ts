/** @file From what a family drew to the picture that was asked for: size, finish, and what is kept. */
import type { Finish, RgbPicture } from "../picture-generator.ts";
import { type KeptPart, withKeptPart } from "./mask.ts";
import { paintedFrom } from "./painted-finish.ts";
import { type Planes, pictureOf, resized } from "./planes.ts";
import { SeededRandom } from "./random.ts";

/** What of a job the finish heeds. */
export interface FinishWishes extends KeptPart {
	seed: number;
	finish: Finish;
}

/** @param drawn of any size. */
export function finished(drawn: Planes, wishes: FinishWishes): RgbPicture {
	const { width, height, finish, seed } = wishes;
	const whole =
		finish === "smooth"
			? resized(drawn, width, height)
			: paintedFrom(drawn, width, height, new SeededRandom(seed));
	return pictureOf(withKeptPart(whole, wishes));
}

/** @file What options of the command line are given, read and checked. */
import { InvalidArgumentError } from "commander";

/** For a whole number in this range, both ends included. The reader throws InvalidArgumentError. */
export function wholeNumber(lowest: number, highest: number): (text: string) => number {
	return (text) => {
		const number = Number(text);
		if (/^\d+$/.test(text) && number >= lowest && number <= highest) return number;
		throw new InvalidArgumentError(`Give a whole number from ${lowest} to ${highest}.`);
	};
}

/** For a number in this range, both ends included. The reader throws InvalidArgumentError. */
export function numberFrom(lowest: number, highest: number): (text: string) => number {
	return (text) => {
		const number = Number(text);
		if (text.trim() !== "" && number >= lowest && number <= highest) return number;
		throw new InvalidArgumentError(`Give a number from ${lowest} to ${highest}.`);
	};
}

/**
 * Width and height in pixels, such as `256x256`.
 * @throws InvalidArgumentError
 */
export function parseSize(text: string): { width: number; height: number } {
	const [, width, height] = /^(\d{1,6})[x×](\d{1,6})$/i.exec(text) ?? [];
	if (width === undefined || height === undefined) {
		throw new InvalidArgumentError("Give width and height in pixels, such as 256x256.");
	}
	return { width: Number(width), height: Number(height) };
}

/** @file Text that was read in pictures, where nothing is read. */
import type { TextLine, TextReadingStatus } from "../../../contract/recognition.ts";

export const textReading: TextReadingStatus = {
	enabled: true,
	photos: 120,
	done: 48,
	failed: 1,
	secondsPerPhoto: 0.6,
	reader: { title: "PP-OCRv6 small", licence: "Apache-2.0" },
	problem: null,
};

export const madeUpLines: TextLine[] = [
	"Bakery & Café",
	"Open daily 7 to 18",
	"Fresh bread 3.20",
].map((text, index) => ({
	text,
	confidence: 0.97,
	corners: [
		0.2,
		0.3 + index / 10,
		0.6,
		0.3 + index / 10,
		0.6,
		0.36 + index / 10,
		0.2,
		0.36 + index / 10,
	],
}));

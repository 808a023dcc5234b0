/**
 * @file Each reason why a photo could not be read, in one plain sentence, with what the person can do.
 * Typed over the closed list: a new reason does not compile until it has its words.
 */
import type { FailureReason } from "../../contract/photo.ts";

export interface FailureWords {
	sentence: string;
	advice: string;
}

const words: Record<FailureReason, FailureWords> = {
	empty: {
		sentence: "The file is empty.",
		advice: "It holds no picture. Restore it from a backup or delete it.",
	},
	corrupt: {
		sentence: "The file is damaged and cannot be read as a picture.",
		advice: "If it opens nowhere else either, restore it from a backup.",
	},
	truncated: {
		sentence: "The end of the file is missing.",
		advice: "It was probably not copied completely. Copy it again from where it came from.",
	},
	"unsupported-format": {
		sentence: "This kind of picture cannot be read yet.",
		advice: "Saving a copy as JPEG or PNG makes it searchable.",
	},
	"too-many-pixels": {
		sentence: "The picture is larger than can be opened safely.",
		advice: "A smaller copy of it can be read.",
	},
	"too-large": {
		sentence: "The file is too large to be read.",
		advice: "A smaller copy of it can be read.",
	},
	"permission-denied": {
		sentence: "This computer does not allow Afterimage to read the file.",
		advice: "Change the file's permissions, then try again.",
	},
	vanished: {
		sentence: "The file was gone, or could not be reached, when it was about to be read.",
		advice: "If it is back, or its drive is connected again, try again.",
	},
	"timed-out": {
		sentence: "Reading the file took too long and was stopped.",
		advice: "A slow drive can be the cause. Try again when the computer is less busy.",
	},
	"decoder-crashed": {
		sentence: "The picture made the reader stop, so it was skipped.",
		advice: "Try again; if it keeps happening, the file is probably damaged.",
	},
	"out-of-memory": {
		sentence: "There was not enough memory to open the picture.",
		advice: "Close other programs, then try again.",
	},
	"disk-full": {
		sentence: "The disk that holds the library is full.",
		advice: "Make some room, then try again.",
	},
	unknown: {
		sentence: "The file could not be read.",
		advice: "Try again; if it keeps happening, check that it opens in another program.",
	},
};

/** What to say of a photo that could not be read. */
export function failureWords(reason: FailureReason): FailureWords {
	return words[reason];
}

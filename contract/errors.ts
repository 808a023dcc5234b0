/**
 * @file Every way a call can be refused. The union is closed: a client can switch over it, and every
 * message says what happened and what the person can do.
 */
import { z } from "zod";

export { assertNever } from "./assert-never.ts";

/** HTTP status and default sentence of each refusal; the message sent is usually more specific. */
export const errorMap = {
	INVALID_QUERY: { status: 400, message: "That search cannot be read." },
	IMAGE_UNREADABLE: { status: 422, message: "That picture cannot be read." },
	PICTURE_GONE: {
		status: 410,
		message: "That example picture is no longer at hand. Choose it again.",
	},
	FOLDER_NOT_FOUND: { status: 404, message: "There is no such folder." },
	FOLDER_NOT_ALLOWED: { status: 400, message: "That folder cannot be added." },
	FOLDER_OFFLINE: { status: 409, message: "That folder is on a drive that is not connected." },
	PHOTO_NOT_FOUND: { status: 404, message: "That photo is no longer in the library." },
	PHOTO_CHANGED: { status: 409, message: "That photo has changed since it was shown." },
	NOT_SEARCHABLE_YET: { status: 409, message: "That photo has not been read yet." },
	MODEL_UNAVAILABLE: { status: 503, message: "The search model cannot be loaded." },
	LIBRARY_UNUSABLE: { status: 503, message: "The library cannot be opened." },
	DISK_FULL: { status: 507, message: "The disk that holds the library is full." },
	SAVED_SEARCH_NOT_FOUND: { status: 404, message: "That saved search is gone." },
	TOO_MANY_SAVED: {
		status: 409,
		message: "No more searches can be saved. Remove one that you no longer need.",
	},
	NAME_NOT_ALLOWED: { status: 400, message: "That name cannot be used." },
	NAME_TAKEN: { status: 409, message: "That name is taken. Choose another one." },
	GENERATION_NOT_POSSIBLE: { status: 422, message: "That picture cannot be drawn." },
	DRAWING_NOT_FOUND: { status: 404, message: "That picture is gone." },
	TAG_NOT_FOUND: { status: 404, message: "That tag is gone." },
	LABEL_NOT_FOUND: { status: 404, message: "That label is gone." },
	LABELS_UNREADABLE: { status: 422, message: "Those labels cannot be read." },
	CHANGE_NOT_FOUND: { status: 404, message: "That change is too long ago to be undone." },
	MODEL_NOT_FOUND: { status: 404, message: "There is no such model." },
	MODEL_BUSY: { status: 409, message: "That model is being installed at this moment." },
	MODEL_DAMAGED: { status: 422, message: "Those model files are not what they should be." },
	DOWNLOAD_FAILED: { status: 502, message: "The model could not be downloaded." },
	NOT_SUPPORTED: { status: 501, message: "This computer cannot do that." },
} as const;

/** A refusal's code, as it crosses every channel. */
export type ErrorCode = keyof typeof errorMap;

/** What a refusal may point at, so that a client can name it. */
export const errorDetailSchema = z.object({
	/** The file or folder concerned. */
	path: z.string().optional(),
	/** The input field concerned. */
	field: z.string().optional(),
});
export type ErrorDetail = z.infer<typeof errorDetailSchema>;

/**
 * A refusal raised inside the engine. It becomes a typed contract error at the handler boundary;
 * anything else that is thrown there is a defect and reaches the client without its details.
 */
export class Refusal extends Error {
	readonly code: ErrorCode;
	readonly detail: ErrorDetail;

	constructor(code: ErrorCode, message: string = errorMap[code].message, detail: ErrorDetail = {}) {
		super(message);
		this.name = "Refusal";
		this.code = code;
		this.detail = detail;
	}
}

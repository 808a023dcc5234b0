/** @file Why places and files cannot be written, in words. */
import { Refusal } from "../../contract/errors.ts";
import { errorCode } from "./replace-file.ts";

/** What the system says of such places, by its codes. */
const reasons: Readonly<Record<string, string>> = {
	EACCES: "This computer does not allow you to write there.",
	EPERM: "It is protected from being changed.",
	EROFS: "The drive is read-only.",
};

/** Why a place takes no files; null where something else went wrong. */
export function writeRefusal(error: unknown): string | null {
	return reasons[errorCode(error) ?? ""] ?? null;
}

/** What the system says where one file alone cannot be written, by its codes. */
const reasonsOfOne: Readonly<Record<string, string>> = {
	...reasons,
	EBUSY: "Another program is using it.",
	EIO: "The drive failed while it was read or written.",
	EISDIR: "A folder has the name of the file that would be written.",
	ENAMETOOLONG: "The name of the file that would be written is too long for this drive.",
};

/** Why one file cannot be written, where others perhaps can; a sentence. */
export function whyNotWritten(error: unknown): string {
	const known = reasonsOfOne[errorCode(error) ?? ""];
	if (known !== undefined) return known;
	return `It could not be written (${error instanceof Error ? error.message : String(error)}).`;
}

/** True for what keeps every file from being written: a full disk, or something the whole computer lacks. */
export function concernsAllFiles(error: unknown): boolean {
	if (error instanceof Refusal) return true;
	// A program that writing needs does not start.
	if (error instanceof Error && "syscall" in error && String(error.syscall).startsWith("spawn")) {
		return true;
	}
	return ["ENOSPC", "EDQUOT", "EMFILE", "ENFILE", "ENOMEM"].includes(errorCode(error) ?? "");
}

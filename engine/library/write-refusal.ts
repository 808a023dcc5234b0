/** @file Places that may not be written, in words. */
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

/** @file The library's state and its doctor. */
import type { LibraryStatus } from "../../contract/library.ts";
import { type CheckParts, checkLibrary } from "../library/check-library.ts";
import { implementer } from "./implementer.ts";

export function libraryHandlers(parts: { status(): Promise<LibraryStatus>; check: CheckParts }) {
	return {
		status: implementer.library.status.handler(() => parts.status()),
		check: implementer.library.check.handler(({ input }) =>
			checkLibrary(parts.check, input.repair),
		),
	};
}

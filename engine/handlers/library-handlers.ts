/** @file The library's state and its doctor. */
import type { Finding, LibraryStatus } from "../../contract/library.ts";
import { implementer } from "./implementer.ts";

export function libraryHandlers(parts: {
	status(): Promise<LibraryStatus>;
	check(repair: boolean): Promise<Finding[]>;
}) {
	return {
		status: implementer.library.status.handler(() => parts.status()),
		check: implementer.library.check.handler(({ input }) => parts.check(input.repair)),
	};
}

/** @file Why a photo was found, a line for each reason. */
import { assertNever } from "../../contract/assert-never.ts";
import type { ParsedQuery } from "../../contract/query.ts";
import type { Reason } from "../../contract/words.ts";

/** Such as `looks like it: 83 %`, `name: beach day`, `filter: in France`. */
export function reasonLines(why: readonly Reason[], parsed: ParsedQuery | null): string[] {
	return why.map((reason) => {
		switch (reason.kind) {
			case "looks-like":
				return `looks like it: ${Math.round(reason.confidence * 100)} %`;
			case "words":
				return `${reason.source}: ${reason.excerpt}`;
			case "filter":
				return `filter: ${parsed?.parts[reason.part]?.words ?? ""}`;
			default:
				return assertNever(reason);
		}
	});
}

/** @file What a typed query asks for, after it was read into parts. */
import { Refusal } from "../../contract/errors.ts";
import type { ParsedQuery, Span } from "../../contract/query.ts";
import { queryMaxCharacters } from "../../contract/search.ts";
import type { Gazetteer } from "./places/gazetteer.ts";
import { parseQuery } from "./query/parse-query.ts";

export interface TextQuery {
	parsed: ParsedQuery;
	/** What the picture shows, in one sentence for the encoder; "" when only filters were given. */
	text: string;
	/** What it must not show. */
	excluded: string[];
}

/** Reads queries on the calendar of whoever asks. */
export class QueryReader {
	readonly #gazetteer: Gazetteer;
	readonly #now: () => Date;

	/** @param now injectable for tests; relative dates count from its day in local time. */
	constructor(gazetteer: Gazetteer, now: () => Date = () => new Date()) {
		this.#gazetteer = gazetteer;
		this.#now = now;
	}

	/** Seasons are read as in the north. @throws Refusal INVALID_QUERY when it is far too long. */
	parse(query: string, plain?: readonly Span[]): ParsedQuery {
		if (query.length > queryMaxCharacters) {
			throw new Refusal(
				"INVALID_QUERY",
				`That search has ${query.length} characters; ${queryMaxCharacters} is the most that can be read.`,
				{ field: "query" },
			);
		}
		const today = localDay(this.#now());
		return parseQuery(query, { today, hemisphere: "north", places: this.#gazetteer, plain });
	}

	/**
	 * @param mayBeEmpty when the words are not all that is asked.
	 * @throws Refusal INVALID_QUERY when there is nothing to look for, far too much, or a filter that
	 * cannot be used.
	 */
	read(query: string, plain?: readonly Span[], mayBeEmpty = false): TextQuery {
		const parsed = this.parse(query, plain);
		const refused = parsed.parts.find((part) => part.kind === "refused");
		if (refused !== undefined) {
			throw new Refusal("INVALID_QUERY", refused.message, { field: "query" });
		}
		if (parsed.parts.length === 0 && !mayBeEmpty) {
			throw new Refusal("INVALID_QUERY", "Type what the picture shows.", { field: "query" });
		}
		const texts = parsed.parts.flatMap((part) => (part.kind === "text" ? part.text : []));
		const hasOthers = texts.length < parsed.parts.length;
		// A full stop left over between filters is nothing that a picture shows.
		const said = texts.filter((text) => !hasOthers || /[\p{L}\p{N}\p{S}]/u.test(text));
		const excluded = parsed.parts.flatMap((part) => (part.kind === "exclude" ? part.text : []));
		return { parsed, text: said.join(" "), excluded };
	}
}

/** `2019-06-30` where the computer is. */
function localDay(date: Date): string {
	const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
	return shifted.toISOString().slice(0, 10);
}

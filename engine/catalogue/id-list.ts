/** @file Lists of ids in SQL: one parameter whatever their number, so one prepared statement serves all. */
import { type RawBuilder, sql } from "kysely";

/** `(select …)` for the right side of `in` and `not in`. */
export function idList<Id extends number>(ids: Iterable<Id>): RawBuilder<Id> {
	return sql<Id>`(select value from json_each(${JSON.stringify([...ids])}))`;
}

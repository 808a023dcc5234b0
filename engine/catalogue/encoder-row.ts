/** @file Encoder keys and the small numbers that stand for them. */
import { type Connection, query } from "./connection.ts";

/** The number of an encoder, or undefined when nothing was ever stored by it. */
export function findEncoder(connection: Connection, encoderKey: string): number | undefined {
	return connection.first(query.selectFrom("encoders").select("id").where("key", "=", encoderKey))
		?.id;
}

/** The number of an encoder, given out when it has none yet. */
export function ensureEncoder(connection: Connection, encoderKey: string): number {
	const known = findEncoder(connection, encoderKey);
	if (known !== undefined) return known;
	const row = connection.first(
		query.insertInto("encoders").values({ key: encoderKey }).returning("id"),
	);
	if (row === undefined) throw new Error("the database did not return the encoder it added");
	return row.id;
}

/** @file What finding copies reads and remembers. */
import type { LookAlikeTable } from "./catalogue.ts";
import { type Connection, query } from "./connection.ts";

/** The look-alikes' part of an open database. */
export function lookAlikeTable(connection: Connection): LookAlikeTable {
	const insert = connection.prepare(
		"insert into contents_apart (first_hash, second_hash) values (?, ?) on conflict do nothing",
	);
	const forget = connection.prepare(
		"delete from contents_apart where first_hash = ? and second_hash = ?",
	);
	return {
		async contents() {
			return connection
				.all(
					query
						.selectFrom("photos")
						.select(["id", "content_hash", "perceptual_hash", "width", "height"])
						.where("state", "=", "searchable")
						.orderBy("id"),
				)
				.flatMap((row) =>
					row.content_hash === null
						? []
						: {
								id: row.id,
								contentHash: row.content_hash,
								perceptualHash: row.perceptual_hash,
								width: row.width,
								height: row.height,
							},
				);
		},
		async storePerceptualHash(contentHash, perceptualHash) {
			connection.run(
				query
					.updateTable("photos")
					.set({ perceptual_hash: Buffer.from(perceptualHash) })
					.where("content_hash", "=", contentHash),
			);
		},
		async apart() {
			return connection
				.all(query.selectFrom("contents_apart").selectAll())
				.map((row) => [row.first_hash, row.second_hash] as const);
		},
		async keepApart(pairs) {
			connection.transaction(() => {
				for (const pair of pairs) insert.run(...ordered(pair));
			});
		},
		async joinAgain(pairs) {
			connection.transaction(() => {
				for (const pair of pairs) forget.run(...ordered(pair));
			});
		},
	};
}

function ordered([one, other]: readonly [string, string]): [string, string] {
	return one <= other ? [one, other] : [other, one];
}

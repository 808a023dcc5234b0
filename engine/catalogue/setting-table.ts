/** @file Remembered choices. */
import type { SettingTable } from "./catalogue.ts";
import { type Connection, query } from "./connection.ts";

/** The settings of an open database. Setting `undefined` forgets the setting. */
export function settingTable(connection: Connection): SettingTable {
	const set = (name: string, value: unknown) => {
		const text: string | undefined = JSON.stringify(value);
		if (text === undefined) {
			connection.run(query.deleteFrom("settings").where("name", "=", name));
			return;
		}
		connection.run(
			query
				.insertInto("settings")
				.values({ name, value: text })
				.onConflict((conflict) => conflict.column("name").doUpdateSet({ value: text })),
		);
	};
	return {
		async get(name) {
			const row = connection.first(
				query.selectFrom("settings").select("value").where("name", "=", name),
			);
			return row === undefined ? undefined : JSON.parse(row.value);
		},
		async set(name, value) {
			set(name, value);
		},
		async setTogether(values) {
			connection.transaction(() => {
				for (const [name, value] of Object.entries(values)) set(name, value);
			});
		},
	};
}

/**
 * @file The one connection to the database, and how queries run on it.
 *
 * [Note: Synchronous queries] Kysely builds and types the queries; better-sqlite3 runs them, each to its
 * end before anything else happens in this thread. A transaction is one synchronous function, so no
 * other caller's statement can ever slip into it, which an `await` inside a transaction would allow.
 */
import type Database from "better-sqlite3";
import {
	type Compilable,
	DummyDriver,
	Kysely,
	SqliteAdapter,
	SqliteIntrospector,
	SqliteQueryCompiler,
} from "kysely";
import { asRefusal } from "./database-errors.ts";
import { openDatabaseFile } from "./database-file.ts";
import type { Schema } from "./schema.ts";

/** The library's lock keeps other writers away; a backup program may still hold the file for a moment. */
const busyTimeoutMs = 5000;

/** What can be bound to a statement. */
export type Parameter = number | string | Buffer | null;

/** Builds queries only; see [Note: Synchronous queries]. */
export const query = new Kysely<Schema>({
	dialect: {
		createAdapter: () => new SqliteAdapter(),
		createDriver: () => new DummyDriver(),
		createIntrospector: (database) => new SqliteIntrospector(database),
		createQueryCompiler: () => new SqliteQueryCompiler(),
	},
});

/** A statement prepared once, for the few places that run one thousands of times. */
export interface PreparedStatement<Row> {
	/** How many rows it changed, and the id of the row it inserted last. */
	run(...parameters: Parameter[]): { changes: number; lastId: number };
	get(...parameters: Parameter[]): Row | undefined;
	all(...parameters: Parameter[]): Row[];
	/** Rows as arrays, in the order of the columns: half the cost of objects. */
	allRaw(...parameters: Parameter[]): unknown[][];
}

/** Runs queries. Every method throws Refusal DISK_FULL or LIBRARY_UNUSABLE when the file fails. */
export interface Connection {
	readonly filePath: string;
	all<Row>(built: Compilable<Row>): Row[];
	first<Row>(built: Compilable<Row>): Row | undefined;
	/** Returns how many rows it changed. */
	run(built: Compilable<unknown>): number;
	/** The caller vouches for the row type: SQL text carries none. */
	prepare<Row = never>(sql: string): PreparedStatement<Row>;
	/** Several statements at once, without parameters or results. */
	execute(sql: string): void;
	/** A pragma's first value. */
	pragma(text: string): unknown;
	/** All of it or nothing; synchronous, see [Note: Synchronous queries]. May be nested. */
	transaction<Result>(work: () => Result): Result;
	close(): void;
}

/**
 * Opens a database file.
 * @throws Refusal LIBRARY_UNUSABLE when it cannot be opened.
 */
export function connect(filePath: string, options: { readonly: boolean }): Connection {
	const guarded = <Result>(work: () => Result): Result => {
		try {
			return work();
		} catch (error) {
			throw asRefusal(error, filePath);
		}
	};
	const database = openDatabaseFile(filePath, { ...options, busyTimeoutMs });
	const statements = new Map<string, Database.Statement<unknown[]>>();
	const statement = (sql: string): Database.Statement<unknown[]> => {
		const known = statements.get(sql);
		if (known !== undefined) return known;
		const made = database.prepare<unknown[]>(sql);
		statements.set(sql, made);
		return made;
	};

	return {
		filePath,
		all<Row>(built: Compilable<Row>) {
			const { sql, parameters } = built.compile();
			// STRICT tables hold what the schema says, so Kysely's row type is what SQLite returns.
			return guarded(() => statement(sql).all(...parameters) as Row[]);
		},
		first<Row>(built: Compilable<Row>) {
			const { sql, parameters } = built.compile();
			return guarded(() => statement(sql).get(...parameters) as Row | undefined);
		},
		run(built) {
			const { sql, parameters } = built.compile();
			return guarded(() => statement(sql).run(...parameters).changes);
		},
		prepare<Row>(sql: string) {
			const prepared = guarded(() => database.prepare<unknown[]>(sql));
			// The driver takes numbered parameters for names, which it wants in one object.
			const isNumbered = /\?\d/.test(sql);
			const bound = (values: readonly unknown[]): unknown[] =>
				isNumbered ? [Object.fromEntries(values.map((value, at) => [at + 1, value]))] : [...values];
			return {
				run: (...parameters) =>
					guarded(() => {
						const { changes, lastInsertRowid } = prepared.run(...bound(parameters));
						return { changes, lastId: Number(lastInsertRowid) };
					}),
				get: (...parameters) =>
					guarded(() => prepared.get(...bound(parameters)) as Row | undefined),
				all: (...parameters) => guarded(() => prepared.all(...bound(parameters)) as Row[]),
				allRaw: (...parameters) =>
					guarded(() => {
						prepared.raw(true);
						try {
							return prepared.all(...bound(parameters)) as unknown[][];
						} finally {
							prepared.raw(false);
						}
					}),
			} satisfies PreparedStatement<Row>;
		},
		execute: (sql) => guarded(() => void database.exec(sql)),
		pragma: (text) => guarded(() => database.pragma(text, { simple: true })),
		transaction: (work) => guarded(() => database.transaction(work).immediate()),
		close: () => guarded(() => void database.close()),
	};
}

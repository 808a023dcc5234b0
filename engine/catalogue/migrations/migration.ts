/** @file What a step from one database format to the next is. */

/** One step; `format` is the `user_version` it leaves behind. */
export interface Migration {
	format: number;
	sql: string;
}

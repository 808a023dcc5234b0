/** @file Closing a switch over a tagged union. */

/** Closes a switch over a tagged union: reaching it does not compile while an arm is missing. */
export function assertNever(value: never): never {
	throw new Error(`Unexpected value ${JSON.stringify(value)}`);
}

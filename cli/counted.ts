/** @file Counts with their nouns. */

/** "1 photo", "12 photos", "2 copies". */
export function counted(count: number, what: string, many = `${what}s`): string {
	return `${count} ${count === 1 ? what : many}`;
}

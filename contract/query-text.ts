/** @file Changing a query by its parts, as text. Without schemas, so that the page can use it. */

interface Stretch {
	start: number;
	end: number;
}

/** The query with this stretch made plain: every word in it is then text, whatever it looks like. */
export function asPlainText(query: string, span: Stretch): string {
	const words = query.slice(span.start, span.end).replace(/\S+/gu, (word) => `\\${word}`);
	return query.slice(0, span.start) + words + query.slice(span.end);
}

/** The query without this stretch, and without the double space that would be left. */
export function withoutStretch(query: string, span: Stretch): string {
	const before = query.slice(0, span.start).trimEnd();
	const after = query.slice(span.end).trimStart();
	return before === "" || after === "" ? before + after : `${before} ${after}`;
}

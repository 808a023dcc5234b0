/** @file Replacing stretches of a text at once, all told in offsets of the text before. */

export interface TextEdit {
	start: number;
	end: number;
	text: string;
}

/** Edits must not overlap; several insertions at one offset come out in the order given. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
	const ordered = edits
		.map((edit, order) => ({ ...edit, order }))
		.sort((a, b) => a.start - b.start || a.end - b.end || a.order - b.order);
	let result = "";
	let at = 0;
	for (const edit of ordered) {
		if (edit.start < at) throw new Error("Edits overlap.");
		result += text.slice(at, edit.start) + edit.text;
		at = edit.end;
	}
	return result + text.slice(at);
}

/** The white space right before an offset: what indents whatever stands there. */
export function whiteSpaceBefore(text: string, offset: number): string {
	let start = offset;
	while (start > 0 && /[ \t\r\n]/.test(text[start - 1] ?? "")) start -= 1;
	return text.slice(start, offset);
}

/** Text between tags. */
export function escapeText(text: string): string {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** A value in double quotes. */
export function escapeAttribute(text: string): string {
	return escapeText(text).replaceAll('"', "&quot;");
}

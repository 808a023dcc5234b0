/** @file Tags as searches, and searches as tags. */

/** The search that finds the photos with a tag. */
export function tagQuery(path: string): string {
	return /^[^\s"“”,()]+$/u.test(path) ? `tag:${path}` : `tag:"${path.replaceAll('"', "")}"`;
}

/** The tag that is all a search asks for, or null where it asks for more or for something else. */
export function tagOfQuery(query: string): string | null {
	const match = /^tag:(?:"([^"]+)"|([^\s"“”,()]+))$/iu.exec(query.trim());
	return match?.[1] ?? match?.[2] ?? null;
}

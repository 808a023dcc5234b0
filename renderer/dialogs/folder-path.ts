/** @file A folder's path as steps to click on, for every system's way of writing paths. */

export interface Crumb {
	name: string;
	path: string;
}

/**
 * The folders from the top down to `path` itself.
 *
 * Reads `/home/kim`, `C:\Users\kim` and `\\server\share\trips`; a trailing separator is ignored.
 */
export function crumbsOf(path: string): Crumb[] {
	const share = /^\\\\[^\\]+\\[^\\]+/.exec(path)?.[0];
	if (share !== undefined)
		return below({ name: share, path: share }, path.slice(share.length), "\\");
	const drive = /^[A-Za-z]:/.exec(path)?.[0];
	if (drive !== undefined) {
		return below({ name: drive, path: `${drive}\\` }, path.slice(drive.length), "\\");
	}
	if (path.startsWith("/")) return below({ name: "/", path: "/" }, path, "/");
	return path === "" ? [] : [{ name: path, path }];
}

function below(root: Crumb, rest: string, separator: string): Crumb[] {
	const names = rest.split(separator === "/" ? "/" : /[\\/]/).filter((name) => name !== "");
	const crumbs = [root];
	let reached = root.path;
	for (const name of names) {
		reached = reached.endsWith(separator) ? reached + name : reached + separator + name;
		crumbs.push({ name, path: reached });
	}
	return crumbs;
}

/** The last part of a path: what the person calls the folder or file. */
export function lastPart(path: string): string {
	const last = path.split(/[\\/]/).findLast((part) => part !== "");
	return last ?? path;
}

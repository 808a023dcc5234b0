/** @file Where a file of the hub is, and which addresses a download may go to at all. */
import { Refusal } from "../../contract/errors.ts";

/** The hub the catalogue's repositories are on. */
export const usualHub = "https://huggingface.co";

/**
 * The address a mirror's files are below, without a slash at its end.
 * @throws Refusal NOT_SUPPORTED where it is no https address.
 */
export function parseMirror(text: string): string {
	const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
	if (url === null || !mayConnect(url, true) || url.username !== "" || url.search !== "") {
		throw new Refusal(
			"NOT_SUPPORTED",
			"Give the mirror's address as https://host or https://host/path.",
			{ field: "mirror" },
		);
	}
	return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}

/** The hub's address of a file: `<hub>/<owner>/<name>/resolve/<commit>/<file>`. */
export function fileAddress(hub: string, repository: string, revision: string, file: string): URL {
	return new URL(`${hub}/${repository}/resolve/${revision}/${file}`);
}

/** https anywhere; http to this computer only, and only where the download began there. */
export function mayConnect(url: URL, beganHere: boolean): boolean {
	if (url.protocol === "https:") return true;
	return url.protocol === "http:" && beganHere && isLoopback(url);
}

export function isLoopback({ hostname }: URL): boolean {
	return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
}

/** @file `app://afterimage/`: the built page's own files, under a strict policy, and nothing else. */
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";

export const pageScheme = "app";

/** Where the page is; its origin is everything before the last slash. */
export const pageUrl = `${pageScheme}://afterimage/`;

/** Scripts, styles and fonts are the page's own; pictures come from `photo:` and from pasted ones. */
export const pagePolicy = [
	"default-src 'none'",
	"script-src 'self'",
	"style-src 'self'",
	"img-src 'self' photo: blob: data:",
	"font-src 'self'",
	"connect-src 'self'",
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'none'",
].join("; ");

const contentTypes: Readonly<Record<string, string>> = {
	".html": "text/html; charset=utf-8",
	".js": "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8",
	".json": "application/json",
	".webmanifest": "application/manifest+json",
	".svg": "image/svg+xml",
	".png": "image/png",
	".ico": "image/x-icon",
	".woff2": "font/woff2",
};

/** One part of a path: nothing that could lead elsewhere on any system, and no hidden files. */
const plainName = /^[\w@~+-][\w.@~+-]*$/;

/**
 * Answers one request of the window; never rejects.
 * @param pagePath folder of the built page
 */
export async function answerPageRequest(
	request: { url: string; method: string },
	pagePath: string,
): Promise<Response> {
	const url = URL.parse(request.url);
	if (request.method !== "GET" || url === null || url.host !== "afterimage") return notFound();
	const names = url.pathname.split("/").filter((name) => name !== "");
	const parts = names.length === 0 ? ["index.html"] : names;
	const contentType = contentTypes[extname(parts.at(-1) ?? "")];
	if (contentType === undefined || !parts.every((name) => plainName.test(name))) return notFound();
	try {
		const contents = await readFile(join(pagePath, ...parts));
		return new Response(Uint8Array.from(contents), {
			headers: {
				"Content-Type": contentType,
				"Content-Security-Policy": pagePolicy,
				"X-Content-Type-Options": "nosniff",
				"Cache-Control": "no-cache",
			},
		});
	} catch {
		return notFound();
	}
}

function notFound(): Response {
	return new Response("There is nothing at this address.", {
		status: 404,
		headers: { "Content-Security-Policy": "default-src 'none'" },
	});
}

/** @file The built page's files. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { sendRefusal } from "./refusal-page.ts";
import { pagePolicy } from "./security-headers.ts";
import { sendFile } from "./send-file.ts";

const contentTypes: Readonly<Record<string, string>> = {
	".html": "text/html; charset=utf-8",
	".js": "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8",
	".json": "application/json",
	".map": "application/json",
	".webmanifest": "application/manifest+json",
	".svg": "image/svg+xml",
	".png": "image/png",
	".jpg": "image/jpeg",
	".webp": "image/webp",
	".avif": "image/avif",
	".ico": "image/x-icon",
	".woff2": "font/woff2",
	".wasm": "application/wasm",
	".txt": "text/plain; charset=utf-8",
};

/** One part of a path: nothing that could lead elsewhere on any system, and no hidden files. */
const plainName = /^[\w@~+-][\w.@~+-]*$/;

/**
 * Answers a GET or HEAD for the page. Addresses without an extension are places inside the page,
 * which finds its own way from `index.html`.
 */
export async function answerPage(
	pagePath: string,
	request: IncomingMessage,
	response: ServerResponse,
	url: URL,
): Promise<void> {
	const names = url.pathname.split("/").filter((name) => name !== "");
	if (!names.every((name) => plainName.test(name))) {
		return sendRefusal(request, response, 404, "There is nothing at this address.");
	}
	const extension = extname(names.at(-1) ?? "");
	const contentType = extension === "" ? contentTypes[".html"] : contentTypes[extension];
	if (contentType === undefined) {
		return sendRefusal(request, response, 404, "There is nothing at this address.");
	}
	const filePath = extension === "" ? join(pagePath, "index.html") : join(pagePath, ...names);
	response.setHeader("Content-Security-Policy", pagePolicy(request.headers.host ?? ""));
	const outcome = await sendFile(request, response, {
		contentType,
		body: { filePath },
		// The build puts a hash of the contents into the names below `assets/`.
		cacheControl: names[0] === "assets" ? "private, max-age=31536000, immutable" : "no-cache",
	});
	if (outcome === "sent") return;
	if (extension === "") {
		return sendRefusal(request, response, 503, "The page has not been built. Run: npm run build");
	}
	sendRefusal(request, response, 404, "There is nothing at this address.");
}

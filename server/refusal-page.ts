/** @file What a person sees who comes without the token, and how other refusals are worded. */
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

const style = `
:root { color-scheme: light dark; font: 1rem/1.6 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: Canvas; color: CanvasText; }
main { max-width: 30rem; padding: 2rem; }
h1 { font-size: 1.5rem; font-weight: 600; margin: 0 0 .75rem; }
p { margin: 0 0 .75rem; }
code { font: .9375rem ui-monospace, monospace; padding: .125rem .375rem; border-radius: .25rem; background: color-mix(in srgb, CanvasText 10%, Canvas); }
`;

const styleHash = createHash("sha256").update(style).digest("base64");
const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** Answers with a status and one sentence: as a page to browsers, as plain text to programs. */
export function sendRefusal(
	request: IncomingMessage,
	response: ServerResponse,
	status: number,
	message: string,
): void {
	// The body of a refused upload is not read; the connection cannot be used for another request.
	if (request.method !== "GET" && request.method !== "HEAD") {
		response.setHeader("Connection", "close");
	}
	const asPage = status === 401 && (request.headers.accept ?? "").includes("text/html");
	const body = asPage ? unauthorisedPage() : `${message}\n`;
	response.statusCode = status;
	response.setHeader("Content-Type", `text/${asPage ? "html" : "plain"}; charset=utf-8`);
	response.setHeader("Content-Length", Buffer.byteLength(body));
	if (asPage) response.setHeader("Content-Security-Policy", policy);
	response.end(request.method === "HEAD" ? undefined : body);
}

/**
 * Sends a browser that came from another site on to the page. A redirect would still count as that
 * site's navigation, on which browsers withhold the cookie that was just set.
 */
export function sendOnwards(response: ServerResponse): void {
	const body = page(
		"Opening Afterimage",
		'<p><a href="/">Continue to Afterimage</a></p>',
		'<meta http-equiv="refresh" content="0; url=/">',
	);
	response.setHeader("Content-Type", "text/html; charset=utf-8");
	response.setHeader("Content-Security-Policy", policy);
	response.end(body);
}

function unauthorisedPage(): string {
	return page(
		"Open Afterimage from its own address",
		`<p>This page needs the address that Afterimage printed when it started. It looks like <code>http://127.0.0.1:8470/?token=…</code> and changes with every start.</p>
<p>Copy it from the terminal, or run <code>afterimage open</code> once more to see it.</p>`,
	);
}

function page(title: string, content: string, head = ""): string {
	return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">${head}<title>${title}</title><style>${style}</style></head>
<body><main><h1>${title}</h1>
${content}
</main></body>
</html>
`;
}

/**
 * @file Who may talk to the server.
 *
 * [Note: Admission] The server listens on loopback only, but any web page open in the person's browser
 * can send requests there, and any program of any user of the computer can connect. So a request must
 * 1. name us in `Host`: a page on another name that was rebound to 127.0.0.1 names its own;
 * 2. come from our own page where it says where it comes from (`Origin`, `Sec-Fetch-Site`), and must
 *    say so when it could change something or opens a WebSocket, which browsers allow across origins;
 * 3. carry what only the person's browser (cookie) or a program that can read the library folder
 *    (bearer token) knows. A bearer token is never sent by a browser on its own, so a program that
 *    uses one need not say where it comes from.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** Whether a request may go on; otherwise the status to answer with and a sentence for the person. */
export type Admission =
	| { kind: "admitted" }
	| { kind: "refused"; status: 401 | 403 | 421; message: string };

const admitted: Admission = { kind: "admitted" };

/** Checks requests against one server's port and secrets. */
export class Gate {
	/** 256 random bits, base64url: in the address printed for the person and in `holder.json`. */
	readonly token = randomBytes(32).toString("base64url");
	/** What the token is exchanged for: it never appears in an address or a file. */
	readonly #session = randomBytes(32).toString("base64url");
	readonly #hosts: ReadonlySet<string>;
	readonly #cookieName: string;

	/** @param port the port listened on; part of the cookie's name, as cookies ignore ports. */
	constructor(port: number) {
		const names = ["127.0.0.1", "localhost", "[::1]"];
		this.#hosts = new Set(
			names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`])),
		);
		this.#cookieName = `afterimage-${port}`;
	}

	/** Is it addressed to us, and does it come from nobody else's page? See [Note: Admission]. */
	checkSource(request: IncomingMessage): Admission {
		const host = request.headers.host?.toLowerCase();
		if (host === undefined || !this.#hosts.has(host)) {
			return refuse(421, "This server answers only to the address that Afterimage printed.");
		}
		const origin = request.headers.origin;
		if (origin !== undefined && !this.#isOurs(origin)) {
			return refuse(403, "This request comes from another website.");
		}
		return admitted;
	}

	/** Does it carry a secret, and if it is a browser's cookie, is it our own page that asks? */
	checkSecret(request: IncomingMessage): Admission {
		if (this.isToken(bearerToken(request))) return admitted;
		const cookie = cookieValue(request.headers.cookie, this.#cookieName);
		if (!sameSecret(cookie, this.#session)) {
			return refuse(401, "Open the address that Afterimage printed when it started.");
		}
		const mustNameOrigin =
			request.headers.upgrade !== undefined ||
			(request.method !== "GET" && request.method !== "HEAD");
		if (mustNameOrigin && request.headers.origin === undefined) {
			return refuse(403, "This request does not say which website it comes from.");
		}
		const site = request.headers["sec-fetch-site"];
		const fromOurs = site === undefined || site === "same-origin" || site === "none";
		if (!fromOurs && request.headers["sec-fetch-mode"] !== "navigate") {
			return refuse(403, "This request comes from another website.");
		}
		return admitted;
	}

	/** Compared in constant time. */
	isToken(candidate: string | undefined): boolean {
		return sameSecret(candidate, this.token);
	}

	/** The `Set-Cookie` value that admits the browser that brought the token, until it is closed. */
	sessionCookie(): string {
		return `${this.#cookieName}=${this.#session}; HttpOnly; SameSite=Strict; Path=/`;
	}

	#isOurs(origin: string): boolean {
		return origin.startsWith("http://") && this.#hosts.has(origin.slice("http://".length));
	}
}

function refuse(status: 401 | 403 | 421, message: string): Admission {
	return { kind: "refused", status, message };
}

function bearerToken(request: IncomingMessage): string | undefined {
	return /^Bearer ([\w-]+)$/i.exec(request.headers.authorization ?? "")?.[1];
}

function cookieValue(header: string | undefined, name: string): string | undefined {
	for (const part of header?.split(";") ?? []) {
		const at = part.indexOf("=");
		if (part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
	}
	return undefined;
}

/** Digests have one length, so the comparison tells nothing about the secret, not even its length. */
function sameSecret(candidate: string | undefined, secret: string): boolean {
	const digest = (text: string) => createHash("sha256").update(text).digest();
	return candidate !== undefined && timingSafeEqual(digest(candidate), digest(secret));
}

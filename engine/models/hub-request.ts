/** @file One request for a file of the hub: redirects, status, and what the hub says of the file. */
import { Refusal } from "../../contract/errors.ts";
import { isLoopback, mayConnect } from "./hub-address.ts";

/** What the servers on the way said. */
export interface HubAnswer {
	response: Response;
	/** The host that sends the bytes. */
	host: string;
	/** The file's SHA-256 by the hub, where it keeps one (large files). */
	hubSha256: string | null;
	/** The whole file's size by the hub. */
	hubSizeBytes: number | null;
}

/** Worth another try, after `waitMs` where the server named a time. */
export class TryAgain extends Error {
	readonly waitMs: number | null;

	constructor(message: string, waitMs: number | null = null) {
		super(message);
		this.name = "TryAgain";
		this.waitMs = waitMs;
	}
}

/**
 * Follows redirects itself: each is checked, and the hub's first answer carries the checksum
 * (`x-linked-etag`) that the storage server's does not.
 * @throws TryAgain for what may pass; Refusal DOWNLOAD_FAILED for what will not.
 */
export async function requestFile(
	address: URL,
	headers: Record<string, string>,
	mostRedirects: number,
	signal: AbortSignal,
): Promise<HubAnswer> {
	let url = address;
	let hubSha256: string | null = null;
	let hubSizeBytes: number | null = null;
	for (let redirects = 0; ; redirects += 1) {
		if (!mayConnect(url, isLoopback(address))) {
			throw failed(`${address.host} sent us on to ${url.origin}, which is not a safe address.`);
		}
		const response = await ask(url, headers, signal);
		hubSha256 ??= sha256Of(response.headers.get("x-linked-etag"));
		hubSizeBytes ??= wholeNumber(response.headers.get("x-linked-size"));
		if (response.status === 200 || response.status === 206 || response.status === 416) {
			hubSha256 ??= sha256Of(response.headers.get("etag"));
			return { response, host: url.host, hubSha256, hubSizeBytes };
		}
		await response.body?.cancel().catch(() => undefined);
		if ([301, 302, 303, 307, 308].includes(response.status)) {
			const next = response.headers.get("location");
			if (next === null || !URL.canParse(next, url.href)) {
				throw failed(`${url.host} sent us on to nowhere.`);
			}
			if (redirects === mostRedirects) {
				throw failed(`${address.host} sent us from one address to the next without end.`);
			}
			url = new URL(next, url);
			continue;
		}
		throw describeStatus(response, url);
	}
}

async function ask(
	url: URL,
	headers: Record<string, string>,
	signal: AbortSignal,
): Promise<Response> {
	try {
		return await fetch(url, { headers, signal, redirect: "manual" });
	} catch (error) {
		signal.throwIfAborted();
		throw new TryAgain(`${url.host} could not be reached (${causeOf(error)}).`);
	}
}

function describeStatus(response: Response, url: URL): Error {
	const { status } = response;
	switch (status) {
		case 401:
		case 403:
			return failed(
				`${url.host} does not give this file to everyone (${status}). Its owner may ask for an account or an agreement first; get the files there and install them from a folder.`,
			);
		case 404:
		case 410:
			return failed(`${url.host} does not have ${url.pathname} (${status}).`);
		case 429:
			return new TryAgain(`${url.host} asks us to wait (429).`, retryAfterMs(response));
		default:
			return status >= 500
				? new TryAgain(`${url.host} has trouble at the moment (${status}).`, retryAfterMs(response))
				: failed(`${url.host} answered ${status}, which is no file.`);
	}
}

/** Seconds or a date, as HTTP has it (RFC 9110, 10.2.3). */
function retryAfterMs({ headers }: Response): number | null {
	const text = headers.get("retry-after");
	if (text === null) return null;
	if (/^\d+$/.test(text)) return Number(text) * 1000;
	const at = Date.parse(text);
	return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}

function sha256Of(tag: string | null): string | null {
	return /^"?([0-9a-f]{64})"?$/.exec(tag ?? "")?.[1] ?? null;
}

function wholeNumber(text: string | null): number | null {
	return text !== null && /^\d+$/.test(text) ? Number(text) : null;
}

/** The system's word for it, such as ECONNREFUSED; fetch hides it in the cause. */
export function causeOf(error: unknown): string {
	const cause = error instanceof Error ? (error.cause ?? error) : error;
	if (cause instanceof Error && "code" in cause) return String(cause.code);
	return cause instanceof Error ? cause.message : String(cause);
}

export function failed(message: string): Refusal {
	return new Refusal("DOWNLOAD_FAILED", message);
}

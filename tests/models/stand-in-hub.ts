/** A server on this computer that answers like the hub, and can be told to misbehave. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { onTestFinished } from "vitest";

export type Misbehaviour = (request: IncomingMessage, response: ServerResponse) => void;

export interface StandInHub {
	readonly address: string;
	/** Every request, with the range asked for. */
	readonly requests: { url: string; range: string | undefined }[];
	/** For the next requests of a file, one each; then it behaves. */
	readonly next: (Misbehaviour | null)[];
	/** For every request, where `next` is empty. */
	always: Misbehaviour | null;
	ignoreRange: boolean;
	/** What it says of every repository when asked; null: it knows no such question. */
	listing: object | null;
}

/** A repository's description as the hub gives it, with checksums for the large files alone. */
export function listingOf(
	files: Readonly<Record<string, Uint8Array>>,
	sha = "a".repeat(40),
): { sha: string; gated: boolean; cardData: { license: string }; siblings: object[] } {
	return {
		sha,
		gated: false,
		cardData: { license: "mit" },
		siblings: Object.entries(files).map(([rfilename, bytes]) => ({
			rfilename,
			size: bytes.length,
			blobId: "0".repeat(40),
			...(/\.onnx$/.test(rfilename) && {
				lfs: { sha256: sha256Of(bytes), size: bytes.length, pointerSize: 134 },
			}),
		})),
	};
}

export function sha256Of(bytes: Uint8Array): string {
	return createHash("sha256").update(bytes).digest("hex");
}

/** @param files by the end of their path */
export async function standInHub(files: Readonly<Record<string, Uint8Array>>): Promise<StandInHub> {
	const hub = {
		address: "",
		requests: [] as StandInHub["requests"],
		next: [] as StandInHub["next"],
		always: null as Misbehaviour | null,
		ignoreRange: false,
		listing: null as object | null,
	};
	const server = createServer((request, response) => {
		const url = request.url ?? "";
		hub.requests.push({ url, range: request.headers.range });
		const misbehave = hub.next.length > 0 ? hub.next.shift() : hub.always;
		if (misbehave) return misbehave(request, response);
		if (url.startsWith("/api/models/") && hub.listing !== null) {
			return void response.end(JSON.stringify(hub.listing));
		}
		const name = Object.keys(files).find((one) => url.endsWith(`/${one}`));
		const bytes = name === undefined ? undefined : files[name];
		if (bytes === undefined) return void response.writeHead(404).end("none");
		sendFile(request, response, bytes, hub.ignoreRange);
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	const at = server.address();
	if (at === null || typeof at === "string") throw new Error("No port.");
	hub.address = `http://127.0.0.1:${at.port}`;
	return hub;
}

export function sendFile(
	request: IncomingMessage,
	response: ServerResponse,
	bytes: Uint8Array,
	ignoreRange = false,
): void {
	const tag = `"${sha256Of(bytes)}"`;
	const asked = /^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1];
	const matches = request.headers["if-range"] === tag;
	const start = asked !== undefined && matches && !ignoreRange ? Number(asked) : 0;
	response.writeHead(start > 0 ? 206 : 200, {
		etag: tag,
		"x-linked-etag": tag,
		"content-length": bytes.length - start,
		...(start > 0 && { "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}` }),
	});
	response.end(bytes.subarray(start));
}

/** Sends this share of the file with its true length, then breaks off. */
export function dropAfter(bytes: Uint8Array, share: number, keepOpen = false): Misbehaviour {
	return (request, response) => {
		const tag = `"${sha256Of(bytes)}"`;
		const asked = /^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1];
		const start = Number(asked ?? 0);
		const length = Math.floor((bytes.length - start) * share);
		response.writeHead(start > 0 ? 206 : 200, {
			etag: tag,
			"x-linked-etag": tag,
			"content-length": bytes.length - start,
			...(start > 0 && { "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}` }),
		});
		response.write(bytes.subarray(start, start + length), () => {
			// A broken connection takes with it what the client has not read yet: it gets time to.
			if (!keepOpen) setTimeout(() => response.destroy(), 400);
		});
	};
}

export function answer(status: number, headers: Record<string, string> = {}): Misbehaviour {
	return (_, response) => void response.writeHead(status, headers).end();
}

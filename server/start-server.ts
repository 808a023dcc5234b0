/** @file The loopback server: page, pictures, and the contract over WebSocket and HTTP. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { OpenLibrary } from "../engine/open-library.ts";
import { Gate } from "./admission.ts";
import { createApiRoute } from "./api-route.ts";
import type { DefectListener } from "./defects.ts";
import { listenOnLoopback, loopbackAddress } from "./listen.ts";
import { answerPage } from "./page-route.ts";
import { answerPhoto } from "./photo-route.ts";
import { sendOnwards, sendRefusal } from "./refusal-page.ts";
import { createRpcSocket, refuseUpgrade, rpcPath } from "./rpc-socket.ts";
import { setSecurityHeaders } from "./security-headers.ts";

export interface ServerOptions {
	library: Pick<OpenLibrary, "router" | "pictures">;
	/** Folder of the built page; may be missing, then only the page is. */
	pagePath: string;
	/** The app's version. */
	version: string;
	/** 0 for any free port; left out for the usual one, or any where that is taken. */
	port?: number;
	/** Told of errors that are bugs; the client hears nothing of their insides. */
	onDefect?: DefectListener;
}

export interface RunningServer {
	/** The page's address for the person's browser, with the token. */
	readonly url: string;
	/** Without the token, such as `http://127.0.0.1:8470`. */
	readonly address: string;
	readonly port: number;
	readonly token: string;
	/** Ends every connection and stops listening. Safe to call twice. */
	close(): Promise<void>;
}

/**
 * Serves an open library to this computer. Who may use it: [Note: Admission].
 * @throws PortUnavailableError when `port` was asked for and cannot be had.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
	const { library, pagePath, version } = options;
	const onDefect = options.onDefect ?? (() => undefined);
	const server = createServer();
	const port = await listenOnLoopback(server, options.port);
	const address = `http://${loopbackAddress}:${port}`;
	const gate = new Gate(port);
	const answerApi = createApiRoute(library.router, version, onDefect);
	const rpc = createRpcSocket(library.router, onDefect);

	async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		setSecurityHeaders(response);
		const source = gate.checkSource(request);
		if (source.kind === "refused") {
			return sendRefusal(request, response, source.status, source.message);
		}
		const url = readUrl(request, address);
		if (url === null) return sendRefusal(request, response, 400, "This address cannot be read.");
		const token = url.pathname === "/" ? url.searchParams.get("token") : null;
		if (request.method === "GET" && token !== null && gate.isToken(token)) {
			response.setHeader("Set-Cookie", gate.sessionCookie());
			const site = request.headers["sec-fetch-site"];
			if (site === "cross-site" || site === "same-site") return sendOnwards(response);
			response.writeHead(303, { Location: "/" }).end();
			return;
		}
		const secret = gate.checkSecret(request);
		if (secret.kind === "refused") {
			return sendRefusal(request, response, secret.status, secret.message);
		}
		if (url.pathname === "/api" || url.pathname.startsWith("/api/")) {
			return answerApi(request, response, url);
		}
		if (request.method !== "GET" && request.method !== "HEAD") {
			response.setHeader("Allow", "GET, HEAD");
			return sendRefusal(request, response, 405, "This address can only be read.");
		}
		if (url.pathname.startsWith("/photos/")) {
			return answerPhoto(library.pictures, request, response, url);
		}
		if (url.pathname === rpcPath) {
			response.setHeader("Upgrade", "websocket");
			return sendRefusal(request, response, 426, "This address speaks WebSocket only.");
		}
		return answerPage(pagePath, request, response, url);
	}

	server.on("request", (request, response) => {
		answer(request, response).catch((error: unknown) => {
			// A client that went away mid-request is no defect.
			if (!request.destroyed || request.complete) onDefect(error);
			if (response.headersSent) response.destroy();
			else sendRefusal(request, response, 500, "Something went wrong inside Afterimage.");
		});
	});
	server.on("upgrade", (request, socket, head) => {
		for (const admission of [gate.checkSource(request), gate.checkSecret(request)]) {
			if (admission.kind === "refused") {
				return refuseUpgrade(socket, admission.status, admission.message);
			}
		}
		if (readUrl(request, address)?.pathname !== rpcPath) {
			return refuseUpgrade(socket, 404, "There is no channel at this address.");
		}
		rpc.accept(request, socket, head);
	});

	let closing: Promise<void> | null = null;
	return {
		url: `${address}/?token=${gate.token}`,
		address,
		port,
		token: gate.token,
		close: () => {
			closing ??= (async () => {
				const closed = new Promise<void>((resolve) => server.close(() => resolve()));
				await rpc.close();
				server.closeAllConnections();
				await closed;
			})();
			return closing;
		},
	};
}

/** Null for what is no address, such as `//` or the absolute form that proxies are sent. */
function readUrl(request: IncomingMessage, address: string): URL | null {
	const target = request.url ?? "";
	if (!target.startsWith("/") || target.startsWith("//")) return null;
	return URL.parse(target, address);
}

/** @file The contract over WebSocket, for the page and for other processes of this computer. */
import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { RPCHandler } from "@orpc/server/ws";
import { WebSocketServer } from "ws";
import type { OpenLibrary } from "../engine/open-library.ts";
import { uploadMaxBytes } from "./api-route.ts";
import { type DefectListener, reportDefects } from "./defects.ts";

/** Where the channel is opened. */
export const rpcPath = "/rpc";

/** How long clients get to answer the closing handshake. */
const closeWithinMs = 500;

export interface RpcSocket {
	/** Takes over a connection whose request has been admitted. */
	accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
	/** Ends every channel; calls under way are cancelled. */
	close(): Promise<void>;
}

/** Serves the router to every socket handed to `accept`. */
export function createRpcSocket(
	router: OpenLibrary["router"],
	onDefect: DefectListener,
): RpcSocket {
	const handler = new RPCHandler(router, { clientInterceptors: [reportDefects(onDefect)] });
	const server = new WebSocketServer({ noServer: true, maxPayload: uploadMaxBytes });
	server.on("connection", (socket) => {
		// A broken frame or connection: `ws` closes the socket after this.
		socket.on("error", () => undefined);
		void handler.upgrade(socket, { context: {} });
	});
	return {
		accept: (request, socket, head) =>
			server.handleUpgrade(request, socket, head, (opened) =>
				server.emit("connection", opened, request),
			),
		async close() {
			const closing = [...server.clients].map(
				(socket) =>
					new Promise<void>((resolve) => {
						const timer = setTimeout(() => socket.terminate(), closeWithinMs);
						socket.once("close", () => {
							clearTimeout(timer);
							resolve();
						});
						socket.close(1001, "Afterimage is closing.");
					}),
			);
			server.close();
			await Promise.all(closing);
		},
	};
}

/** Answers an upgrade request that is not to become a WebSocket. */
export function refuseUpgrade(socket: Duplex, status: number, message: string): void {
	const body = `${message}\n`;
	socket.on("error", () => undefined);
	socket.end(
		[
			`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
			"Connection: close",
			"Content-Type: text/plain; charset=utf-8",
			`Content-Length: ${Buffer.byteLength(body)}`,
			"",
			body,
		].join("\r\n"),
	);
}

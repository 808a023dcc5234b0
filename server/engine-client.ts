/** @file The engine of another process, as a client. */
import { createORPCClient, mapEventIterator } from "@orpc/client";
import { RPCLink } from "@orpc/client/websocket";
import type { EngineClient } from "../contract/contract.ts";
import type { Holder } from "../engine/library/library-lock.ts";
import { rpcPath } from "./rpc-socket.ts";

/** How long the other side gets to answer the closing handshake. */
const closeWithinMs = 500;

/** The process that has the library open cannot be reached, or went away during a call. */
export class HolderLostError extends Error {
	constructor(message: string, cause?: unknown) {
		super(message, { cause });
		this.name = "HolderLostError";
	}
}

export interface EngineConnection {
	readonly client: EngineClient;
	/** Calls under way are rejected. Safe to call twice. */
	close(): Promise<void>;
}

/**
 * Connects to the process that holds a library.
 * @throws HolderLostError when nobody answers there, or refuses the token. Calls reject with it when
 * the channel closes under them.
 */
export async function connectToHolder(
	holder: Pick<Holder, "address" | "token">,
): Promise<EngineConnection> {
	const socket = new WebSocket(`${holder.address.replace(/^http/, "ws")}${rpcPath}`, {
		headers: { authorization: `Bearer ${holder.token}` },
	});
	await new Promise<void>((resolve, reject) => {
		socket.addEventListener("open", () => resolve(), { once: true });
		socket.addEventListener("error", () =>
			reject(
				new HolderLostError(
					`Another Afterimage has this library open, but does not answer at ${holder.address}. If it has just stopped, try again; otherwise close it first.`,
				),
			),
		);
	});

	const explain = (error: unknown): unknown =>
		socket.readyState === WebSocket.OPEN || isAnswer(error)
			? error
			: new HolderLostError("The Afterimage that has this library open has closed.", error);
	const link = new RPCLink({
		websocket: socket,
		interceptors: [
			async (options) => {
				try {
					const output = await options.next();
					if (!isEventIterator(output)) return output;
					return mapEventIterator(output, {
						value: async (value) => value,
						error: async (error) => explain(error),
					});
				} catch (error) {
					throw explain(error);
				}
			},
		],
	});
	return {
		client: createORPCClient(link),
		close: () =>
			new Promise((resolve) => {
				if (socket.readyState === WebSocket.CLOSED) return resolve();
				const timer = setTimeout(resolve, closeWithinMs);
				socket.addEventListener("close", () => {
					clearTimeout(timer);
					resolve();
				});
				socket.close();
			}),
	};
}

/** Came from the other side, whatever has happened to the channel since. */
function isAnswer(error: unknown): boolean {
	return error instanceof Error && "code" in error && "defined" in error;
}

function isEventIterator(output: unknown): output is AsyncIterator<unknown, unknown, void> {
	return typeof output === "object" && output !== null && Symbol.asyncIterator in output;
}

/** @file Every way from a client to the engine, opened for one test each. */
import { MessageChannel } from "node:worker_threads";
import { createORPCClient } from "@orpc/client";
import { RPCLink as MessagePortLink } from "@orpc/client/message-port";
import { OpenAPILink } from "@orpc/openapi-client/fetch";
import { createRouterClient } from "@orpc/server";
import { RPCHandler as MessagePortHandler } from "@orpc/server/message-port";
import { contract, type EngineClient } from "../../contract/contract.ts";
import { connectToHolder } from "../../server/engine-client.ts";
import { startServer } from "../../server/start-server.ts";
import type { FakeLibrary } from "../fixtures/fake-library.ts";

export interface Channel {
	client: EngineClient;
	/** The engine's side goes away without a word; null where there is nothing that could break. */
	breakOff: (() => void) | null;
	close(): Promise<void>;
}

export type OpenChannel = (library: FakeLibrary) => Promise<Channel>;

async function inProcess(library: FakeLibrary): Promise<Channel> {
	return {
		client: createRouterClient(library.router),
		breakOff: null,
		close: async () => undefined,
	};
}

async function messagePort(library: FakeLibrary): Promise<Channel> {
	const { port1, port2 } = new MessageChannel();
	new MessagePortHandler(library.router).upgrade(port1);
	const link = new MessagePortLink({ port: port2 });
	port1.start();
	port2.start();
	return {
		client: createORPCClient(link),
		breakOff: () => port1.close(),
		close: async () => port2.close(),
	};
}

function serve(library: FakeLibrary) {
	return startServer({ library, pagePath: "/nowhere", version: "0.0.0", port: 0 });
}

async function webSocket(library: FakeLibrary): Promise<Channel> {
	const server = await serve(library);
	const { client, close } = await connectToHolder(server);
	return {
		client,
		breakOff: () => void server.close(),
		close: async () => {
			await close();
			await server.close();
		},
	};
}

async function http(library: FakeLibrary): Promise<Channel> {
	const server = await serve(library);
	const link = new OpenAPILink(contract, {
		url: `${server.address}/api`,
		headers: { authorization: `Bearer ${server.token}` },
	});
	return {
		client: createORPCClient(link),
		breakOff: () => void server.close(),
		close: () => server.close(),
	};
}

/** By the name that test reports show. */
export const channels: Record<string, OpenChannel> = {
	"in-process": inProcess,
	"message port": messagePort,
	WebSocket: webSocket,
	"OpenAPI over HTTP": http,
};

/** @file The host of the local web page: one WebSocket to the server the page came from. */
import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/websocket";
import type { EngineClient } from "../../contract/contract.ts";
import type { Host } from "./host.ts";
import { SwitchingLink } from "./switching-link.ts";

const firstRetryMs = 250;
const longestRetryMs = 5000;

/** Connects, and connects again whenever the connection breaks, for as long as the page lives. */
export function createWebHost(): Host {
	const link = new SwitchingLink();
	keepConnected(link);
	return {
		client: createORPCClient<EngineClient>(link),
		thumbnailUrl: (id, version) => `/photos/${id}/thumbnail?v=${version}`,
		displayUrl: (id, version) => `/photos/${id}/display?v=${version}`,
		chooseFolder: null,
		onConnection: (listener) => link.onConnection(listener),
	};
}

/**
 * A server that was started again does not know this page any more. Loading the page shows the
 * server's own words on how to get back in, which is better than trying for ever.
 */
async function leaveIfRefused(): Promise<void> {
	try {
		const { status } = await fetch(location.pathname, { cache: "no-store" });
		if (status === 401 || status === 403) location.reload();
	} catch {
		// Nobody is there: the next try comes by itself.
	}
}

function keepConnected(link: SwitchingLink): void {
	let retryMs = firstRetryMs;
	let timer: ReturnType<typeof setTimeout> | undefined;
	let socket: WebSocket | null = null;

	const connect = () => {
		clearTimeout(timer);
		timer = undefined;
		const address = new URL("/rpc", location.href);
		address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
		const attempt = new WebSocket(address);
		socket = attempt;
		// Made before the listeners below: it must hear of the end first, or calls given up because of
		// the end would still be announced to a server that is gone.
		const calls = new RPCLink({ websocket: attempt });
		attempt.addEventListener("open", () => {
			retryMs = firstRetryMs;
			link.use(calls);
		});
		attempt.addEventListener("close", () => {
			if (socket !== attempt) return;
			socket = null;
			link.use(null);
			void leaveIfRefused();
			timer = setTimeout(connect, retryMs);
			retryMs = Math.min(longestRetryMs, retryMs * 2);
		});
	};

	// Somebody who comes back to the page should not wait for the next try.
	document.addEventListener("visibilitychange", () => {
		if (document.visibilityState === "visible" && socket === null) connect();
	});
	connect();
}

/** @file The host of the desktop window: a MessagePort to the engine, handed over by the preload. */
import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/message-port";
import type { EngineClient } from "../../contract/contract.ts";
import type { Host } from "./host.ts";
import { SwitchingLink } from "./switching-link.ts";

/** What the preload script puts on the window. */
export interface DesktopBridge {
	/** The system's folder dialog; null when the person closes it. */
	chooseFolder(): Promise<string | null>;
}

declare global {
	interface Window {
		readonly afterimageDesktop?: DesktopBridge;
	}
}

/** Waits for the port; a later one, after the engine was started again, takes its place. */
export function createDesktopHost(bridge: DesktopBridge): Host {
	const link = new SwitchingLink();
	let current: MessagePort | null = null;

	window.addEventListener("message", (event: MessageEvent<unknown>) => {
		const [port] = event.ports;
		if (event.source !== window || port === undefined || !isPortMessage(event.data)) return;
		current?.close();
		current = port;
		port.addEventListener("close", () => {
			if (current !== port) return;
			current = null;
			link.use(null);
		});
		link.use(new RPCLink({ port }));
		port.start();
	});
	// The preload runs before the page: it hands the port over when it hears this.
	window.postMessage({ type: "afterimage-page-ready" }, "/");

	return {
		client: createORPCClient<EngineClient>(link),
		thumbnailUrl: (id, version) => `photo://thumbnail/${id}?v=${version}`,
		displayUrl: (id, version) => `photo://display/${id}?v=${version}`,
		chooseFolder: () => bridge.chooseFolder(),
		onConnection: (listener) => link.onConnection(listener),
	};
}

function isPortMessage(data: unknown): boolean {
	return (
		typeof data === "object" && data !== null && "type" in data && data.type === "afterimage-port"
	);
}

/**
 * @file Counts connections this process makes to other computers. The promise "everything stays on
 * this computer" is shown with a measured number, not with a constant.
 */
import { subscribe } from "node:diagnostics_channel";
import { isIP, type Socket } from "node:net";
import type { MadeConnection } from "../contract/model-package.ts";

let counting = false;
let connections = 0;

/** Starts counting; later calls change nothing. Connections to this computer itself do not count. */
export function countOutgoingConnections(): void {
	if (counting) return;
	counting = true;
	// Node announces every TCP client socket here, whatever library opened it.
	subscribe("net.client.socket", (message) => {
		const { socket } = message as { socket: Socket };
		socket.once("connect", () => {
			if (!isThisComputer(socket.remoteAddress)) connections += 1;
		});
	});
}

/** How many there were since counting started. */
export function outgoingConnections(): number {
	return connections;
}

/** True for loopback addresses, and for pipes and local sockets, which have no address. */
export function isThisComputer(address: string | undefined): boolean {
	if (address === undefined || isIP(address) === 0) return true;
	const bare = address.startsWith("::ffff:") ? address.slice("::ffff:".length) : address;
	return bare === "::1" || bare.startsWith("127.");
}

const received = new Map<string, MadeConnection>();

/** Notes what a download of the person's got. This computer itself counts here too: it may be a mirror. */
export function recordReceived(host: string, bytes: number, why: string): void {
	const key = `${host}\n${why}`;
	const known = received.get(key);
	received.delete(key);
	const receivedBytes = (known?.receivedBytes ?? 0) + bytes;
	received.set(key, { host, why, receivedBytes, atMs: Date.now() });
}

/** Who sent something and why, the latest last. */
export function madeConnections(): MadeConnection[] {
	return [...received.values()];
}

/** @file Whoever holds a library serves it, so that a second process becomes its client. */
import { pid } from "node:process";
import type { HeldLibrary, Holder } from "../engine/library/library-lock.ts";
import { type RunningServer, type ServerOptions, startServer } from "./start-server.ts";

/**
 * Starts the server and tells other processes where it is. Close the server before releasing the lock.
 * @throws PortUnavailableError when a port was asked for and cannot be had.
 */
export async function serveHolder(
	lock: HeldLibrary,
	options: ServerOptions,
): Promise<RunningServer> {
	const server = await startServer(options);
	try {
		const { address, token } = server;
		await lock.publish({ pid, address, token, version: options.version });
		return server;
	} catch (error) {
		await server.close();
		throw error;
	}
}

/** The page's address of another process's server. */
export function holderPageUrl(holder: Pick<Holder, "address" | "token">): string {
	return `${holder.address}/?token=${holder.token}`;
}

/** @file Getting a port on the loopback interface. */
import type { Server } from "node:http";

/** Tried first when no port is asked for, so that the page's address stays the same where it can. */
const usualPort = 8470;

/** Never anything but loopback: the library is this computer's own. */
export const loopbackAddress = "127.0.0.1";

/** The port that was asked for cannot be had. The message says what to do. */
export class PortUnavailableError extends Error {
	constructor(port: number, code: string | undefined) {
		const why =
			code === "EACCES" ? "may not be used by this account" : "is in use by another program";
		super(`Port ${port} ${why}. Choose another one, or none to get any that is free.`);
		this.name = "PortUnavailableError";
	}
}

/**
 * Starts listening and returns the port.
 * @param port 0 for any free one; undefined for the usual one, or any where that is taken
 * @throws PortUnavailableError when a port that was asked for is taken or not allowed.
 */
export async function listenOnLoopback(server: Server, port: number | undefined): Promise<number> {
	try {
		return await tryPort(server, port ?? usualPort);
	} catch (error) {
		const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
		if (code !== "EADDRINUSE" && code !== "EACCES") throw error;
		if (port === undefined) return tryPort(server, 0);
		throw new PortUnavailableError(port, code);
	}
}

function tryPort(server: Server, port: number): Promise<number> {
	return new Promise((resolve, reject) => {
		server.once("error", reject);
		server.listen({ host: loopbackAddress, port, exclusive: true }, () => {
			server.off("error", reject);
			const bound = server.address();
			if (bound === null || typeof bound === "string") reject(new Error("No port was bound."));
			else resolve(bound.port);
		});
	});
}

import { connect, createServer } from "node:net";
import { expect, test } from "vitest";
import {
	countOutgoingConnections,
	isThisComputer,
	outgoingConnections,
} from "../../engine/outgoing-connections.ts";

test("an address of this computer is told from another one's", () => {
	for (const address of ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1", undefined]) {
		expect(isThisComputer(address)).toBe(true);
	}
	for (const address of ["10.0.0.7", "93.184.216.34", "::ffff:10.1.2.3", "2001:db8::1"]) {
		expect(isThisComputer(address)).toBe(false);
	}
});

test("a connection to this computer itself is not counted", async () => {
	countOutgoingConnections();
	const before = outgoingConnections();
	const server = createServer((socket) => socket.end());
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	if (address === null || typeof address === "string") throw new Error("No port.");
	await new Promise<void>((resolve) => {
		connect(address.port, "127.0.0.1")
			.on("close", () => resolve())
			.resume();
	});
	await new Promise((resolve) => server.close(resolve));
	expect(outgoingConnections()).toBe(before);
});

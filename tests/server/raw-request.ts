/** @file Requests exactly as written: no client library that would tidy the path or the headers. */
import { connect } from "node:net";

export interface RawAnswer {
	status: number;
	/** Lower-case names; of repeated headers the last. */
	headers: Record<string, string>;
	body: string;
}

/** Sends one request to loopback and reads until the server closes the connection. */
export async function sendRaw(
	port: number,
	requestLine: string,
	headers: Record<string, string>,
	body = "",
): Promise<RawAnswer> {
	const all = { Host: `127.0.0.1:${port}`, Connection: "close", ...headers };
	const head = Object.entries(all)
		.filter(([, value]) => value !== "")
		.map(([name, value]) => `${name}: ${value}`);
	const socket = connect({ host: "127.0.0.1", port });
	socket.write([`${requestLine} HTTP/1.1`, ...head, "", body].join("\r\n"));
	const chunks: Buffer[] = [];
	// A switched protocol stays open: what follows its head is not HTTP any more.
	for await (const chunk of socket) {
		chunks.push(chunk);
		if (Buffer.concat(chunks).includes("HTTP/1.1 101 ")) break;
	}
	socket.destroy();
	const text = Buffer.concat(chunks).toString("latin1");
	const [top = "", ...rest] = text.split("\r\n\r\n");
	const [statusLine = "", ...lines] = top.split("\r\n");
	return {
		status: Number(statusLine.split(" ")[1]),
		headers: Object.fromEntries(
			lines.map((line) => {
				const at = line.indexOf(":");
				return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
			}),
		),
		body: rest.join("\r\n\r\n"),
	};
}

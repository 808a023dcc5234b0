/** @file A decoding process that misbehaves when the picture's bytes are the name of a misdeed. */
import "../../engine/decoder/decode-child.ts";
import { isChildRequest } from "../../engine/decoder/child-protocol.ts";

const honest = process.listeners("message");
process.removeAllListeners("message");

function misbehave(misdeed: string): boolean {
	switch (misdeed) {
		case "exit":
			process.exit(0);
			break;
		case "abort":
			process.abort();
			break;
		case "throw":
			setImmediate(() => {
				throw new Error("a defect");
			});
			return true;
		case "hang":
			for (;;);
		case "silence":
			return true;
		case "nonsense":
			process.send?.({ kind: "done", outcome: { kind: "decoded" } });
			return true;
		case "disconnect":
			process.disconnect();
			return true;
		case "fill-heap": {
			const hoard: number[][] = [];
			for (;;) hoard.push(new Array<number>(1_000_000).fill(0.5));
		}
		default:
			return false;
	}
}

process.on("message", (message, handle) => {
	if (!isChildRequest(message)) return;
	const { source } = message;
	const text = "bytes" in source ? Buffer.from(source.bytes).toString() : "";
	if (text === "process id") {
		const outcome = { kind: "failed", reason: "unknown", message: String(process.pid) };
		process.send?.({ kind: "done", outcome, retire: false });
	} else if (!misbehave(text)) for (const listener of honest) listener(message, handle);
});

/** @file Entry of a reading process: reads one picture at a time and ends with its parent. */
import { constants, setPriority } from "node:os";
import { isReadingRequest, type ReadingReply } from "./child-protocol.ts";
import { openReaderNetworks } from "./onnx-networks.ts";
import { loadReaderPackage, verifyReaderPackage } from "./reader-package.ts";
import { type ReaderNetworks, readText } from "./text-reader.ts";

yieldToOthers();

/** Nobody waits for text: searches, indexing and the person's other programs come first. */
function yieldToOthers(): void {
	try {
		setPriority(constants.priority.PRIORITY_LOW);
	} catch {
		// Not allowed here: reading is as urgent as everything else then.
	}
}

let networks: Promise<ReaderNetworks> | null = null;

async function open(packagePath: string): Promise<ReaderNetworks> {
	const reader = loadReaderPackage(packagePath);
	await verifyReaderPackage(reader);
	return openReaderNetworks(reader);
}

function reply(message: ReadingReply): void {
	if (process.connected) process.send?.(message);
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
process.on("message", async (message) => {
	if (!isReadingRequest(message)) return;
	let loaded: ReaderNetworks;
	try {
		networks ??= open(message.packagePath);
		loaded = await networks;
	} catch (error) {
		networks = null;
		reply({ kind: "unusable", message: messageOf(error) });
		return;
	}
	try {
		reply({ kind: "read", lines: await readText(message.picture, loaded) });
	} catch (error) {
		reply({ kind: "failed", message: messageOf(error) });
	}
});

/**
 * @file A process that tries to take a library's lock and says how that went: `node lock-holder.ts FOLDER`.
 * It keeps what it got until it is told to release it, or is killed.
 */
import { acquireLibraryLock } from "../../engine/library/library-lock.ts";

const [, , libraryPath] = process.argv;
if (libraryPath === undefined) throw new Error("which library?");
const lock = await acquireLibraryLock(libraryPath);
if (lock.kind === "taken") {
	process.send?.({ kind: "taken", holder: lock.holder }, () => process.exit(0));
} else {
	await lock.publish({
		pid: process.pid,
		address: "http://127.0.0.1:4000",
		token: "secret",
		version: "0.1.0",
	});
	process.on("message", () => {
		lock.release().then(() => process.send?.({ kind: "released" }, () => process.exit(0)));
	});
	process.send?.({ kind: "held" });
}

/**
 * @file Compiled code, kept for one run of the tests: hundreds of processes are started in it, and
 * without this each compiles the same sources anew, which is half of what a short command takes.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Before all tests; what is returned, after them. */
export default function keepCompiledCode(): () => void {
	const path = mkdtempSync(join(tmpdir(), "afterimage-compiled-"));
	process.env.NODE_COMPILE_CACHE = path;
	return () => rmSync(path, { recursive: true, force: true, maxRetries: 3 });
}

/** @file The optional native library behind HNSW, whose absence is an answer and not a crash. */
import type { HierarchicalNSW } from "hnswlib-node";

/** hnswlib-node is compiled when it is installed, so a machine without a compiler has none. */
export class HnswUnavailableError extends Error {
	constructor(cause: unknown) {
		super("Approximate search is not installed on this computer; exact search serves instead.", {
			cause,
		});
		this.name = "HnswUnavailableError";
	}
}

/** @throws HnswUnavailableError where the library is not installed or does not load. */
export async function loadHnswLibrary(): Promise<typeof HierarchicalNSW> {
	try {
		const library = await import("hnswlib-node");
		return library.default.HierarchicalNSW;
	} catch (error) {
		throw new HnswUnavailableError(error);
	}
}

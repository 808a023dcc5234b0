/** @file A library opened the way a host does it, for measuring. */
import { openLibrary } from "../engine/engine.ts";
import type { OpenLibrary } from "../engine/open-library.ts";

/** Watches nothing; indexes what is added. */
export function openForMeasuring(options: {
	libraryPath: string;
	resourcesPath: string;
}): Promise<OpenLibrary> {
	return openLibrary({ ...options, version: "bench", live: false });
}

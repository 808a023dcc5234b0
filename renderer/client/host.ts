/**
 * @file What a host gives the page. Hosts differ by the functions they provide here, never by
 * conditions in shared components.
 */
import type { EngineClient } from "../../contract/contract.ts";
import type { PhotoId } from "../../contract/ids.ts";

export interface Host {
	readonly client: EngineClient;
	/** A small upright picture; `version` comes with the photo and makes the URL permanent. */
	thumbnailUrl(id: PhotoId, version: number): string;
	/** The photo at full size, in a form browsers show. */
	displayUrl(id: PhotoId, version: number): string;
	/** The system's folder dialog; null where the page must offer its own (`folder.browse`). */
	readonly chooseFolder: (() => Promise<string | null>) | null;
	/**
	 * Calls back with the present state of the connection to the engine and then on every change;
	 * returns a function that stops.
	 */
	onConnection(listener: (connected: boolean) => void): () => void;
}

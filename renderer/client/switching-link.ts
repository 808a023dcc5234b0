/**
 * @file A link to the engine that outlives single connections: calls made in a gap wait shortly for
 * the next connection, calls under way when one breaks are refused as lost.
 */
import type { ClientContext, ClientLink, ClientOptions } from "@orpc/client";
import { ORPCError } from "@orpc/client";
import { ConnectionLost } from "./connection-lost.ts";

type Link = ClientLink<ClientContext>;
type ConnectionListener = (connected: boolean) => void;

/** How long a call waits for a connection before it is refused. */
const patienceMs = 4000;

export class SwitchingLink implements Link {
	#link: Link | null = null;
	readonly #listeners = new Set<ConnectionListener>();

	/** Takes up a new connection, or with null notes that there is none. */
	use(link: Link | null): void {
		this.#link = link;
		for (const listener of this.#listeners) listener(link !== null);
	}

	/** As `Host.onConnection`. */
	onConnection(listener: ConnectionListener): () => void {
		this.#listeners.add(listener);
		listener(this.#link !== null);
		return () => this.#listeners.delete(listener);
	}

	async call(
		path: readonly string[],
		input: unknown,
		options: ClientOptions<ClientContext>,
	): Promise<unknown> {
		const link = this.#link ?? (await this.#nextLink(options.signal));
		try {
			return await link.call(path, input, options);
		} catch (error) {
			if (options.signal?.aborted === true || error instanceof ORPCError) throw error;
			throw link === this.#link ? error : new ConnectionLost();
		}
	}

	#nextLink(signal: AbortSignal | undefined): Promise<Link> {
		return new Promise((resolve, reject) => {
			const finish = () => {
				clearTimeout(timer);
				this.#listeners.delete(listener);
				signal?.removeEventListener("abort", onAbort);
			};
			const listener = () => {
				if (this.#link === null) return;
				finish();
				resolve(this.#link);
			};
			const onAbort = () => {
				finish();
				reject(signal?.reason);
			};
			const timer = setTimeout(() => {
				finish();
				reject(new ConnectionLost());
			}, patienceMs);
			this.#listeners.add(listener);
			signal?.addEventListener("abort", onAbort);
		});
	}
}

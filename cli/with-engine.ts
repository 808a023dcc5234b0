/**
 * @file The engine for one command: opened here, or the one of the process that holds the library.
 * Both are the same client, so that no command knows the difference.
 */
import { setTimeout as delay } from "node:timers/promises";
import { createRouterClient } from "@orpc/server";
import type { EngineClient } from "../contract/contract.ts";
import { openLibrary } from "../engine/engine.ts";
import { prepareLibraryFolder } from "../engine/library/library-folder.ts";
import {
	acquireLibraryLock,
	type HeldLibrary,
	type Holder,
} from "../engine/library/library-lock.ts";
import { findSystemTrash } from "../engine/trash/system-trash.ts";
import {
	connectToHolder,
	type EngineConnection,
	HolderLostError,
} from "../server/engine-client.ts";
import { serveHolder } from "../server/serve-holder.ts";
import type { RunningServer } from "../server/start-server.ts";
import type { CommandContext } from "./command-context.ts";
import { CommandError } from "./failure.ts";
import { whenInterrupted } from "./interruption.ts";
import { remark } from "./terminal.ts";

export interface EngineAccess {
	client: EngineClient;
	/** Ours when this process opened the library, else where the other one is. */
	reachedBy: { kind: "own"; server: RunningServer } | { kind: "other"; holder: Holder };
}

export interface EngineUse {
	/** Keep reading and watching the folders, as opposed to doing one thing. */
	live: boolean;
	/** As `ServerOptions.port`; any free one for commands that only do one thing. */
	port?: number;
	reveal?: (path: string) => Promise<void>;
}

/** How long to wait for a holder that is just starting or just closing. */
const holderPatienceMs = 5000;
const holderRetryMs = 150;

/** How often a command begins anew because the process that served it has ended. */
const mostRestarts = 20;

/**
 * Runs `act` with the engine and closes what was opened for it, also when it fails or is interrupted.
 * Where the engine is another process's and that one ends, `act` runs once more with whoever has the
 * library then: it must keep outside itself what it is not to do twice.
 * @throws whatever `act` throws; Refusal when the library cannot be opened; HolderLostError.
 */
export async function withEngine<Result>(
	context: CommandContext,
	use: EngineUse,
	act: (access: EngineAccess) => Promise<Result>,
): Promise<Result> {
	await prepareLibraryFolder(context.libraryPath);
	for (let restarts = 0; ; restarts++) {
		const found = await findEngine(context);
		if (found.kind === "held") return withOwnEngine(context, use, found, act);
		try {
			return await withHoldersEngine(context, found, act);
		} catch (error) {
			if (!(error instanceof HolderLostError) || restarts === mostRestarts) throw error;
		}
	}
}

async function withOwnEngine<Result>(
	context: CommandContext,
	use: EngineUse,
	lock: HeldLibrary,
	act: (access: EngineAccess) => Promise<Result>,
): Promise<Result> {
	const { libraryPath, debug, installation, signal } = context;
	const { resourcesPath, pagePath, version } = installation;
	await using closing = new AsyncDisposableStack();
	closing.defer(() => lock.release());
	const { live, port, reveal } = use;
	const trash = findSystemTrash();
	const library = await openLibrary({
		libraryPath,
		resourcesPath,
		version,
		live,
		...(reveal && { reveal }),
		...(trash && { trash }),
	});
	closing.defer(() => library.close());
	const server = await serveHolder(lock, {
		library,
		pagePath,
		version,
		...(port !== undefined && { port }),
		onDefect: (error) => {
			if (debug) console.error(error);
			else remark("Something went wrong while answering a client; --debug shows what.");
		},
	});
	closing.defer(() => server.close());
	const client: EngineClient = createRouterClient(library.router);
	const access: EngineAccess = { client, reachedBy: { kind: "own", server } };
	return await Promise.race([act(access), whenInterrupted(signal)]);
}

async function withHoldersEngine<Result>(
	context: CommandContext,
	found: { holder: Holder; connection: EngineConnection },
	act: (access: EngineAccess) => Promise<Result>,
): Promise<Result> {
	const { holder, connection } = found;
	await using closing = new AsyncDisposableStack();
	closing.defer(() => connection.close());
	const access: EngineAccess = {
		client: connection.client,
		reachedBy: { kind: "other", holder },
	};
	return await Promise.race([act(access), whenInterrupted(context.signal)]);
}

/** The lock, or a connection to whoever has it. */
async function findEngine(
	context: CommandContext,
): Promise<HeldLibrary | { kind: "connected"; holder: Holder; connection: EngineConnection }> {
	const giveUpAt = performance.now() + holderPatienceMs;
	for (;;) {
		const lock = await acquireLibraryLock(context.libraryPath);
		if (lock.kind === "held") return lock;
		const late = performance.now() > giveUpAt;
		if (lock.holder !== null) {
			try {
				const connection = await connectToHolder(lock.holder);
				return { kind: "connected", holder: lock.holder, connection };
			} catch (error) {
				if (late || !(error instanceof HolderLostError)) throw error;
			}
		} else if (late) {
			throw new CommandError(
				`Another process has the library ${context.libraryPath} open and does not say where it can be reached. Close it and try again.`,
			);
		}
		await delay(holderRetryMs, undefined, { signal: context.signal }).catch(() =>
			context.signal.throwIfAborted(),
		);
	}
}

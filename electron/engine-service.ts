/** @file The engine's process, seen from inside: answers the main process and serves pages. */
import type { SupportedMessagePort } from "@orpc/client/message-port";
import { createRouterClient } from "@orpc/server";
import { RPCHandler } from "@orpc/server/message-port";
import { assertNever, errorMap, Refusal } from "../contract/errors.ts";
import type { EngineSettings, FromEngine, PictureAnswer, ToEngine } from "./engine-messages.ts";
import type { HeldOrTaken } from "./hold-library.ts";

/** A page's end of the contract, as it arrives. */
export type ClientPort = SupportedMessagePort & { start(): void };

/** The channel to the main process. */
export interface MainChannel {
	send(message: FromEngine): void;
	/** Every message with the ports that came with it. */
	onMessage(listener: (message: ToEngine, ports: readonly ClientPort[]) => void): void;
}

type Hold = (
	settings: EngineSettings,
	reveal: (path: string) => Promise<void>,
) => Promise<HeldOrTaken>;

type Held = Extract<HeldOrTaken, { kind: "held" }>;

/**
 * Serves until `close`. Pages and pictures asked for while the library still opens wait for it.
 * @param end called once everything is closed and said
 */
export function serveEngine(main: MainChannel, hold: Hold, end: () => void): void {
	/** Resolves with null where the library could not be had; the reason has been sent by then. */
	const opening = Promise.withResolvers<Held | null>();
	let begun = false;
	let closing = false;

	async function open(settings: EngineSettings): Promise<void> {
		begun = true;
		try {
			const held = await hold(settings, async (path) => main.send({ kind: "reveal", path }));
			opening.resolve(held.kind === "held" ? held : null);
			if (held.kind === "held") main.send({ kind: "opened" });
			else main.send({ kind: "taken", pageUrl: held.pageUrl });
		} catch (error) {
			opening.resolve(null);
			if (!(error instanceof Refusal)) console.error(error);
			main.send({ kind: "refused", message: sentence(error) });
		}
	}

	async function connect(port: ClientPort | undefined): Promise<void> {
		const held = await opening.promise;
		if (held === null || port === undefined || closing) return;
		new RPCHandler(held.library.router).upgrade(port, { context: {} });
		port.start();
	}

	async function sendPicture(request: Extract<ToEngine, { kind: "picture" }>): Promise<void> {
		const held = await opening.promise;
		const answer = await findPicture(held, request);
		main.send({ kind: "picture", requestId: request.requestId, answer });
	}

	async function addFolders(paths: readonly string[]): Promise<void> {
		const held = await opening.promise;
		if (held === null) return;
		const client = createRouterClient(held.library.router);
		for (const path of paths) {
			try {
				await client.folder.add({ path });
			} catch (error) {
				main.send({ kind: "folder-refused", message: sentence(error) });
			}
		}
	}

	async function close(): Promise<void> {
		if (closing) return;
		closing = true;
		if (begun) {
			const held = await opening.promise;
			await held?.close();
		}
		main.send({ kind: "closed" });
		end();
	}

	main.onMessage((message, ports) => {
		switch (message.kind) {
			case "open":
				return void open(message);
			case "client":
				return void connect(ports[0]);
			case "picture":
				return void sendPicture(message);
			case "add-folders":
				return void addFolders(message.paths);
			case "close":
				return void close();
			default:
				assertNever(message);
		}
	});
}

async function findPicture(
	held: Held | null,
	{ size, id }: Extract<ToEngine, { kind: "picture" }>,
): Promise<PictureAnswer> {
	if (held === null) return { kind: "none", status: 503, message: "No library is open." };
	try {
		const { pictures } = held.library;
		const picture =
			size === "thumbnail" ? await pictures.thumbnail(id) : await pictures.display(id);
		return { kind: "picture", ...picture };
	} catch (error) {
		if (error instanceof Refusal) {
			return { kind: "none", status: errorMap[error.code].status, message: error.message };
		}
		console.error(error);
		return { kind: "none", status: 500, message: "The picture could not be made." };
	}
}

function sentence(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

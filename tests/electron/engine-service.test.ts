/** @file The engine's process from inside: contract over a port, pictures, opening and closing. */
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/message-port";
import { expect, onTestFinished, test, vi } from "vitest";
import type { EngineClient } from "../../contract/contract.ts";
import { Refusal } from "../../contract/errors.ts";
import { photoIdSchema } from "../../contract/ids.ts";
import type { FromEngine, ToEngine } from "../../electron/engine-messages.ts";
import { type ClientPort, serveEngine } from "../../electron/engine-service.ts";
import type { HeldOrTaken } from "../../electron/hold-library.ts";
import { createFakeLibrary } from "../fixtures/fake-library.ts";

const open: ToEngine = {
	kind: "open",
	libraryPath: "/l",
	resourcesPath: "/r",
	pagePath: "/p",
	version: "1",
};
const picture = (requestId: number, id: number): ToEngine => ({
	kind: "picture",
	requestId,
	size: "thumbnail",
	id: photoIdSchema.parse(id),
});

function service(hold: () => Promise<HeldOrTaken>) {
	const sent: FromEngine[] = [];
	let deliver: (message: ToEngine, ports: readonly ClientPort[]) => void = () => undefined;
	const end = vi.fn();
	serveEngine(
		{
			send: (message) => sent.push(message),
			onMessage: (listener) => {
				deliver = listener;
			},
		},
		hold,
		end,
	);
	return {
		sent,
		end,
		tell: (message: ToEngine, port?: MessagePort) => deliver(message, port ? [port] : []),
	};
}

function held(close = async () => undefined): Promise<HeldOrTaken> {
	const library = createFakeLibrary({
		picture: (id) =>
			id === 1
				? { contentType: "image/jpeg", body: { filePath: "/one.jpg" }, immutable: true }
				: undefined,
	});
	return Promise.resolve({ kind: "held", library, close });
}

/** A page's client, connected through `tell`. */
function connect(tell: (message: ToEngine, port: MessagePort) => void): EngineClient {
	const { port1, port2 } = new MessageChannel();
	onTestFinished(() => port1.close());
	tell({ kind: "client" }, port2);
	const client = createORPCClient<EngineClient>(new RPCLink({ port: port1 }));
	port1.start();
	return client;
}

test("a page calls the contract over its own port, also one that came before the library was open", async () => {
	const { tell, sent } = service(held);
	const early = connect(tell);
	const answer = early.library.status();
	tell(open);
	expect((await answer).photos).toBeTypeOf("number");
	const late = connect(tell);
	expect(await late.folder.list()).toBeInstanceOf(Array);
	expect(sent).toEqual([{ kind: "opened" }]);
});

test("pictures are answered with a file, and unknown ones with a status", async () => {
	const { tell, sent } = service(held);
	tell(picture(1, 1));
	tell(picture(2, 2));
	tell(open);
	await expect.poll(() => sent).toHaveLength(3);
	expect(sent).toContainEqual({
		kind: "picture",
		requestId: 1,
		answer: {
			kind: "picture",
			contentType: "image/jpeg",
			body: { filePath: "/one.jpg" },
			immutable: true,
		},
	});
	expect(sent).toContainEqual({
		kind: "picture",
		requestId: 2,
		answer: expect.objectContaining({ kind: "none", status: 404 }),
	});
});

test("a library that is taken or refused is said, and what waited for it is answered", async () => {
	const pageUrl = "http://127.0.0.1:1/?token=t";
	const taken = service(async () => ({ kind: "taken", pageUrl }));
	taken.tell(picture(1, 1));
	taken.tell(open);
	await expect.poll(() => taken.sent).toHaveLength(2);
	expect(taken.sent).toContainEqual({ kind: "taken", pageUrl });
	expect(taken.sent).toContainEqual(
		expect.objectContaining({ answer: expect.objectContaining({ status: 503 }) }),
	);

	const refused = service(async () => {
		throw new Refusal("LIBRARY_UNUSABLE", "This library is newer.");
	});
	refused.tell(open);
	await expect
		.poll(() => refused.sent)
		.toEqual([{ kind: "refused", message: "This library is newer." }]);
});

test("closing waits for an opening under way, closes once, says so, then ends", async () => {
	const order: string[] = [];
	const { tell, sent, end } = service(() =>
		held(async () => {
			order.push("closed");
			return undefined;
		}),
	);
	end.mockImplementation(() => order.push("ended"));
	tell(open);
	tell({ kind: "close" });
	tell({ kind: "close" });
	await expect.poll(() => end).toHaveBeenCalledOnce();
	expect(order).toEqual(["closed", "ended"]);
	expect(sent.filter(({ kind }) => kind === "closed")).toHaveLength(1);
});

test("closing before anything was opened ends at once", async () => {
	const { tell, sent, end } = service(() => expect.fail("opened"));
	tell({ kind: "close" });
	await expect.poll(() => end).toHaveBeenCalledOnce();
	expect(sent).toEqual([{ kind: "closed" }]);
});

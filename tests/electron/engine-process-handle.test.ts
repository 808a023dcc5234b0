/** @file The engine's process as the main process sees it: pictures, crashes, closing. */
import type { MessagePortMain, UtilityProcess } from "electron";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { photoIdSchema } from "../../contract/ids.ts";
import {
	crashWindowMs,
	EngineProcessHandle,
	mostCrashes,
} from "../../electron/engine-process-handle.ts";
import { FakePort, FakeUtilityProcess } from "./fake-electron.ts";

const settings = { libraryPath: "/l", resourcesPath: "/r", pagePath: "/p", version: "1" };
const id = photoIdSchema.parse(7);

let processes: FakeUtilityProcess[] = [];

beforeEach(() => {
	processes = [];
	vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

function engine() {
	const events = {
		onTaken: vi.fn(),
		onRefused: vi.fn(),
		onFolderRefused: vi.fn(),
		onReveal: vi.fn(),
		onRestarted: vi.fn(),
		onGivenUp: vi.fn(),
	};
	const handle = new EngineProcessHandle(
		() => {
			const process = new FakeUtilityProcess();
			processes.push(process);
			return process as unknown as UtilityProcess;
		},
		settings,
		events,
	);
	handle.start();
	return { handle, events };
}

function latest(): FakeUtilityProcess {
	const process = processes.at(-1);
	if (process === undefined) throw new Error("Nothing was started.");
	return process;
}

test("answers reach the questions they belong to, in whatever order", async () => {
	const { handle } = engine();
	const first = handle.picture("thumbnail", id);
	const second = handle.picture("display", id);
	const none = (message: string) => ({ kind: "none", status: 404, message });
	latest().emit("message", { kind: "picture", requestId: 2, answer: none("second") });
	latest().emit("message", { kind: "picture", requestId: 1, answer: none("first") });
	expect(await first).toEqual(none("first"));
	expect(await second).toEqual(none("second"));
});

test("pictures asked for when the engine dies are answered, and later ones by the next engine", async () => {
	const { handle, events } = engine();
	const lost = handle.picture("thumbnail", id);
	latest().emit("exit", 1);
	expect(await lost).toMatchObject({ kind: "none", status: 503 });
	expect(events.onRestarted).toHaveBeenCalledOnce();
	const answer = { kind: "none", status: 404, message: "" };
	const next = handle.picture("thumbnail", id);
	latest().emit("message", { kind: "picture", requestId: 2, answer });
	expect(await next).toEqual(answer);
});

test("more crashes than allowed within the window end it", async () => {
	const { handle, events } = engine();
	for (let crash = 0; crash <= mostCrashes; crash += 1) latest().emit("exit", 1);
	expect(processes).toHaveLength(mostCrashes + 1);
	expect(events.onGivenUp).toHaveBeenCalledOnce();
	expect(await handle.picture("thumbnail", id)).toMatchObject({ status: 503 });
	const port = new FakePort();
	handle.connect(port as unknown as MessagePortMain);
	expect(port.closed).toBe(true);
	await handle.close();
});

test("crashes long past are forgiven", () => {
	const { events } = engine();
	for (let crash = 0; crash < mostCrashes * 3; crash += 1) {
		latest().emit("exit", 1);
		vi.advanceTimersByTime(crashWindowMs);
	}
	expect(events.onGivenUp).not.toHaveBeenCalled();
	expect(events.onRestarted).toHaveBeenCalledTimes(mostCrashes * 3);
});

test("closing asks first, waits for the end, and starts nothing again", async () => {
	const { handle, events } = engine();
	let closed = false;
	const closing = handle.close().then(() => {
		closed = true;
	});
	const again = handle.close();
	expect(latest().kinds()).toEqual(["open", "close"]);
	await vi.advanceTimersByTimeAsync(1000);
	expect(closed).toBe(false);
	latest().emit("exit", 0);
	await Promise.all([closing, again]);
	expect(latest().killed).toBe(false);
	expect(processes).toHaveLength(1);
	expect(events.onRestarted).not.toHaveBeenCalled();
});

test("an engine that does not close in time is ended", async () => {
	const { handle } = engine();
	const closing = handle.close();
	await vi.advanceTimersByTimeAsync(60_000);
	await closing;
	expect(latest().killed).toBe(true);
});

test("closing before starting needs no process", async () => {
	const handle = new EngineProcessHandle(() => expect.fail("started"), settings, {
		onTaken: vi.fn(),
		onRefused: vi.fn(),
		onFolderRefused: vi.fn(),
		onReveal: vi.fn(),
		onRestarted: vi.fn(),
		onGivenUp: vi.fn(),
	});
	await handle.close();
	handle.start();
	expect(processes).toEqual([]);
});

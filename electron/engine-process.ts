/** @file Entry of the utility process that is the engine: plain Node, with a channel to its parent. */
import type { MessagePortMain } from "electron";
import type { ToEngine } from "./engine-messages.ts";
import { serveEngine } from "./engine-service.ts";
import { holdLibrary } from "./hold-library.ts";

const parent = process.parentPort;

serveEngine(
	{
		send: (message) => parent.postMessage(message),
		onMessage: (listener) =>
			parent.on("message", (event: { data: ToEngine; ports: MessagePortMain[] }) =>
				listener(event.data, event.ports),
			),
	},
	holdLibrary,
	() => process.exit(0),
);

/** @file The library's state and its doctor, and the encoder's state. */
import type { LibraryStatus } from "../../contract/library.ts";
import type { DualEncoder } from "../encoder/dual-encoder.ts";
import { type CheckParts, checkLibrary } from "../library/check-library.ts";
import type { EventHub } from "./event-hub.ts";
import { implementer } from "./implementer.ts";

export function libraryHandlers(parts: { status(): Promise<LibraryStatus>; check: CheckParts }) {
	return {
		status: implementer.library.status.handler(() => parts.status()),
		check: implementer.library.check.handler(({ input }) =>
			checkLibrary(parts.check, input.repair),
		),
	};
}

export function modelHandlers(parts: { encoder: DualEncoder; events: EventHub }) {
	const { encoder, events } = parts;
	return {
		encoder: implementer.model.encoder.handler(() => encoder.status()),
		probe: implementer.model.probe.handler(async () => {
			const status = await encoder.probe();
			events.modelsChanged();
			return status;
		}),
	};
}

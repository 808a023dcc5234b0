/** @file The encoder's state; the models that can be installed. */
import type { DualEncoder } from "../encoder/dual-encoder.ts";
import type { Models } from "../models/models.ts";
import type { EventHub } from "./event-hub.ts";
import { implementer } from "./implementer.ts";

export function modelHandlers(parts: { encoder: DualEncoder; models: Models; events: EventHub }) {
	const { encoder, models, events } = parts;
	const { model } = implementer;
	return {
		encoder: model.encoder.handler(() => encoder.status()),
		probe: model.probe.handler(async () => {
			const status = await encoder.probe();
			events.modelsChanged();
			return status;
		}),
		list: model.list.handler(() => models.list()),
		lookUp: model.lookUp.handler(({ input, signal }) => models.lookUp(input.id, signal)),
		install: model.install.handler(({ input, signal }) => models.install(input.id, signal)),
		cancel: model.cancel.handler(({ input }) => models.cancel(input.id)),
		installFolder: model.installFolder.handler(async ({ input }) => ({
			id: await models.installFolder(input.path),
		})),
		remove: model.remove.handler(async ({ input }) => ({
			freedBytes: await models.remove(input.id),
		})),
		setMirror: model.setMirror.handler(({ input }) => models.setMirror(input.mirror)),
	};
}

/** @file The encoder's state; the models that can be installed. */

import { agreeingProviders } from "../../contract/agreeing-providers.ts";
import { Refusal } from "../../contract/errors.ts";
import type { CurrentSide } from "../encoder-change/current-side.ts";
import type { EncoderPlaceChoice } from "../encoder-change/encoder-place.ts";
import type { SearchSide } from "../encoder-change/search-side.ts";
import type { Models } from "../models/models.ts";
import type { EventHub } from "./event-hub.ts";
import { implementer } from "./implementer.ts";

export function modelHandlers(parts: {
	sides: CurrentSide<SearchSide>;
	models: Models;
	place: EncoderPlaceChoice;
	events: EventHub;
}) {
	const { sides, models, place, events } = parts;
	const { model } = implementer;
	return {
		encoder: model.encoder.handler(() => sides.now.encoder.status()),
		probe: model.probe.handler(async () => {
			const status = await sides.use(({ encoder }) => encoder.probe());
			events.modelsChanged();
			return status;
		}),
		choosePlace: model.choosePlace.handler(async ({ input }) => {
			const wanted = input.place;
			const { title, trials } = sides.now.encoder.status();
			if (wanted !== "auto" && wanted !== "cpu" && !agreeingProviders(trials).includes(wanted)) {
				throw new Refusal(
					"NOT_SUPPORTED",
					`${title} was not found to run rightly on ${wanted} here. Measure where it can run, then choose again.`,
				);
			}
			await place.change(wanted);
			const status = await sides.use(({ encoder }) => encoder.goToPlace());
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

/** @file Text in pictures: the switch, how far reading it has come, what was read in a photo. */
import { Refusal } from "../../contract/errors.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { TextReading } from "../recognition/text-reading.ts";
import { implementer } from "./implementer.ts";

export function recognitionHandlers(parts: { catalogue: Catalogue; textReading: TextReading }) {
	const { catalogue, textReading } = parts;
	return {
		status: implementer.recognition.status.handler(() => textReading.status()),
		change: implementer.recognition.change.handler(async ({ input }) => {
			await textReading.change(input.enabled);
			return textReading.status();
		}),
		start: implementer.recognition.start.handler(() => {
			textReading.start();
			return textReading.status();
		}),
		ofPhoto: implementer.recognition.ofPhoto.handler(async ({ input }) => {
			if ((await catalogue.photos.get(input.id)) === undefined) {
				throw new Refusal("PHOTO_NOT_FOUND");
			}
			return textReading.ofPhoto(input.id);
		}),
	};
}

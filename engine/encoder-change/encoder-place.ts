/** @file Where the person wants the encoder to run, as the library remembers it. */
import { type EncoderPlace, encoderPlaceSchema } from "../../contract/model.ts";
import type { SettingTable } from "../catalogue/catalogue.ts";

const placeSetting = "encoder-place";

/** One choice for every encoder of the library; each asks for it before each batch. */
export class EncoderPlaceChoice {
	readonly #settings: SettingTable;
	#now: EncoderPlace;

	private constructor(settings: SettingTable, now: EncoderPlace) {
		this.#settings = settings;
		this.#now = now;
	}

	static async open(settings: SettingTable): Promise<EncoderPlaceChoice> {
		const stored = await settings.get(placeSetting);
		return new EncoderPlaceChoice(settings, encoderPlaceSchema.catch("auto").parse(stored));
	}

	get now(): EncoderPlace {
		return this.#now;
	}

	async change(place: EncoderPlace): Promise<void> {
		await this.#settings.set(placeSetting, place === "auto" ? undefined : place);
		this.#now = place;
	}
}

/** @file Which encoder was chosen and which is coming, as the library remembers it. */
import { z } from "zod";
import { type ModelId, modelIdSchema } from "../../contract/model-package.ts";
import type { SettingTable } from "../catalogue/catalogue.ts";

const chosenSetting = "search-encoder";
const comingSetting = "coming-encoder";
const knownSetting = "known-encoders";

const chosenSchema = z.object({ model: modelIdSchema, title: z.string() });
const comingSchema = chosenSchema.extend({ paused: z.boolean() });
const knownSchema = z.record(z.string(), chosenSchema);

/** An encoder by name; whether its package is still there is another matter. */
export type NamedEncoder = z.infer<typeof chosenSchema>;
export type ComingChoice = z.infer<typeof comingSchema>;

/** Small rows of the catalogue, so that they change together with nothing half done. */
export class EncoderChoice {
	readonly #settings: SettingTable;

	constructor(settings: SettingTable) {
		this.#settings = settings;
	}

	/** What searches; null while nothing but the bundled encoder was ever chosen. */
	async chosen(): Promise<NamedEncoder | null> {
		return chosenSchema
			.nullable()
			.catch(null)
			.parse((await this.#settings.get(chosenSetting)) ?? null);
	}

	async coming(): Promise<ComingChoice | null> {
		return comingSchema
			.nullable()
			.catch(null)
			.parse((await this.#settings.get(comingSetting)) ?? null);
	}

	/** Null ends the change. */
	async setComing(coming: ComingChoice | null): Promise<void> {
		await this.#settings.set(comingSetting, coming ?? undefined);
	}

	/** The change is complete: one write, after which the library opens with the new one. */
	async change(model: ModelId, title: string): Promise<void> {
		await this.#settings.setTogether({
			[chosenSetting]: { model, title },
			[comingSetting]: undefined,
		});
	}

	/** Who made the embeddings under each key. */
	async known(): Promise<Map<string, NamedEncoder>> {
		const stored = (await this.#settings.get(knownSetting)) ?? {};
		return new Map(Object.entries(knownSchema.catch({}).parse(stored)));
	}

	async remember(key: string, encoder: NamedEncoder): Promise<void> {
		const known = await this.known();
		const before = known.get(key);
		if (before?.model === encoder.model && before.title === encoder.title) return;
		known.set(key, encoder);
		await this.#settings.set(knownSetting, Object.fromEntries(known));
	}
}

/** @file How fast each model drew last on this computer, remembered over restarts. */
import { availableParallelism, cpus } from "node:os";
import { z } from "zod";
import type { Catalogue } from "../catalogue/catalogue.ts";

export const paceSchema = z.object({ loadSeconds: z.number(), stepSeconds: z.number() });
export type Pace = z.infer<typeof paceSchema>;

/** Name of the remembered figures. */
const pacesSetting = "drawings.paces";
const rememberedSchema = z.object({
	computer: z.string(),
	paces: z.record(z.string(), paceSchema),
});

/** A library may be carried to another computer, where other figures hold. */
const thisComputer = () => `${cpus()[0]?.model ?? "unknown"}, ${availableParallelism()}`;

export class Paces {
	readonly #settings: Pick<Catalogue["settings"], "set">;
	readonly #computer: string;
	readonly #known: Map<string, Pace>;

	private constructor(
		settings: Pick<Catalogue["settings"], "set">,
		computer: string,
		known: Map<string, Pace>,
	) {
		this.#settings = settings;
		this.#computer = computer;
		this.#known = known;
	}

	/** @param computer what tells this computer from others */
	static async open(
		settings: Pick<Catalogue["settings"], "get" | "set">,
		computer = thisComputer(),
	): Promise<Paces> {
		const { data } = rememberedSchema.safeParse(await settings.get(pacesSetting));
		const known = data?.computer === computer ? Object.entries(data.paces) : [];
		return new Paces(settings, computer, new Map(known));
	}

	/** @param model a name that no other model has */
	of(model: string): Pace | null {
		return this.#known.get(model) ?? null;
	}

	learn(model: string, pace: Pace): void {
		this.#known.set(model, pace);
		const remembered = { computer: this.#computer, paces: Object.fromEntries(this.#known) };
		// What cannot be written now is measured again next time.
		this.#settings.set(pacesSetting, remembered).catch(() => undefined);
	}
}

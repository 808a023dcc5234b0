/** @file Which commit of a repository was looked up, so that a download brings just that. */
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { ModelId } from "../../contract/model-package.ts";
import { replaceFile } from "../library/replace-file.ts";
import { type CatalogueEntry, catalogueFileSchema } from "./model-catalogue.ts";

const pinSchema = z.object({
	format: z.literal(1),
	repository: z.string(),
	/** The full commit. */
	revision: z.string().regex(/^[0-9a-f]{40}$/),
	/** Who said so. */
	host: z.string(),
	/** As the hub has it. */
	licence: z.string().nullable(),
	lookedUpAtMs: z.number(),
	files: z.array(catalogueFileSchema).min(1),
});
/** What a look-up found, remembered in the models' folder. */
export type Pin = z.infer<typeof pinSchema>;

export class Pins {
	readonly #path: string;

	/** @param modelsPath the folder of installed models. */
	constructor(modelsPath: string) {
		this.#path = join(modelsPath, ".pins");
	}

	/** Null where nothing was looked up, or it was another repository's. */
	async find({ id, repository }: CatalogueEntry): Promise<Pin | null> {
		try {
			const pin = pinSchema.parse(JSON.parse(await readFile(this.#fileOf(id), "utf8")));
			return pin.repository === repository ? pin : null;
		} catch {
			return null;
		}
	}

	async keep(id: ModelId, pin: Pin): Promise<void> {
		await mkdir(this.#path, { recursive: true });
		await replaceFile(this.#fileOf(id), `${JSON.stringify(pin, null, "\t")}\n`);
	}

	async forget(id: ModelId): Promise<void> {
		await rm(this.#fileOf(id), { force: true });
	}

	#fileOf(id: ModelId): string {
		return join(this.#path, `${id}.json`);
	}
}

/** The entry with what the pin adds. */
export function pinned(entry: CatalogueEntry, pin: Pin | null): CatalogueEntry {
	return pin === null ? entry : { ...entry, revision: pin.revision, files: pin.files };
}

/** @file `model.json` of the small drawing networks that come with the app. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { Refusal } from "../../contract/errors.ts";

/** @throws Refusal MODEL_UNAVAILABLE naming the file, and the field where one is at fault. */
export function readPackageManifest<Schema extends z.ZodType>(
	folder: string,
	schema: Schema,
): z.infer<Schema> {
	const path = join(folder, "model.json");
	let value: unknown;
	try {
		value = JSON.parse(readFileSync(path, "utf8"));
	} catch {
		throw new Refusal(
			"MODEL_UNAVAILABLE",
			`${path} is missing or damaged. Install the model again.`,
			{ path },
		);
	}
	const manifest = schema.safeParse(value);
	if (manifest.success) return manifest.data;
	const field = manifest.error.issues[0]?.path.join(".") ?? "";
	throw new Refusal("MODEL_UNAVAILABLE", `${path} cannot be used: ${field}.`, { path, field });
}

/** A network draws what one autoencoder shows, from what one encoder says. */
interface TrainedFor {
	readonly id: string;
	readonly encoder: string;
	readonly autoencoder: string;
}

/** @throws Refusal MODEL_UNAVAILABLE when the network was trained for another encoder or autoencoder. */
export function checkTrainedFor(
	network: TrainedFor,
	{ encoder, autoencoder }: { encoder: string; autoencoder: string },
): void {
	if (network.encoder === encoder && network.autoencoder === autoencoder) return;
	throw new Refusal(
		"MODEL_UNAVAILABLE",
		`${network.id} was trained for ${network.encoder} and ${network.autoencoder}; here are ${encoder} and ${autoencoder}. Install Afterimage again.`,
	);
}

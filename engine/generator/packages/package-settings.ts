/** @file An installed package's JSON files, read with refusals that name file and field. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { Refusal } from "../../../contract/errors.ts";

/**
 * @param name relative to the folder, with forward slashes
 * @param missing what a file that is not there would say; left out, there has to be one
 * @throws Refusal MODEL_UNAVAILABLE naming the file, and the field this version does not know.
 */
export function readConfig<Schema extends z.ZodType>(
	folder: string,
	name: string,
	schema: Schema,
	missing?: unknown,
): z.infer<Schema> {
	const path = join(folder, ...name.split("/"));
	const value = missing !== undefined && !existsSync(path) ? missing : readJson(path);
	const config = schema.safeParse(value);
	if (config.success) return config.data;
	const field = config.error.issues[0]?.path.join(".") || "(root)";
	throw unusable(path, `its ${field} is not what this version knows`, field);
}

/** Python writes infinities into JSON, which JSON does not know; no setting read here is one. */
const infinities = /(?<=[:,[]\s*)(-?Infinity|NaN)(?=\s*[,}\]])/g;

/** @throws Refusal MODEL_UNAVAILABLE where there is no such file, or no JSON in it. */
export function readJson(path: string): unknown {
	try {
		return JSON.parse(readFileSync(path, "utf8").replaceAll(infinities, "null"));
	} catch {
		throw unusable(path, existsSync(path) ? "it is damaged: it is not JSON" : "it is missing");
	}
}

export function unusable(path: string, reason: string, field?: string): Refusal {
	return new Refusal("MODEL_UNAVAILABLE", `The model cannot be used: ${path}: ${reason}.`, {
		path,
		...(field !== undefined && { field }),
	});
}

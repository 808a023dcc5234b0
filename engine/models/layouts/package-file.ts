/** @file A package's JSON files, read with refusals that name file and field. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod";
import { Refusal } from "../../../contract/errors.ts";

/** A JSON file of a package that was found and understood. */
export interface PackageFile<Value> {
	/** Relative to the package, with forward slashes. */
	name: string;
	value: Value;
}

/**
 * The first of several places where exports put the same thing; null where none is there.
 * @throws Refusal MODEL_DAMAGED where it is not JSON or a field is not what it should be.
 */
export async function readPackageFile<Schema extends z.ZodType>(
	folder: string,
	names: readonly string[],
	schema: Schema,
): Promise<PackageFile<z.infer<Schema>> | null> {
	for (const name of names) {
		const path = join(folder, name);
		const text = await readFile(path, "utf8").catch((error: unknown) => {
			if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
			throw error;
		});
		if (text === null) continue;
		let json: unknown;
		try {
			json = JSON.parse(text);
		} catch {
			throw new Refusal("MODEL_DAMAGED", `${name} is damaged: it is not JSON.`, { path });
		}
		const parsed = schema.safeParse(json);
		if (parsed.success) return { name, value: parsed.data };
		const issue = parsed.error.issues[0];
		throw unusable(folder, name, issue?.path.join(".") || "(root)", issue?.message ?? "not usable");
	}
	return null;
}

/** A refusal that names a field of a file of the package. */
export function unusable(folder: string, name: string, field: string, reason: string): Refusal {
	return new Refusal("MODEL_DAMAGED", `${name} cannot be used: ${field}: ${reason}.`, {
		path: join(folder, name),
		field,
	});
}

/** A refusal for a file that is not there. */
export function missingFile(folder: string, name: string, why: string): Refusal {
	return new Refusal("MODEL_DAMAGED", `${name} is missing. ${why}`, { path: join(folder, name) });
}

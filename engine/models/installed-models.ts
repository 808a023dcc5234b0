/** @file What is installed, read at once: for those who ask when something is chosen, not while it is listed. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type InstalledModel, installedModelSchema, recordFile } from "./model-store.ts";

/** Every whole package in the folder of installed models; none where there is no such folder. */
export function readInstalledModels(modelsPath: string): InstalledModel[] {
	let names: string[];
	try {
		names = readdirSync(modelsPath);
	} catch {
		return [];
	}
	return names
		.filter((name) => !name.startsWith("."))
		.toSorted()
		.flatMap((name) => {
			try {
				const text = readFileSync(join(modelsPath, name, recordFile), "utf8");
				const record = installedModelSchema.parse(JSON.parse(text));
				return record.id === name ? record : [];
			} catch {
				return [];
			}
		});
}

/** @file A catalogue in a temporary folder. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Catalogue } from "../../engine/catalogue/catalogue.ts";
import { openCatalogue } from "../../engine/catalogue/open-catalogue.ts";

/** A folder that goes away with the test. */
export function temporaryFolder(): string {
	const path = mkdtempSync(join(tmpdir(), "afterimage-catalogue-"));
	onTestFinished(() => rmSync(path, { recursive: true, force: true }));
	return path;
}

/** An empty catalogue that is closed with the test. */
export async function newCatalogue(): Promise<{ catalogue: Catalogue; filePath: string }> {
	const filePath = join(temporaryFolder(), "catalogue.sqlite");
	const catalogue = await openCatalogue(filePath);
	onTestFinished(() => catalogue.close());
	return { catalogue, filePath };
}

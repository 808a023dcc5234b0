/** @file Labels to a file of the person's, and back. */
import type { EngineClient } from "../../contract/contract.ts";
import type { LabelId } from "../../contract/ids.ts";

/** Hands over a file with the labels named, or all own ones. Throws the engine's refusal. */
export async function exportLabels(
	client: EngineClient,
	ids: readonly LabelId[] | null,
	fileName: string,
): Promise<number> {
	const document = await client.label.export(ids === null ? {} : { ids: [...ids] });
	handOver(`${JSON.stringify(document, null, "\t")}\n`, "application/json", fileName);
	return document.labels.length;
}

/** Hands over all tags of the library as a table. Throws the engine's refusal. */
export async function exportTagTable(client: EngineClient, fileName: string): Promise<void> {
	const pieces: string[] = [];
	for await (const piece of await client.tag.csv({})) pieces.push(piece);
	handOver(pieces.join(""), "text/csv", fileName);
}

/** What is in a file of labels, as far as it is JSON. Null where it is not. */
export async function readLabelFile(file: File): Promise<unknown> {
	try {
		return JSON.parse(await file.text());
	} catch {
		return null;
	}
}

function handOver(text: string, type: string, fileName: string): void {
	const link = document.createElement("a");
	link.href = URL.createObjectURL(new Blob([text], { type }));
	link.download = fileName.replaceAll(/[/\\:*?"<>|]/g, "-");
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

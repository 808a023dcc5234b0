/** @file Dropping and pasting a picture the way a browser tells the page of it. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Page } from "playwright-core";

/** Lets a file from the disk arrive in the middle of the page by a drop, or from the clipboard. */
export async function handOver(page: Page, by: "drop" | "paste", filePath: string): Promise<void> {
	const picture = {
		name: basename(filePath),
		bytes: readFileSync(filePath).toString("base64"),
		by,
	};
	await page.evaluate(({ name, bytes, by }) => {
		const content = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
		const data = new DataTransfer();
		data.items.add(new File([content], name, { type: "image/jpeg" }));
		const target = document.querySelector("main") ?? document.body;
		const options = { bubbles: true, cancelable: true };
		if (by === "paste") {
			target.dispatchEvent(new ClipboardEvent("paste", { ...options, clipboardData: data }));
			return;
		}
		for (const type of ["dragenter", "dragover", "drop"]) {
			target.dispatchEvent(new DragEvent(type, { ...options, dataTransfer: data }));
		}
	}, picture);
}

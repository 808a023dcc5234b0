/** @file The 64 prompts drawings are judged by: in the training captions' style, and none of them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export function readDrawingPrompts(): string[] {
	return readFileSync(join(import.meta.dirname, "prompts.txt"), "utf8")
		.trim()
		.split("\n");
}

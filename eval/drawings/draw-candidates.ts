/**
 * @file Draws every prompt several times, as a person would who asks for candidates, and keeps the one the
 * encoder likes best. What is drawn is kept in a folder and not drawn again: a long run can be done in parts.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { z } from "zod";
import type { PictureGenerator } from "../../engine/generator/picture-generator.ts";

const drawnSchema = z.object({
	prompt: z.string(),
	/** Of the picture that is kept. */
	seed: z.number(),
	/** Of all candidates, by seed from 1. */
	similarities: z.array(z.number()),
	/** Of one candidate on average, the process's start included. */
	seconds: z.number(),
	/** The most any drawing process held; null where the system does not say. */
	peakMemoryBytes: z.number().nullable(),
});
export type Drawn = z.infer<typeof drawnSchema> & { path: string };

export interface DrawingPart {
	/** Tells the id of each drawing process to whoever set `onStart`. */
	generator: PictureGenerator;
	processId(): number | null;
}

/** The kept pictures in the prompts' order; null for those a run in parts has not come to yet. */
export async function drawCandidates(
	prompts: readonly string[],
	folder: string,
	candidates: number,
	part: DrawingPart,
): Promise<(Drawn | null)[]> {
	const drawn: (Drawn | null)[] = [];
	for (const [at, prompt] of prompts.entries()) {
		const stem = join(folder, String(at + 1).padStart(2, "0"));
		drawn.push(readDrawn(stem, prompt) ?? (await drawOne(prompt, stem, candidates, part)));
	}
	return drawn;
}

/** What is in the folder already. */
export function readDrawn(stem: string, prompt: string): Drawn | null {
	if (!existsSync(`${stem}.json`)) return null;
	const record = drawnSchema.parse(JSON.parse(readFileSync(`${stem}.json`, "utf8")));
	return record.prompt === prompt ? { ...record, path: `${stem}.png` } : null;
}

async function drawOne(
	prompt: string,
	stem: string,
	candidates: number,
	{ generator, processId }: DrawingPart,
): Promise<Drawn> {
	const { size, steps } = generator.description;
	const startedAt = performance.now();
	const similarities: number[] = [];
	let peakMemoryBytes: number | null = null;
	let best = -2;
	for (let seed = 1; seed <= candidates; seed++) {
		const drawing = generator.generate({
			prompts: [{ text: prompt, weight: 1 }],
			seed,
			...size,
			steps: steps.default,
			start: null,
			palette: [],
			mask: null,
		});
		for await (const event of drawing) {
			const id = processId();
			const held = id === null ? null : peakOf(id);
			if (held !== null) peakMemoryBytes = Math.max(peakMemoryBytes ?? 0, held);
			if (event.kind !== "done") continue;
			const similarity = event.similarity ?? -1;
			similarities.push(similarity);
			if (similarity <= best) continue;
			best = similarity;
			const { width, height, pixels } = event.picture;
			await sharp(pixels, { raw: { width, height, channels: 3 } }).toFile(`${stem}.png`);
		}
	}
	const seconds = (performance.now() - startedAt) / 1000 / candidates;
	const seed = 1 + similarities.indexOf(best);
	const record = { prompt, seed, similarities, seconds, peakMemoryBytes };
	writeFileSync(`${stem}.json`, JSON.stringify(record));
	console.error(`${prompt}: ${best.toFixed(3)}, ${seconds.toFixed(1)} s a candidate`);
	return { ...record, path: `${stem}.png` };
}

/** The most resident memory a process has held so far, as Linux tells it. */
function peakOf(processId: number): number | null {
	try {
		const status = readFileSync(`/proc/${processId}/status`, "utf8");
		const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
		return kilobytes === undefined ? null : Number(kilobytes) * 1024;
	} catch {
		return null;
	}
}

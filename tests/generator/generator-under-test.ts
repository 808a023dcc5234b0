/** @file One generator for a file of tests, what it was asked, and a folder; both go with the last test. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { Refusal } from "../../contract/errors.ts";
import type {
	GenerationDone,
	GenerationSettings,
	PictureGenerator,
} from "../../engine/generator/picture-generator.ts";
import type { ProcessOptions } from "../../engine/generator/process/process-generator.ts";
import { wholeDrawing } from "./whole-drawing.ts";

export interface GeneratorUnderTest {
	readonly generator: PictureGenerator;
	/** For what tests write. */
	readonly folder: string;
	/** Ids of the processes that drew, oldest first. */
	readonly started: readonly number[];
	/** The settings with these changes, drawn to the end; by another generator where one is given. */
	draw(changes?: Partial<GenerationSettings>, by?: PictureGenerator): Promise<GenerationDone>;
	/** Why they are refused. @throws Error when they are not */
	refusalOf(changes: Partial<GenerationSettings>): Promise<Refusal>;
}

/** @param settings the smallest picture that is worth asking for */
export function generatorUnderTest(
	create: (options: ProcessOptions) => PictureGenerator,
	settings: GenerationSettings,
): GeneratorUnderTest {
	const started: number[] = [];
	const generator = create({ threads: 1, onStart: (id) => started.push(id) });
	const folder = mkdtempSync(join(tmpdir(), "afterimage-generator-"));
	afterAll(async () => {
		await generator.close();
		rmSync(folder, { recursive: true });
	});
	const draw: GeneratorUnderTest["draw"] = (changes = {}, by = generator) =>
		wholeDrawing(by, { ...settings, ...changes });
	return {
		generator,
		folder,
		started,
		draw,
		async refusalOf(changes) {
			try {
				await draw(changes);
			} catch (error) {
				if (error instanceof Refusal) return error;
				throw error;
			}
			throw new Error("It was not refused.");
		},
	};
}

/** @file A drawing to its end, and whether its process is gone, for tests of every family. */
import type {
	GenerationDone,
	GenerationEvent,
	GenerationSettings,
	PictureGenerator,
} from "../../engine/generator/picture-generator.ts";

/** @throws whatever drawing throws; Error when it ends without a picture. */
export async function wholeDrawing(
	generator: PictureGenerator,
	settings: GenerationSettings,
): Promise<GenerationDone> {
	let last: GenerationEvent | null = null;
	for await (const event of generator.generate(settings)) last = event;
	if (last?.kind !== "done") throw new Error("The drawing did not end with a picture.");
	return last;
}

export const isAlive = (processId: number): boolean => {
	try {
		process.kill(processId, 0);
		return true;
	} catch {
		return false;
	}
};

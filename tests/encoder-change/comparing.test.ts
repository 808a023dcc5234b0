import { cpSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { EvaluationEvent, TrialEvent } from "../../contract/encoder-change.ts";
import {
	openTestLibrary,
	resourcesPath,
	temporaryRoot,
	untilSearchable,
} from "../engine/open-test-library.ts";
import { writeRotatedStarter } from "../fixtures/encoder/rotated-starter.ts";
import { closerModel, rotatedModel, starterModel } from "./change-under-test.ts";

const photoCount = 14;

test("encoders are compared on the same photos, by the person's words and by what they wrote, and search stays as it is", async () => {
	const root = temporaryRoot();
	writeRotatedStarter(join(root, "rotated"));
	const { client, photosPath } = await openTestLibrary({ root });
	await client.tagging.change({ automatic: false });
	mkdirSync(photosPath);
	const demoPath = join(resourcesPath, "demo-photos");
	// Their names say what they show.
	const names = readdirSync(demoPath).filter((name) => name.endsWith(".jpg"));
	for (const name of names.slice(0, photoCount))
		cpSync(join(demoPath, name), join(photosPath, name));
	await client.folder.add({ path: photosPath });
	await untilSearchable(client, photoCount);
	await client.model.installFolder({ path: join(root, "rotated") });

	const trial: TrialEvent[] = [];
	const tried = { model: rotatedModel, queries: ["a cat", "an airplane"], photos: 10 };
	for await (const event of await client.encoderChange.try(tried)) trial.push(event);
	const last = trial.at(-1);
	if (last?.phase !== "done") throw new Error("The trial came to no end.");
	expect(last).toMatchObject({ photos: 10, searchable: photoCount });
	for (const { present, candidate } of last.queries) {
		expect(present).toHaveLength(10);
		// The rotated encoder sees what the bundled one sees: anything else would be vectors that were mixed.
		expect(candidate.map(({ id }) => id)).toEqual(present.map(({ id }) => id));
	}
	expect(trial[0]).toMatchObject({ phase: "embedding", done: 0, photos: 10 });

	const evaluation: EvaluationEvent[] = [];
	for await (const event of await client.encoderChange.evaluate({})) evaluation.push(event);
	const measured = evaluation.at(-1);
	if (measured?.phase !== "done") throw new Error("The evaluation came to no end.");
	expect(measured.photos).toBe(photoCount);
	expect(measured.encoders.map(({ model, inUse }) => [model, inUse])).toEqual([
		[starterModel, true],
		[closerModel, false],
		[rotatedModel, false],
	]);
	const [own, , other] = measured.encoders.map(({ recalls }) => recalls);
	expect(other).toEqual(own);
	const byName = own?.find(({ kind }) => kind === "names");
	expect(byName?.queries).toBe(photoCount);
	expect(byName?.recallAt5).toBeGreaterThan(byName?.chanceAt5 ?? 1);
	expect(byName?.recallAt10).toBeGreaterThanOrEqual(byName?.recallAt5 ?? 1);

	const use = await client.encoderChange.status();
	expect(use).toMatchObject({ model: starterModel, change: null });
	// What was embedded for comparing is there for a change.
	const kept = use.kept.map(({ model, photos }) => [model, photos]);
	expect(kept.toSorted()).toEqual([
		[rotatedModel, photoCount],
		[closerModel, photoCount],
	]);
});

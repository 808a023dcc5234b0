/** How fast models draw is remembered over restarts, on the computer where it was measured. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openCatalogue } from "../../engine/catalogue/open-catalogue.ts";
import { createGuidedGenerator } from "../../engine/generator/guided/guided-generator.ts";
import { Paces } from "../../engine/generator/paces.ts";
import type { GenerationSettings } from "../../engine/generator/picture-generator.ts";

const settings: GenerationSettings = {
	prompts: [{ text: "a boat", weight: 1 }],
	seed: 1,
	width: 64,
	height: 64,
	steps: 3,
	start: null,
	palette: [],
	mask: null,
};
let folder = "";
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "afterimage-paces-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A process that tells three steps and gives up. */
function guided(paces: Paces) {
	const module = join(folder, "three-steps.mjs");
	const step =
		"{ kind: 'event', event: { kind: 'progress', step, steps: 3, preview: null, similarity: null } }";
	writeFileSync(
		module,
		`process.once("message", () => {
			for (const step of [0, 1, 2, 3]) process.send(${step});
			process.disconnect();
		});`,
	);
	const paths = { encoderPath: "starter", autoencoderPath: null, layoutPath: null };
	return createGuidedGenerator({ ...paths, childModule: pathToFileURL(module), paces });
}

test("what was measured is known after a restart, and not on another computer", async () => {
	const path = join(folder, "catalogue.sqlite");
	const first = await openCatalogue(path);
	const measuring = guided(await Paces.open(first.settings, "one"));
	expect(measuring.needs(settings).seconds).toBeNull();
	const drawing = (async () => {
		for await (const _ of measuring.generate(settings));
	})();
	await expect(drawing).rejects.toThrow(/ended unexpectedly/);
	const { seconds } = measuring.needs(settings);
	expect(seconds).toBeGreaterThan(0);
	await measuring.close();
	await first.close();

	const second = await openCatalogue(path);
	const [here, elsewhere] = [
		guided(await Paces.open(second.settings, "one")),
		guided(await Paces.open(second.settings, "another")),
	];
	expect(here.needs(settings).seconds).toBe(seconds);
	expect(elsewhere.needs(settings).seconds).toBeNull();
	await second.settings.set("drawings.paces", "nonsense");
	expect((await Paces.open(second.settings, "one")).of("guided starter")).toBeNull();
	await Promise.all([here.close(), elsewhere.close()]);
	await second.close();
});

/** @file A process that is killed while it writes leaves a sound catalogue. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { openCatalogue } from "../../engine/catalogue/open-catalogue.ts";
import { temporaryFolder } from "./catalogue-on-disk.ts";

test("a catalogue is sound after its writer was killed at random moments", async () => {
	const filePath = join(temporaryFolder(), "catalogue.sqlite");
	let photosBefore = 0;
	for (let round = 0; round < 5; round += 1) {
		const writer = fork(new URL("./endless-writer.ts", import.meta.url), [filePath], {
			execArgv: [],
		});
		await once(writer, "message");
		await setTimeout(50 + Math.random() * 150);
		writer.kill("SIGKILL");
		await once(writer, "exit");

		const catalogue = await openCatalogue(filePath);
		expect(await catalogue.integrityProblems()).toEqual([]);
		expect(await catalogue.embeddings.inconsistencies("encoder")).toEqual({
			missing: [],
			orphaned: 0,
		});
		const counts = await catalogue.photos.counts();
		expect(counts.searchable).toBe(await catalogue.embeddings.count("encoder"));
		expect(counts.photos).toBeGreaterThan(photosBefore);
		photosBefore = counts.photos;
		await catalogue.close();
	}
});

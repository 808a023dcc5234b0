/** @file Saved searches on the command line. */
import { join } from "node:path";
import { createRouterClient } from "@orpc/server";
import { expect, test } from "vitest";
import { openLibrary } from "../../engine/engine.ts";
import { resourcesPath } from "../engine/open-test-library.ts";
import { makePhotoFolder } from "./photo-folder.ts";
import { newFolder, runCli } from "./run-cli.ts";

async function libraryWithSaved() {
	const [libraryPath, photosPath] = [join(newFolder(), "library"), await makePhotoFolder()];
	await runCli(libraryPath, ["index", photosPath]);
	const library = await openLibrary({ libraryPath, resourcesPath, version: "0", live: false });
	const question = { query: "a photo", strictness: 0, order: "oldest" } as const;
	await createRouterClient(library.router).savedSearch.save({ name: "All of it", question });
	await library.close();
	return libraryPath;
}

test("they are listed with their counts, and one is answered by its name", async () => {
	const libraryPath = await libraryWithSaved();
	const listed = await runCli(libraryPath, ["saved", "--json"]);
	expect(listed.stderr).toBe("");
	const [first, ...others] = JSON.parse(listed.stdout);
	expect(others).toEqual([]);
	expect(first).toMatchObject({ name: "All of it", new: 0, more: false, problem: null });

	const answered = await runCli(libraryPath, ["search", "--saved", "ALL of it", "--json"]);
	const { query, order, hits } = JSON.parse(answered.stdout);
	expect([query, order, hits.length]).toEqual(["a photo", "oldest", first.count]);

	const people = await runCli(libraryPath, ["saved"]);
	expect(people.stdout).toContain("All of it  a photo");
});

test("a name that is not there is told, with those that are", async () => {
	const libraryPath = await libraryWithSaved();
	const missing = await runCli(libraryPath, ["search", "--saved", "Beaches"]);
	expect(missing.code).toBe(1);
	expect(missing.stderr).toContain('There is no saved search "Beaches". Saved are: All of it.');
	const both = await runCli(libraryPath, ["search", "dog", "--saved", "All of it"]);
	expect(both.code).toBe(2);
});

/** @file `afterimage tag` and `afterimage tags` on demo photos with the real encoder. */
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newFolder, runCli } from "./run-cli.ts";

const demoPhotos = join(import.meta.dirname, "..", "..", "resources", "demo-photos");
const names = ["chelsea-the-cat.jpg", "giant-panda.webp", "chesterton-windmill.webp", "gravel.jpg"];

async function taggedLibrary(...options: string[]) {
	const [libraryPath, folder] = [join(newFolder(), "library"), newFolder()];
	for (const name of names) copyFileSync(join(demoPhotos, name), join(folder, name));
	const result = await runCli(libraryPath, ["tag", folder, "--json", ...options]);
	expect(result).toMatchObject({ code: 0, stderr: "" });
	return { libraryPath, folder, report: JSON.parse(result.stdout) };
}

async function tagsOf(
	libraryPath: string,
): Promise<Record<string, { accepted: number; suggested: number }>> {
	const { stdout } = await runCli(libraryPath, ["tags", "--json"]);
	const tags: { path: string; accepted: number; suggested: number }[] = JSON.parse(stdout);
	return Object.fromEntries(
		tags.map(({ path, accepted, suggested }) => [path, { accepted, suggested }]),
	);
}

test("the shipped labels suggest tags, and the sure ones can be accepted at once", async () => {
	const { libraryPath, folder, report } = await taggedLibrary("--accept-above", "0.95");
	expect(report.photos).toBe(names.length);
	expect(report.accepted).toBeGreaterThan(0);
	const tags = await tagsOf(libraryPath);
	expect(tags["animal/panda"]).toEqual({ accepted: 1, suggested: 0 });
	expect(tags["animal/cat"]).toEqual({ accepted: 0, suggested: 1 });

	const tree = await runCli(libraryPath, ["tags"]);
	expect(tree.stdout).toMatch(/^ +1 {2}animal\n/m);
	expect(tree.stdout).toMatch(/^ +0 {4}cat {2}\(1 suggested\)$/m);

	const csv = await runCli(libraryPath, ["tags", "csv"]);
	expect(csv.code).toBe(0);
	expect(csv.stdout).toContain(join(folder, "giant-panda.webp"));
	expect(csv.stdout).toMatch(/animal\/panda,accepted,label,/);
	const file = join(newFolder(), "tags.csv");
	expect((await runCli(libraryPath, ["tags", "csv", file])).code).toBe(0);
	expect(readFileSync(file, "utf8")).toBe(csv.stdout);
});

test("own labels from a file are added, exported, and imported elsewhere", async () => {
	const labels = join(newFolder(), "labels.txt");
	writeFileSync(labels, "pet/tomcat = a cat | kitty\n");
	const { libraryPath, report } = await taggedLibrary("--labels", labels);
	expect(report).toEqual({ photos: names.length, suggested: 1, withdrawn: 0, accepted: 0 });

	const document = join(newFolder(), "labels.json");
	const exported = await runCli(libraryPath, ["tags", "export", document]);
	expect(exported.code).toBe(0);
	expect(readFileSync(document, "utf8")).toContain('"pet/tomcat"');
	const elsewhere = join(newFolder(), "library");
	const imported = await runCli(elsewhere, ["tags", "import", document, "--json"]);
	expect(imported).toMatchObject({ code: 0, stderr: "" });
	expect(JSON.parse(imported.stdout)).toEqual({ added: 1, replaced: 0, answers: 0 });

	writeFileSync(document, "no labels");
	const refused = await runCli(elsewhere, ["tags", "import", document]);
	expect(refused.code).toBe(1);
	expect(refused.stderr).toContain(`${document} is no file of labels`);
});

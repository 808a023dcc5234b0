/** @file `afterimage classify` on demo photos with the real encoder, without any library. */
import { copyFileSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newFolder, runCli } from "./run-cli.ts";

const demoPhotos = join(import.meta.dirname, "..", "..", "resources", "demo-photos");

function photoFolder(...names: string[]): string {
	const folder = newFolder();
	for (const name of names) copyFileSync(join(demoPhotos, name), join(folder, name));
	return folder;
}

function labelFile(text: string): string {
	const path = join(newFolder(), "labels.txt");
	writeFileSync(path, text);
	return path;
}

interface Line {
	path: string;
	labels: { label: string; probability: number }[];
	none: number;
	error?: string;
}

function linesOf(stdout: string): Line[] {
	return stdout
		.trimEnd()
		.split("\n")
		.map((line) => JSON.parse(line));
}

test("own labels share the probability out with one of, and none of these is an answer", async () => {
	const folder = photoFolder("chelsea-the-cat.jpg", "chesterton-windmill.webp", "gravel.jpg");
	const labels = labelFile("# mine\ncat\nbuilding/windmill = a windmill\n");
	const libraryPath = join(newFolder(), "library");
	const args = ["classify", folder, "--labels", labels, "--one-of"];
	const { code, stdout, stderr } = await runCli(libraryPath, [...args, "--json"]);
	expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
	const [cat, windmill, gravel] = linesOf(stdout);
	expect(cat?.path).toBe(join(folder, "chelsea-the-cat.jpg"));
	expect(cat?.labels[0]?.label).toBe("cat");
	expect(windmill?.labels[0]?.label).toBe("building/windmill");
	expect(gravel?.none).toBeGreaterThan(0.5);
	for (const line of [cat, windmill, gravel]) {
		const sum = line?.labels.reduce((total, { probability }) => total + probability, line.none);
		expect(sum).toBeCloseTo(1, 3);
	}
	const inWords = await runCli(libraryPath, args);
	expect(inWords.stdout).toMatch(/chelsea-the-cat\.jpg {2}cat \d+ %\n/);
	expect(inWords.stdout).toMatch(/gravel\.jpg {2}none of these \d+ %\n/);
	expect(existsSync(libraryPath)).toBe(false);
});

test("without labels the shipped vocabulary is used, and a broken photo does not stop the rest", async () => {
	const folder = photoFolder("giant-panda.webp", "chelsea-the-cat.jpg");
	writeFileSync(join(folder, "broken.jpg"), "no picture");
	const { code, stdout, stderr } = await runCli(newFolder(), [
		"classify",
		folder,
		"--json",
		"--top",
		"3",
	]);
	expect(code).toBe(0);
	expect(stderr).toContain(`unsupported-format: ${join(folder, "broken.jpg")}`);
	const [broken, cat, panda] = linesOf(stdout);
	expect(broken?.error).toBe("unsupported-format");
	expect(cat?.labels[0]?.label).toBe("animal/cat");
	expect(panda?.labels[0]?.label).toBe("animal/panda");
	expect(panda?.labels.length).toBe(3);
});

test("a bad labels file is refused with its name and the line", async () => {
	const folder = photoFolder("gravel.jpg");
	const labels = labelFile("dog\n\nanimal//cat\n");
	const { code, stdout, stderr } = await runCli(newFolder(), [
		"classify",
		folder,
		"--labels",
		labels,
	]);
	expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
	expect(stderr).toContain(`${labels}, line 3: `);
	const empty = labelFile("# nothing\n");
	const none = await runCli(newFolder(), ["classify", folder, "--labels", empty]);
	expect(none.code).toBe(1);
	expect(none.stderr).toContain(`${empty} has no labels`);
	const missing = await runCli(newFolder(), ["tag", folder, "--labels", join(folder, "no.txt")]);
	expect(missing.code).toBe(1);
	expect(missing.stderr).toContain(`There is no file ${join(folder, "no.txt")}`);
});

test("what is no folder, or no number, is refused", async () => {
	const folder = newFolder();
	const gone = await runCli(newFolder(), ["classify", join(folder, "gone")]);
	expect(gone.code).toBe(1);
	expect(gone.stderr).toContain(`There is no folder ${join(folder, "gone")}`);
	const empty = await runCli(newFolder(), ["classify", folder]);
	expect(empty).toMatchObject({ code: 0, stdout: "" });
	expect(empty.stderr).toContain("There are no photos in");
	const above = await runCli(newFolder(), ["tag", folder, "--accept-above", "2"]);
	expect(above.code).toBe(2);
	expect(above.stderr).toContain("Give a number from 0 to 1.");
	const bare = await runCli(newFolder(), ["tags", "export"]);
	expect(bare.code).toBe(2);
});

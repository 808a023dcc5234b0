/** @file Every command on a real library with the real encoder. */
import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { brokenPhoto, goodPhotos, makePhotoFolder } from "./photo-folder.ts";
import { binPath, newFolder, resultOf, runCli, startCli } from "./run-cli.ts";

async function indexedLibrary() {
	const [libraryPath, photosPath] = [join(newFolder(), "library"), await makePhotoFolder()];
	const result = await runCli(libraryPath, ["index", photosPath, "--json"]);
	expect(result.stderr).toBe("");
	return { libraryPath, photosPath, report: lastJson(result.stdout) };
}

function lastJson(stdout: string) {
	return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
}

test("indexing reports what it did, and a second time embeds nothing anew", async () => {
	const { libraryPath, photosPath, report } = await indexedLibrary();
	const failures = [{ path: join(photosPath, brokenPhoto), reason: "unsupported-format" }];
	expect(report).toEqual({
		photos: goodPhotos + 1,
		embedded: goodPhotos,
		failed: 1,
		skipped: 0,
		seconds: expect.any(Number),
		failures,
	});
	const again = await runCli(libraryPath, ["index", photosPath, "--json"]);
	expect(again.code).toBe(0);
	expect(lastJson(again.stdout)).toMatchObject({ embedded: 0, skipped: goodPhotos, failures });

	rmSync(join(photosPath, "photo 0.jpg"));
	const less = await runCli(libraryPath, ["index", photosPath]);
	expect(less.stdout).toContain(`${goodPhotos} photos: 0 read now, ${goodPhotos - 1} before`);
	expect(less.stderr).toContain("unsupported-format: ");
});

test.runIf(process.platform === "linux")("what could not be looked into is told", async () => {
	const photosPath = await makePhotoFolder();
	mkdirSync(Buffer.concat([Buffer.from(`${photosPath}/M`), Buffer.from([0xfc])]));
	const result = await runCli(join(newFolder(), "library"), ["index", photosPath, "--json"]);
	expect(result.code).toBe(0);
	expect(result.stderr).toBe(
		`Could not be read, so its photos are missing: ${join(photosPath, "M\uFFFD")}\n`,
	);
	expect(lastJson(result.stdout)).toMatchObject({ embedded: goodPhotos });
});

test("folders inside one another, the inner one named first, are read once", async () => {
	const photosPath = await makePhotoFolder();
	const inner = join(photosPath, "inner");
	mkdirSync(inner);
	renameSync(join(photosPath, "photo 0.jpg"), join(inner, "photo 0.jpg"));
	const libraryPath = join(newFolder(), "library");
	const result = await runCli(libraryPath, ["index", inner, photosPath, inner, "--json"]);
	expect(result).toMatchObject({ code: 0, stderr: "" });
	expect(lastJson(result.stdout)).toMatchObject({ photos: goodPhotos + 1, embedded: goodPhotos });
});

test.runIf(process.platform !== "win32")(
	"what is given to search must be a file with an end",
	async () => {
		const libraryPath = join(newFolder(), "library");
		for (const option of ["--image", "--queries"]) {
			const endless = await runCli(libraryPath, ["search", option, "/dev/zero", "--json"]);
			expect(endless).toMatchObject({ code: 1, stdout: "" });
			expect(endless.stderr).toContain("/dev/zero is no ordinary file");
		}
		const pipe = join(newFolder(), "pipe");
		execFileSync("mkfifo", [pipe]);
		const written = runCli(libraryPath, ["search", "--queries", pipe]);
		await writeFile(pipe, "a red wall\n");
		expect(lastJson((await written).stdout)).toMatchObject({ query: "a red wall", hits: [] });
		const waiting = startCli(libraryPath, ["search", "--image", pipe]);
		// Opens only once someone reads at the other end.
		const writer = await open(pipe, "w");
		waiting.kill("SIGTERM");
		expect((await resultOf(waiting)).code).toBe(143);
		await writer.close();
	},
);

test("searching prints the best first, by words, by picture and many at once", async () => {
	const { libraryPath, photosPath } = await indexedLibrary();
	const byWords = await runCli(libraryPath, ["search", "a", "red", "wall", "--json"]);
	expect(byWords).toMatchObject({ code: 0, stderr: "" });
	const answer = JSON.parse(byWords.stdout);
	expect(Object.keys(answer)).toEqual([
		"query",
		"encoder",
		"tookMs",
		"verdict",
		"parsed",
		"order",
		"hiddenDrawn",
		"hits",
	]);
	expect(answer).toMatchObject({ query: "a red wall", encoder: "afterimage-starter-1" });
	expect(Object.keys(answer.hits[0])).toEqual([
		"id",
		"path",
		"similarity",
		"band",
		"confidence",
		"generated",
		"why",
	]);
	const similarities = answer.hits.map((hit: { similarity: number }) => hit.similarity);
	expect(similarities).toHaveLength(goodPhotos);
	expect(similarities).toEqual(similarities.toSorted((one: number, other: number) => other - one));

	const photo = join(photosPath, "photo 2.jpg");
	const byPicture = await runCli(libraryPath, ["search", "--image", photo, "--limit", "1"]);
	expect(byPicture.stdout).toMatch(/^(1\.000|0\.999) {2}/);
	expect(byPicture.stdout.trimEnd().endsWith(photo)).toBe(true);

	const oldest = ["search", "--image", photo, "--order", "oldest", "--json"];
	expect(JSON.parse((await runCli(libraryPath, oldest)).stdout)).toMatchObject({ order: "oldest" });

	const queriesPath = join(newFolder(), "queries.txt");
	writeFileSync(queriesPath, "a red wall\r\n猫\n\na green wall\n");
	const many = await runCli(libraryPath, ["search", "--queries", queriesPath, "--json"]);
	const lines = many.stdout
		.trimEnd()
		.split("\n")
		.map((line) => JSON.parse(line));
	expect(lines.map((line) => line.query)).toEqual(["a red wall", "猫", "", "a green wall"]);
	expect(lines[0]?.hits).toEqual(answer.hits);
	expect(lines[2]).toEqual({ query: "", error: "Type what the picture shows.", hits: [] });
	expect(many).toMatchObject({ code: 1, stderr: "1 of 4 queries were refused.\n" });
});

test("status, doctor and remove tell what is there and what they did", async () => {
	const { libraryPath, photosPath } = await indexedLibrary();
	const status = await runCli(libraryPath, ["status", "--json"]);
	expect(JSON.parse(status.stdout)).toMatchObject({
		photos: goodPhotos + 1,
		searchable: goodPhotos,
		failed: 1,
		waiting: 0,
		folders: 1,
		outgoingConnections: 0,
		index: { kind: "exact" },
	});
	expect((await runCli(libraryPath, ["status"])).stdout).toMatch(/^Searchable +4$/m);

	const orphanPath = join(libraryPath, "thumbnails", "00");
	mkdirSync(orphanPath, { recursive: true });
	writeFileSync(join(orphanPath, `${"0".repeat(64)}.jpg`), "belongs to no photo");
	const sick = await runCli(libraryPath, ["doctor"]);
	expect(sick.code).toBe(1);
	expect(sick.stdout).toMatch(/^repairable +thumbnails/m);
	const mended = await runCli(libraryPath, ["doctor", "--repair", "--json"]);
	expect(mended.code).toBe(0);
	expect(JSON.parse(mended.stdout)).toContainEqual(
		expect.objectContaining({ check: "thumbnails", outcome: "repaired" }),
	);

	const removed = await runCli(libraryPath, ["remove", photosPath]);
	expect(removed).toMatchObject({ code: 0, stderr: "" });
	expect(removed.stdout).toContain(`with ${goodPhotos + 1} photos`);
	expect(existsSync(join(photosPath, "photo 0.jpg"))).toBe(true);
	const empty = await runCli(libraryPath, ["search", "beach"]);
	expect(empty).toMatchObject({ code: 0, stdout: "" });
	expect(empty.stderr).toContain("afterimage index FOLDER");
});

test.runIf(process.platform === "linux")(
	"a reader that stops, or a full disk, ends it quietly",
	async () => {
		const { libraryPath } = await indexedLibrary();
		const shell = (script: string) =>
			promisify(execFile)("bash", ["-c", script, "bash", process.execPath, binPath], {
				env: { ...process.env, AFTERIMAGE_LIBRARY: libraryPath },
			});
		const broken = await shell('set -o pipefail; "$1" "$2" search red | true');
		expect(broken.stderr).toBe("");
		await expect(shell('"$1" "$2" search red > /dev/full')).rejects.toMatchObject({
			code: 1,
			stderr: "The output cannot be written (ENOSPC).\n",
		});
	},
);

/** @file `afterimage search` with pictures beside the words. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makePhotoFolder } from "./photo-folder.ts";
import { newFolder, runCli } from "./run-cli.ts";

test("pictures join the words, and the answer tells what each counted", async () => {
	const [libraryPath, photosPath] = [join(newFolder(), "library"), await makePhotoFolder()];
	await runCli(libraryPath, ["index", photosPath]);
	const photo = join(photosPath, "photo 0.jpg");
	const other = join(photosPath, "photo 1.jpg");
	const both = ["--like", photo, "--unlike", other, "--unlike-weight", "0.25"];
	const result = await runCli(libraryPath, ["search", "a", "shape", ...both, "--json"]);
	expect(result).toMatchObject({ code: 0, stderr: "" });
	const answer = JSON.parse(result.stdout);
	expect(answer.query).toBe("a shape");
	expect(answer.composition).toMatchObject([
		{ kind: "words", text: "a shape", share: 0.6 },
		{ kind: "example", at: 0, source: { kind: "picture" }, share: expect.closeTo(0.4, 6) },
		{ kind: "example", at: 1, source: { kind: "picture" }, share: expect.closeTo(-0.2, 6) },
	]);
	const alone = await runCli(libraryPath, ["search", "--like", photo, "--json"]);
	expect(JSON.parse(alone.stdout).hits[0].path).toBe(photo);
	const part = ["--like", photo, "--region", "0,0,0.5,0.5"];
	const region = await runCli(libraryPath, ["search", ...part, "--json"]);
	expect(JSON.parse(region.stdout).composition[0].source.region).toEqual({
		x: 0,
		y: 0,
		width: 0.5,
		height: 0.5,
	});
});

test("what is wrong with a picture or its options is said, with the file's name", async () => {
	const libraryPath = join(newFolder(), "library");
	const broken = join(newFolder(), "broken.jpg");
	writeFileSync(broken, "no picture");
	const cases: [string[], number, string][] = [
		[["dog", "--like", broken], 1, "broken.jpg: "],
		[["dog", "--like", join(libraryPath, "none.jpg")], 1, "There is no file"],
		[["dog", "--like", broken, "--like-weight", "2"], 2, "above 0 and at most 1"],
		[["dog", "--like", broken, "--region", "0.5,0,0.8,1"], 2, "shares of the picture"],
		[["dog", "--region", "0,0,1,1"], 2, "--region is a part of the picture"],
		[["--image", broken, "--like", broken], 2, "--like and --unlike go with words"],
	];
	for (const [args, code, message] of cases) {
		const result = await runCli(libraryPath, ["search", ...args, "--json"]);
		expect(result.stderr, args.join(" ")).toContain(message);
		expect(result).toMatchObject({ code, stdout: "" });
	}
});

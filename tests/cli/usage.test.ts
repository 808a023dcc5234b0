/** @file What the command line says to wrong usage and bad input, run as a process. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { newFolder, runCli } from "./run-cli.ts";

describe("wrong usage ends with 2 and a one-line hint, before a library is made", () => {
	test.each([
		[["--nonsense"], "unknown option '--nonsense'"],
		[["index"], "missing required argument 'folders'"],
		[["remove"], "missing required argument 'folder'"],
		[["remove", "one", "two"], "too many arguments"],
		[["search"], "Give a query, or --image FILE, or --queries FILE, or --saved NAME."],
		[["search", "beach", "--image", "photo.jpg"], "Give a query, or"],
		[["search", "beach", "--limit", "0"], "whole number from 1 to 5000"],
		[["search", "beach", "--limit", "many"], "whole number from 1 to 5000"],
		[["search", "beach", "--limit"], "argument missing"],
		[["search", "beach", "--limt", "3"], "Did you mean --limit?"],
		[["open", "--port", "99999"], "whole number from 0 to 65535"],
		[
			["generate", "a house", "--out", "house.png", "--strength", "0.4"],
			"--strength says how far to leave a start picture: add --from FILE.",
		],
		[["tags", "csv", "--json"], "tags csv has no answer in JSON."],
		[["tags", "--json", "export", "labels.json"], "tags export has no answer in JSON."],
		[["models", "install", "no-such-thing", "--json"], "models install has no answer in JSON."],
		[["serach", "beach"], 'There is no command or folder "serach"'],
	])("%j", async (args, hint) => {
		const libraryPath = join(newFolder(), "library");
		const { code, stdout, stderr } = await runCli(libraryPath, args);
		expect(code).toBe(2);
		expect(stdout).toBe("");
		expect(stderr).toContain(hint);
		expect(stderr).toMatch(/^[^\n]+ See: afterimage --help\n$/);
		expect(existsSync(libraryPath)).toBe(false);
	});
});

describe("what cannot be done ends with 1 and one sentence", () => {
	test.each([
		[["index", "/no/such/folder"], 'There is no folder "/no/such/folder".'],
		[["index", import.meta.filename], "is a file"],
		[["remove", "/no/such/folder"], "is no folder of this library"],
		[["search", "--image", "/no/such/photo.jpg"], "There is no file /no/such/photo.jpg."],
		[["search", "--image", import.meta.dirname], "is a folder"],
		[["search", "--image", import.meta.filename], "not a picture"],
		[["search", "--queries", "/no/such/file"], "There is no file /no/such/file."],
		[["search", ""], "Type what the picture shows."],
		[["search", "   "], "Type what the picture shows."],
		[["search", "x".repeat(10_000)], "10000 characters"],
	])("%j", async (args, sentence) => {
		const { code, stdout, stderr } = await runCli(join(newFolder(), "library"), args);
		expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
		expect(stderr).toContain(sentence);
		expect(stderr).toMatch(/^[^\n]+\n$/);
	});

	test("a library of a newer version is refused, naming both formats", async () => {
		const libraryPath = newFolder();
		const identity = { format: 999, id: "x", createdAt: "2030-01-01T00:00:00Z" };
		writeFileSync(join(libraryPath, "library.json"), JSON.stringify(identity));
		const { code, stderr } = await runCli(libraryPath, ["status"]);
		expect(code).toBe(1);
		expect(stderr).toMatch(/format 999.*formats up to 1.*Update Afterimage/);
		expect(stderr).not.toContain("    at ");
	});

	test("a library path that is a file is refused; --debug says where", async () => {
		const libraryPath = join(newFolder(), "file");
		writeFileSync(libraryPath, "");
		const plain = await runCli(libraryPath, ["status"]);
		expect(plain.code).toBe(1);
		expect(plain.stderr).toMatch(/^[^\n]*is a file[^\n]*\n$/);
		const debug = await runCli(libraryPath, ["status", "--debug"]);
		expect(debug.code).toBe(1);
		expect(debug.stderr).toContain("    at ");
	});
});

test("help and version are results", async () => {
	const libraryPath = join(newFolder(), "library");
	const help = await runCli(libraryPath, ["--help"]);
	expect(help).toMatchObject({ code: 0, stderr: "" });
	for (const command of ["open", "index", "search", "status", "remove", "doctor"]) {
		expect(help.stdout).toContain(`  ${command}`);
	}
	const version = await runCli(libraryPath, ["--version"]);
	expect(version).toMatchObject({ code: 0, stderr: "" });
	expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
	const withoutVenice = await runCli(libraryPath, ["search", "canals", "-Venice", "--json"]);
	expect(JSON.parse(withoutVenice.stdout)).toMatchObject({ query: "canals -Venice" });
	expect((await runCli(libraryPath, ["search", "--help"])).stdout).toContain("--queries <file>");
});

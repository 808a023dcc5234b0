/** @file The file rules notice what they are there for. */
import { expect, test } from "vitest";
import { brokenFileRules, mostLines } from "../../scripts/file-rules.ts";

const opening = "/** @file A subject. */\n";

test("a short file with a purpose and a real name breaks nothing", () => {
	expect(brokenFileRules("engine/index/exact-index.ts", `${opening}export {};\n`)).toEqual([]);
});

test("a file over the limit is reported with its length", () => {
	const text = opening + "//\n".repeat(mostLines);
	expect(brokenFileRules("engine/search/searcher.ts", text)).toEqual([
		`engine/search/searcher.ts has ${mostLines + 1} lines; split it by subject (at most ${mostLines}).`,
	]);
});

test("a file of exactly the limit passes, and so does generated data", () => {
	expect(brokenFileRules("a.ts", opening + "//\n".repeat(mostLines - 1))).toEqual([]);
	const generated = opening + "//\n".repeat(mostLines * 2);
	expect(brokenFileRules("engine/generated/table.ts", generated)).toEqual([]);
});

test.each([
	"engine/utils/text.ts",
	"server/helpers.ts",
	"renderer/common.css",
	"cli/window-manager.ts",
	"engine/misc.test.ts",
])("the empty name in %s is reported", (path) => {
	expect(brokenFileRules(path, opening)).toHaveLength(1);
});

test("a source file without a purpose is reported", () => {
	expect(brokenFileRules("cli/main.ts", "export {};\n")).toEqual([
		'cli/main.ts does not open with a "/** @file purpose */" comment.',
	]);
});

test("words that only contain an empty name are left alone", () => {
	expect(brokenFileRules("engine/index/commonest-words.ts", opening)).toEqual([]);
});

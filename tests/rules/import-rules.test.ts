/** @file The import rules bite: a planted violation of each is reported, and a clean tree is not. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const depcruise = join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
const folders = ["contract", "engine", "server", "cli", "electron", "renderer", "tests"];

let tree = "";

beforeEach(() => {
	tree = mkdtempSync(join(tmpdir(), "afterimage-import-rules-"));
	writeFileSync(join(tree, "package.json"), '{ "type": "module" }');
	for (const folder of folders) put(`${folder}/leaf.ts`, "export const leaf = 1;\n");
});

afterEach(() => rmSync(tree, { recursive: true, force: true }));

test("imports along the arrows are allowed", () => {
	imports("engine/search/searcher.ts", "engine/index/index.ts");
	imports("engine/indexer/indexer.ts", "engine/library/thumbnails.ts");
	imports("engine/decoder/task.ts", "engine/xmp/read.ts");
	imports("engine/handlers/search.ts", "engine/search/searcher.ts");
	imports("engine/engine.ts", "engine/handlers/search.ts");
	imports("engine/index/index.ts", "contract/leaf.ts");
	imports("server/start.ts", "engine/engine.ts");
	imports("cli/main.ts", "server/start.ts");
	imports("electron/main.ts", "engine/engine.ts");
	imports("renderer/main.ts", "contract/leaf.ts");
	imports("tests/engine.test.ts", "engine/engine.ts");
	expect(violations()).toEqual([]);
});

test.each([
	["contract/photo.ts", "engine/leaf.ts", "contract-imports-only-packages"],
	["engine/start.ts", "server/leaf.ts", "engine-imports-only-contract"],
	["server/start.ts", "cli/leaf.ts", "server-imports-only-contract-and-engine"],
	["cli/main.ts", "electron/leaf.ts", "cli-imports-only-contract-and-engine-and-server"],
	["electron/main.ts", "cli/leaf.ts", "electron-imports-only-contract-and-engine-and-server"],
	["renderer/main.ts", "engine/leaf.ts", "renderer-imports-only-contract"],
	["engine/catalogue/rows.ts", "engine/decoder/pixels.ts", "engine-parts-stand-alone"],
	["engine/encoder/text.ts", "engine/index/vectors.ts", "engine-parts-stand-alone"],
	["engine/watcher/events.ts", "engine/library/scan.ts", "engine-parts-stand-alone"],
	["engine/decoder/task.ts", "engine/index/vectors.ts", "engine-decoder-sees-xmp-only"],
	["engine/xmp/read.ts", "engine/catalogue/rows.ts", "engine-parts-stand-alone"],
	["engine/library/scan.ts", "engine/indexer/queue.ts", "engine-library-sees-parts-only"],
	[
		"engine/search/searcher.ts",
		"engine/indexer/queue.ts",
		"engine-indexer-and-search-see-library-and-parts",
	],
	["engine/index/exact.ts", "engine/engine.ts", "only-engine-ts-and-handlers-see-all"],
	["engine/library/scan.ts", "engine/handlers/folder.ts", "only-engine-ts-and-handlers-see-all"],
	["cli/start.ts", "tests/leaf.ts", "nothing-imports-tests"],
])("%s importing %s is reported", (from, to, rule) => {
	imports(from, to);
	expect(violations()).toContainEqual(`${rule}: ${from} → ${to}`);
});

test("a type-only import is held to the same rules", () => {
	put(
		"contract/photo.ts",
		'import type { leaf } from "../engine/leaf.ts";\nexport type L = typeof leaf;\n',
	);
	expect(violations()).toEqual([
		"contract-imports-only-packages: contract/photo.ts → engine/leaf.ts",
	]);
});

test("a cycle is reported", () => {
	imports("server/one.ts", "server/two.ts");
	put("server/two.ts", 'import "./one.ts";\nexport const two = 2;\n');
	expect(violations().map((line) => line.split(":")[0])).toContain("no-cycles");
});

test("an import that leads nowhere is reported", () => {
	put("server/start.ts", 'import "./missing.ts";\n');
	expect(violations()).toEqual(["resolvable: server/start.ts → ./missing.ts"]);
});

test("ONNX Runtime is loaded in one place, where it has been silenced", () => {
	put(
		"node_modules/onnxruntime-node/package.json",
		'{ "name": "onnxruntime-node", "main": "i.js" }',
	);
	put("node_modules/onnxruntime-node/i.js", "exports.run = 1;\n");
	put("package.json", '{ "type": "module", "dependencies": { "onnxruntime-node": "1.30.0" } }');
	for (const from of ["engine/onnx-runtime.ts", "engine/index/scores.ts"]) {
		put(from, 'export { run } from "onnxruntime-node";\n');
	}
	expect(violations()).toEqual([
		"onnx-runtime-is-silenced-first: engine/index/scores.ts → node_modules/onnxruntime-node/i.js",
	]);
});

/** Writes both files, the first importing the second, unless the second is there already. */
function imports(from: string, to: string): void {
	const way = "../".repeat(from.split("/").length - 1);
	put(from, `import * as other from "${way}${to}";\nexport const seen = other;\n`);
	put(to, "export const value = 1;\n", { keep: true });
}

function put(path: string, text: string, { keep = false } = {}): void {
	mkdirSync(dirname(join(tree, path)), { recursive: true });
	try {
		writeFileSync(join(tree, path), text, { flag: keep ? "wx" : "w" });
	} catch (error) {
		if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
	}
}

function violations(): string[] {
	const run = spawnSync(
		process.execPath,
		[depcruise, "--config", join(root, ".dependency-cruiser.cjs"), "-T", "json", ...folders],
		{ cwd: tree, encoding: "utf8" },
	);
	const report = JSON.parse(run.stdout) as {
		summary: { violations: { rule: { name: string }; from: string; to: string }[] };
	};
	return report.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
}

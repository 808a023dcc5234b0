/** @file The labels that come with the app, and the judged sample of what they suggest. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
	readVocabularyFolder,
	shippedVocabularyFolder,
} from "../../engine/tagger/shipped-vocabulary.ts";
import { precisionOf, readTagVerdicts, vocabularyVersion } from "../../eval/tag-precision.ts";

const resources = join(import.meta.dirname, "..", "..", "resources");
const folder = shippedVocabularyFolder(resources);
const { groups, problems } = readVocabularyFolder(folder);
const labels = groups.flatMap((group) => group.labels);

test("every line of the shipped vocabulary can be read", () => {
	expect(problems).toEqual([]);
});

test("the shipped vocabulary has about 400 labels in a file a group", () => {
	expect(labels.length).toBeGreaterThanOrEqual(380);
	expect(labels.length).toBeLessThanOrEqual(450);
	const files = readdirSync(folder).filter((name) => name.endsWith(".txt"));
	expect(groups.length).toBe(files.length);
	for (const name of files) {
		expect(readFileSync(join(folder, name), "utf8")).toMatch(
			/^# .+\n[^[]*\n\[[^,]+, (one|any) of\]\n/,
		);
	}
});

test("no tag stands in two places, whatever the case", () => {
	const paths = labels.map(({ path }) => path.toLowerCase());
	expect(paths.filter((path, at) => paths.indexOf(path) !== at)).toEqual([]);
});

test("every group has one outermost tag of its own", () => {
	const tops = groups.map((group) => new Set(group.labels.map(({ path }) => path.split("/")[0])));
	for (const top of tops) expect(top.size).toBe(1);
	expect(new Set(tops.flatMap((top) => [...top])).size).toBe(groups.length);
});

test("wordings are phrases the encoder reads, and no two labels mean them alike", () => {
	const wordings = labels.flatMap((label) => label.wordings);
	for (const wording of wordings) expect(wording).toMatch(/^[a-z][a-z0-9 ,'-]{2,79}$/);
	expect(wordings.filter((wording, at) => wordings.indexOf(wording) !== at)).toEqual([]);
});

test("at least 300 tags on photos that nothing was tuned on were judged, and 80 % are right", () => {
	const verdicts = readTagVerdicts();
	const reporting = verdicts.filter(({ sample }) => sample === "reporting");
	const { judged, precision } = precisionOf(reporting);
	expect(judged).toBeGreaterThanOrEqual(300);
	expect(precision).toBeGreaterThanOrEqual(80);
	const tuned = new Set(
		verdicts.filter(({ sample }) => sample === "tuning").map(({ set, file }) => `${set}/${file}`),
	);
	expect(reporting.filter(({ set, file }) => tuned.has(`${set}/${file}`))).toEqual([]);
	const keys = reporting.map(({ set, file, tag }) => `${set}/${file} ${tag}`);
	expect(new Set(keys).size).toBe(keys.length);
});

test("the judged tags are of the vocabulary that ships", () => {
	const reporting = readTagVerdicts().filter(({ sample }) => sample === "reporting");
	const known = new Set(labels.map(({ path }) => path));
	for (const { tag, vocabulary } of reporting) {
		expect(known).toContain(tag);
		expect(vocabulary).toBe(vocabularyVersion(folder));
	}
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { editXmp } from "../../engine/xmp/edit-xmp.ts";
import { newSidecar } from "../../engine/xmp/new-sidecar.ts";
import { readXmp } from "../../engine/xmp/read-xmp.ts";
import { tagPathsOf } from "../../engine/xmp/tag-paths.ts";
import { findExifTool } from "./exiftool.ts";
import { allSamples } from "./sidecar-samples.ts";

const folder = mkdtempSync(join(tmpdir(), "afterimage-round-trip-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const add = [["Animals", "Dog"], ["beach & <sea>"], ["Été à la plage"], ["日本", "東京"]];
const exiftool = findExifTool();

const written: [what: string, bytes: Uint8Array, before: string | null][] = [
	["a new sidecar", newSidecar({ add, rating: 4 }), null],
	...Object.entries(allSamples).map(([program, text]): [string, Uint8Array, string] => [
		`a sidecar of ${program}`,
		editXmp(Buffer.from(text, "utf8"), { add, rating: 4 }),
		text,
	]),
];

/** What ExifTool reads, with its warnings. */
function ask(filePath: string) {
	const words = ["-json", "-validate", "-warning", "-a", "-Subject", "-HierarchicalSubject"];
	return JSON.parse(exiftool?.(...words, "-Rating", filePath) ?? "")[0];
}

test.each(written)("tags written into %s are read by ourselves", (_what, bytes) => {
	const read = tagPathsOf(readXmp(bytes));
	for (const path of add) expect(read).toContainEqual(path);
	expect(readXmp(bytes).rating).toBe(4);
});

test.runIf(exiftool !== null)(
	"they are read by ExifTool, which finds nothing new to complain of",
	() => {
		for (const [what, bytes, before] of written) {
			const filePath = join(folder, `${what}.xmp`);
			writeFileSync(filePath, bytes);
			const answer = ask(filePath);
			for (const path of add) {
				expect(answer.HierarchicalSubject).toContain(path.join("|"));
				expect(answer.Subject).toContain(path.at(-1));
			}
			expect(answer.Rating).toBe(4);
			if (before !== null) writeFileSync(filePath, before);
			const warning = before === null ? undefined : ask(filePath).Warning;
			expect(answer.Warning, what).toBe(warning);
		}
	},
	60_000,
);

test.runIf(exiftool !== null)(
	"what ExifTool writes is read by ourselves",
	() => {
		const filePath = join(folder, "by-exiftool.xmp");
		const words = ["-Subject=Dog", "-Subject=Strand", "-HierarchicalSubject=Tiere|Dog"];
		exiftool?.(
			...words,
			"-Title=A title",
			"-Rating=5",
			"-Label=Red",
			"-o",
			filePath,
			join(folder, "a new sidecar.xmp"),
		);
		expect(readXmp(readFileSync(filePath))).toMatchObject({
			title: "A title",
			rating: 5,
			label: "Red",
			hierarchies: [["Tiere", "Dog"]],
			keywords: ["Dog", "Strand"],
		});
	},
	60_000,
);

/** @file The whole engine on real photos: suggestions, decisions, labels of one's own, with the real encoder. */
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { EngineClient } from "../../contract/contract.ts";
import type { PhotoId } from "../../contract/ids.ts";
import {
	openTestLibrary,
	resourcesPath,
	temporaryRoot,
	untilSearchable,
} from "../engine/open-test-library.ts";

const names = ["chelsea-the-cat.jpg", "giant-panda.webp", "chesterton-windmill.webp", "gravel.jpg"];

function copyPhotos(photosPath: string, wanted: readonly string[] = names): void {
	mkdirSync(photosPath, { recursive: true });
	for (const name of wanted) {
		copyFileSync(join(resourcesPath, "demo-photos", name), join(photosPath, name));
	}
}

/** A library of a few demo photos that have been looked at with the shipped labels. */
async function taggedLibrary(options: { root?: string } = {}) {
	const opened = await openTestLibrary({ live: false, ...options });
	copyPhotos(opened.photosPath);
	await opened.client.folder.add({ path: opened.photosPath });
	await untilSearchable(opened.client, names.length);
	await lookAtAll(opened.client);
	return opened;
}

async function lookAtAll(client: EngineClient) {
	let last = null;
	for await (const progress of await client.tagging.run({})) last = progress;
	return last;
}

async function photoNamed(client: EngineClient, name: string): Promise<PhotoId> {
	const { ids } = await client.photo.columns({});
	const found = (await client.photo.summaries({ ids })).find(({ fileName }) => fileName === name);
	if (found === undefined) throw new Error(`There is no ${name}.`);
	return found.id;
}

async function stateOf(client: EngineClient, id: PhotoId, path: string) {
	return (await client.tag.ofPhoto({ id })).find((tag) => tag.path === path)?.state ?? null;
}

test("shipped labels suggest what photos show, with confidence and origin, as nobody's decision", async () => {
	const { client } = await taggedLibrary();
	const panda = await photoNamed(client, "giant-panda.webp");
	const suggestion = (await client.tag.ofPhoto({ id: panda })).find(
		({ path }) => path === "animal/panda",
	);
	expect(suggestion).toMatchObject({ state: "suggested", source: "label", decidedAtMs: null });
	expect(suggestion?.confidence).toBeGreaterThan(0.5);
	expect(suggestion?.scoredBy).toMatchObject({ labelVersion: 1 });
	const tags = await client.tag.list({});
	expect(tags.every(({ accepted }) => accepted === 0)).toBe(true);
	expect(tags.find(({ path }) => path === "animal/panda")).toMatchObject({
		name: "panda",
		suggested: 1,
		cover: { id: panda },
	});
	expect(tags.every(({ parentId, path }) => (parentId === null) === !path.includes("/"))).toBe(
		true,
	);
});

test("an accepted suggestion is found by tag and taken back by undo", async () => {
	const { client } = await taggedLibrary();
	const panda = await photoNamed(client, "giant-panda.webp");
	const tag = (await client.tag.list({})).find(({ path }) => path === "animal/panda");
	if (tag === undefined) throw new Error("The panda has no tag.");
	const change = await client.tag.decide({
		decision: "accept",
		suggestions: { type: "of-tag", tagId: tag.id },
	});
	expect(change.changed).toBe(1);
	const found = await client.search.text({ query: "tag:panda" });
	expect(found.hits.map(({ id }) => id)).toEqual([panda]);
	if (change.changeId === null) throw new Error("Nothing was changed.");
	const undone = await client.tag.undo({ changeId: change.changeId });
	expect(undone).toMatchObject({ changed: 1, skipped: 0 });
	expect(await stateOf(client, panda, "animal/panda")).toBe("suggested");
	if (undone.changeId === null) throw new Error("Nothing was undone.");
	await client.tag.undo({ changeId: undone.changeId });
	expect(await stateOf(client, panda, "animal/panda")).toBe("accepted");
});

test("what was rejected never comes back: not by looking again, a copy, or forgetting the folder", async () => {
	const { client, photosPath } = await taggedLibrary();
	const panda = await photoNamed(client, "giant-panda.webp");
	const tag = (await client.tag.list({})).find(({ path }) => path === "animal/panda");
	if (tag === undefined) throw new Error("The panda has no tag.");
	await client.tag.decide({
		decision: "reject",
		suggestions: { type: "chosen", pairs: [{ id: panda, tagId: tag.id }] },
	});
	await lookAtAll(client);
	expect(await stateOf(client, panda, "animal/panda")).toBe("rejected");

	copyFileSync(join(photosPath, "giant-panda.webp"), join(photosPath, "copy-of-panda.webp"));
	const [folder] = await client.folder.list();
	if (folder === undefined) throw new Error("There is no folder.");
	await client.folder.rescan({ id: folder.id });
	await untilSearchable(client, names.length + 1);
	await lookAtAll(client);
	const copy = await photoNamed(client, "copy-of-panda.webp");
	expect(await stateOf(client, copy, "animal/panda")).not.toBe("suggested");

	rmSync(join(photosPath, "copy-of-panda.webp"));
	await client.folder.remove({ id: folder.id });
	await client.folder.add({ path: photosPath });
	await untilSearchable(client, names.length);
	await lookAtAll(client);
	const again = await photoNamed(client, "giant-panda.webp");
	expect(again).not.toBe(panda);
	expect(await stateOf(client, again, "animal/panda")).not.toBe("suggested");
});

test("a label of one's own shows its nearest photos, learns from answers, and outlives a restart", async () => {
	const root = temporaryRoot();
	const { client, library } = await taggedLibrary({ root });
	const cat = await photoNamed(client, "chelsea-the-cat.jpg");
	const gravel = await photoNamed(client, "gravel.jpg");
	const draft = { path: "pet/my tomcat", wordings: ["a cat"] };
	const preview = await client.label.preview({ draft });
	expect(preview.photos).toBe(names.length);
	expect(preview.nearest[0]?.id).toBe(cat);
	expect(preview.histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(names.length);
	expect(preview.histogram.edges).toHaveLength(preview.histogram.counts.length + 1);

	const answers = [
		{ id: cat, answer: "yes" as const },
		{ id: gravel, answer: "no" as const },
	];
	const taught = await client.label.preview({ draft: { ...draft, answers } });
	expect(taught).toMatchObject({ yes: 1, no: 1, unused: 0 });
	const of = (id: PhotoId, among: typeof preview) =>
		among.nearest.find((photo) => photo.id === id)?.confidence ?? Number.NaN;
	expect(of(cat, taught)).toBeGreaterThan(of(cat, preview));
	expect(of(gravel, taught)).toBeLessThanOrEqual(of(gravel, preview));
	expect(taught.questions.map(({ id }) => id)).not.toContain(cat);

	const saved = await client.label.save({ draft: { ...draft, threshold: 0.4, answers } });
	expect(saved.label).toMatchObject({ path: "pet/my tomcat", yes: 1, no: 1, threshold: 0.4 });
	expect(await stateOf(client, cat, "pet/my tomcat")).toBe("suggested");
	await library.close();

	const reopened = await openTestLibrary({ root, live: false });
	const kept = await reopened.client.label.get({ id: saved.label.id });
	expect(kept.answers).toEqual(expect.arrayContaining(answers));
	expect(kept).toMatchObject({ wordings: ["a cat"], threshold: 0.4 });
});

test("exported labels with their answers mean the same in another library", async () => {
	const { client } = await taggedLibrary();
	const cat = await photoNamed(client, "chelsea-the-cat.jpg");
	await client.label.saveGroup({ name: "Pets", choose: "one-of" });
	const [group] = (await client.label.list()).groups.filter(({ name }) => name === "Pets");
	await client.label.save({
		draft: {
			path: "pet/tomcat",
			wordings: ["a cat"],
			synonyms: ["kitty"],
			threshold: 0.3,
			groupId: group?.id ?? null,
			answers: [{ id: cat, answer: "yes" }],
		},
	});
	const document = await client.label.export({});
	const other = await taggedLibrary();
	const taken = await other.client.label.import({ document: JSON.parse(JSON.stringify(document)) });
	expect(taken).toMatchObject({ added: 1, replaced: 0, answers: 1 });
	expect(await other.client.label.export({})).toEqual(document);
	const newer = { ...document, afterimageLabels: 2 };
	await expect(other.client.label.import({ document: newer })).rejects.toMatchObject({
		code: "LABELS_UNREADABLE",
		message: expect.stringMatching(/format 2.*formats up to 1/),
	});
	await expect(other.client.label.import({ document: "hostile" })).rejects.toMatchObject({
		code: "LABELS_UNREADABLE",
	});
});

test("in a group of which one fits, the probabilities share one whole with none of them", async () => {
	const { client } = await taggedLibrary();
	const { added } = await client.label.addLines({
		text: "kind/cat = a cat\nkind/panda = a panda\nkind/windmill = a windmill",
		group: "Kind",
		choose: "one-of",
	});
	const sums = new Map<PhotoId, number>();
	for (const { id } of added) {
		const { nearest } = await client.label.preview({ draft: { id } });
		for (const photo of nearest) {
			sums.set(photo.id, (sums.get(photo.id) ?? 0) + photo.confidence);
		}
	}
	expect(sums.size).toBe(names.length);
	for (const sum of sums.values()) expect(sum).toBeLessThanOrEqual(1 + 1e-6);
	expect(sums.get(await photoNamed(client, "gravel.jpg"))).toBeLessThan(0.5);
	expect(sums.get(await photoNamed(client, "giant-panda.webp"))).toBeGreaterThan(0.5);
});

test("photos are looked at as they are indexed, and not where that is switched off", async () => {
	const { client, photosPath } = await openTestLibrary();
	copyPhotos(photosPath, ["giant-panda.webp"]);
	await client.folder.add({ path: photosPath });
	await untilSearchable(client, 1);
	const panda = await photoNamed(client, "giant-panda.webp");
	await expect.poll(() => stateOf(client, panda, "animal/panda")).toBe("suggested");

	expect(await client.tagging.change({ automatic: false })).toEqual({ automatic: false });
	copyPhotos(photosPath, ["chelsea-the-cat.jpg"]);
	const [folder] = await client.folder.list();
	if (folder === undefined) throw new Error("There is no folder.");
	await client.folder.rescan({ id: folder.id });
	await untilSearchable(client, 2);
	await client.tag.apply({ ids: [panda], add: ["seen"] });
	const cat = await photoNamed(client, "chelsea-the-cat.jpg");
	expect(await client.tag.ofPhoto({ id: cat })).toEqual([]);
});

test("tags are written out as CSV with the photo's path, the tag and its confidence", async () => {
	const { client, photosPath } = await taggedLibrary();
	const panda = await photoNamed(client, "giant-panda.webp");
	await client.tag.apply({ ids: [panda], add: ['a "quoted", name'] });
	let csv = "";
	for await (const piece of await client.tag.csv({})) csv += piece;
	const [heading, ...lines] = csv.trimEnd().split("\r\n");
	expect(heading).toBe("path,tag,state,source,confidence,label version,encoder");
	expect(lines).toContain(
		`${join(photosPath, "giant-panda.webp")},"a ""quoted"", name",accepted,person,,,`,
	);
	expect(lines.some((line) => /animal\/panda,suggested,label,0\.\d+,1,/.test(line))).toBe(true);
});

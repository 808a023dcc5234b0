/** @file Tags in the database: counts and covers of the tree, searching, undoing twice. */
import { expect, onTestFinished, test } from "vitest";
import type { LabelId, PhotoId, TagId } from "../../contract/ids.ts";
import type { Catalogue } from "../../engine/catalogue/catalogue.ts";
import { openCatalogue } from "../../engine/catalogue/open-catalogue.ts";
import { addFolder, found, read } from "./catalogue-contents.ts";

const encoderKey = "encoder-1";

/** Photos, each a minute older than the one before, none with the content of another. */
async function library(count: number, hashOf = (at: number) => `content ${at}`) {
	const catalogue = await openCatalogue(":memory:");
	onTestFinished(() => catalogue.close());
	const { id: folderId } = await addFolder(catalogue);
	const files = Array.from({ length: count }, (_, at) => found(`${at}.jpg`));
	const photos = await catalogue.photos.discover(folderId, files);
	await catalogue.photos.storeRead(
		encoderKey,
		photos.map((id, at) =>
			read(id, files[at] ?? found(""), {
				contentHash: hashOf(at),
				takenAtMs: Date.UTC(2020, 0, 1) - at * 60_000,
			}),
		),
	);
	return { catalogue, photos };
}

async function tagAt(catalogue: Catalogue, path: string) {
	const tag = (await catalogue.tags.list(true)).find((each) => each.path === path);
	if (tag === undefined) throw new Error(`there is no tag ${path}`);
	return tag;
}

async function vocabulary(catalogue: Catalogue, paths: readonly string[]) {
	await catalogue.labels.matchVocabularies([
		{
			name: "All",
			choose: "any-of",
			labels: paths.map((path) => ({ path, wordings: [path], synonyms: [] })),
		},
	]);
	return catalogue.labels.list();
}

function suggestion(label: { id: LabelId; tagId: TagId }, photoId: PhotoId, confidence: number) {
	return { labelId: label.id, tagId: label.tagId, photoId, labelVersion: 1, confidence };
}

test("a photo with a tag and one below it counts once above", async () => {
	const { catalogue, photos } = await library(3);
	const [one, two] = photos;
	if (one === undefined || two === undefined) throw new Error("Photos were added.");
	await catalogue.tags.apply([one], ["animal", "animal/dog", "animal/cat"], []);
	await catalogue.tags.apply([two], ["animal/dog/poodle"], []);
	expect(await tagAt(catalogue, "animal")).toMatchObject({ accepted: 1, acceptedBelow: 2 });
	expect(await tagAt(catalogue, "animal/dog")).toMatchObject({ accepted: 1, acceptedBelow: 2 });
	expect(await tagAt(catalogue, "animal/cat")).toMatchObject({ accepted: 1, acceptedBelow: 1 });
});

test("the cover is the newest photo of the tag or any below it", async () => {
	const { catalogue, photos } = await library(2);
	const [newer, older] = photos;
	if (newer === undefined || older === undefined) throw new Error("Photos were added.");
	await catalogue.tags.apply([older], ["animal/cat"], []);
	await catalogue.tags.apply([newer], ["animal/dog"], []);
	expect((await tagAt(catalogue, "animal")).cover?.id).toBe(newer);
});

test("without accepted photos the cover is the most certain suggestion of the tag or any below it", async () => {
	const { catalogue, photos } = await library(2);
	const [one, two] = photos;
	if (one === undefined || two === undefined) throw new Error("Photos were added.");
	const labels = await vocabulary(catalogue, ["animal/cat", "animal/dog"]);
	const [cat, dog] = labels;
	if (cat === undefined || dog === undefined) throw new Error("Labels were added.");
	await catalogue.tags.replaceSuggestions(
		encoderKey,
		labels.map(({ id }) => id),
		null,
		[suggestion(cat, one, 0.4), suggestion(dog, two, 0.9)],
	);
	expect((await tagAt(catalogue, "animal")).cover?.id).toBe(two);
});

test.each(["Dog", "ﬁsh", "Nº 5", "ｗｉｄｅ", "m²"])(
	"a tag %s is found by the path it was given",
	async (path) => {
		const { catalogue, photos } = await library(1);
		await catalogue.tags.apply(photos, [path], []);
		expect(await catalogue.photos.matching([{ kind: "tag", path }])).toEqual(photos);
	},
);

test("a change undone twice and then done again is in effect, and listed so", async () => {
	const { catalogue, photos } = await library(1);
	const { changeId } = await catalogue.tags.apply(photos, ["dog"], []);
	if (changeId === null) throw new Error("Nothing was changed.");
	const undone = await catalogue.tags.undo(changeId);
	expect((await catalogue.tags.undo(changeId))?.changeId).toBeNull();
	if (undone?.changeId == null) throw new Error("Nothing was undone.");
	await catalogue.tags.undo(undone.changeId);
	expect(await catalogue.tags.list(false)).toMatchObject([{ path: "dog", accepted: 1 }]);
	const listed = (await catalogue.tags.changes(10)).find((each) => each.changeId === changeId);
	expect(listed?.undone).toBe(false);
});

test("a change of which nothing could be taken back is not listed as undone", async () => {
	const { catalogue, photos } = await library(1);
	await catalogue.tags.create(["dog"], "person");
	const { changeId } = await catalogue.tags.apply(photos, ["dog"], []);
	await catalogue.tags.apply(photos, [], ["dog"]);
	if (changeId === null) throw new Error("Nothing was changed.");
	expect(await catalogue.tags.undo(changeId)).toMatchObject({ changeId: null, skipped: 1 });
	const listed = (await catalogue.tags.changes(10)).find((each) => each.changeId === changeId);
	expect(listed?.undone).toBe(false);
});

test("moving a tag moves its photos, and a taken path changes nothing", async () => {
	const { catalogue, photos } = await library(1);
	await catalogue.tags.apply(photos, ["animal/dog/poodle"], []);
	await catalogue.tags.create(["pet/dog"], "person");
	const dog = await tagAt(catalogue, "animal/dog");
	const before = await catalogue.tags.list(true);
	expect(await catalogue.tags.rename(dog.id, "Pet/Dog")).toBeNull();
	expect(await catalogue.tags.list(true)).toEqual(before);
	await catalogue.tags.rename(dog.id, "friend/dog");
	expect(await tagAt(catalogue, "friend/dog/poodle")).toMatchObject({ accepted: 1 });
});

test("a rejected tag stays away from every copy, and comes for others", async () => {
	const { catalogue, photos } = await library(3, (at) => (at < 2 ? "same" : "other"));
	const [one, , third] = photos;
	if (one === undefined || third === undefined) throw new Error("Photos were added.");
	const [dog] = await vocabulary(catalogue, ["dog"]);
	if (dog === undefined) throw new Error("Labels were added.");
	const suggestAll = () =>
		catalogue.tags.replaceSuggestions(
			encoderKey,
			[dog.id],
			null,
			photos.map((id) => suggestion(dog, id, 0.7)),
		);
	await suggestAll();
	const pairs = [{ id: one, tagId: dog.tagId }];
	await catalogue.tags.decide("reject", { type: "chosen", pairs }, false);
	await suggestAll();
	expect((await catalogue.tags.photos(dog.tagId, "suggested", false, 10)).ids).toEqual([third]);
});

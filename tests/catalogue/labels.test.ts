/** @file Labels in the database: vocabularies and what the person changed, rounds of suggestions. */
import { expect, onTestFinished, test } from "vitest";
import { openCatalogue } from "../../engine/catalogue/open-catalogue.ts";
import { addFolder, found, read } from "./catalogue-contents.ts";

const encoderKey = "encoder-1";
const weather = {
	name: "Weather",
	choose: "one-of" as const,
	labels: ["weather/sun", "weather/rain"].map((path) => ({ path, wordings: [path], synonyms: [] })),
};

async function library(count = 0) {
	const catalogue = await openCatalogue(":memory:");
	onTestFinished(() => catalogue.close());
	const { id: folderId } = await addFolder(catalogue);
	const files = Array.from({ length: count }, (_, at) => found(`${at}.jpg`));
	const photos = await catalogue.photos.discover(folderId, files);
	await catalogue.photos.storeRead(
		encoderKey,
		photos.map((id, at) => read(id, files[at] ?? found(""))),
	);
	return { catalogue, photos };
}

test("a vocabulary read again changes nothing", async () => {
	const { catalogue } = await library();
	expect(await catalogue.labels.matchVocabularies([weather])).toBe(true);
	expect(await catalogue.labels.matchVocabularies([weather])).toBe(false);
	expect(await catalogue.tags.changes(10)).toEqual([]);
});

test("changed lines of a vocabulary are followed, but not over what the person edited", async () => {
	const { catalogue } = await library();
	await catalogue.labels.matchVocabularies([weather]);
	const [rain, sun] = await catalogue.labels.list();
	if (rain === undefined || sun === undefined) throw new Error("Labels were added.");
	await catalogue.labels.save(rain.id, { ...rain, wordings: ["my own rain"], answers: [] });
	const labels = weather.labels.map((label) => ({ ...label, wordings: ["from the file"] }));
	await catalogue.labels.matchVocabularies([{ ...weather, labels }]);
	expect(await catalogue.labels.get(rain.id)).toMatchObject({ wordings: ["my own rain"] });
	expect(await catalogue.labels.get(sun.id)).toMatchObject({
		wordings: ["from the file"],
		version: sun.version + 1,
	});
});

test("how a vocabulary's group chooses stays as the person set it", async () => {
	const { catalogue } = await library();
	await catalogue.labels.matchVocabularies([weather]);
	await catalogue.labels.saveGroup("Weather", "any-of");
	await catalogue.labels.matchVocabularies([weather]);
	expect(await catalogue.labels.groups()).toMatchObject([{ name: "Weather", choose: "any-of" }]);
});

test("the same round twice suggests nothing new, also where two labels have one tag", async () => {
	const { catalogue, photos } = await library(2);
	await catalogue.labels.matchVocabularies([weather]);
	const [rain, sun] = await catalogue.labels.list();
	if (rain === undefined || sun === undefined) throw new Error("Labels were added.");
	await catalogue.tags.merge([rain.tagId], sun.tagId);
	const round = () =>
		catalogue.tags.replaceSuggestions(
			encoderKey,
			[rain.id, sun.id],
			null,
			photos.flatMap((photoId) =>
				[rain.id, sun.id].map((labelId, at) => ({
					labelId,
					tagId: sun.tagId,
					labelVersion: 1,
					photoId,
					confidence: at === 0 ? 0.5 : 0.9,
				})),
			),
		);
	expect(await round()).toEqual({ suggested: 2, withdrawn: 0 });
	expect(await round()).toEqual({ suggested: 0, withdrawn: 0 });
});

test("a round among some photos leaves the suggestions of others", async () => {
	const { catalogue, photos } = await library(3);
	await catalogue.labels.matchVocabularies([weather]);
	const [rain] = await catalogue.labels.list();
	const [one, two, three] = photos;
	if (rain === undefined || one === undefined || two === undefined || three === undefined)
		throw new Error("Labels and photos were added.");
	const of = (photoId: typeof one) => ({
		labelId: rain.id,
		tagId: rain.tagId,
		labelVersion: 1,
		photoId,
		confidence: 0.5,
	});
	const round = (among: typeof photos | null, listed: typeof photos) =>
		catalogue.tags.replaceSuggestions(encoderKey, [rain.id], among, listed.map(of));
	await round(null, [one, two]);
	expect(await round([two, three], [three])).toEqual({ suggested: 1, withdrawn: 1 });
	expect((await catalogue.tags.photos(rain.tagId, "suggested", false, 10)).ids.sort()).toEqual([
		one,
		three,
	]);
});

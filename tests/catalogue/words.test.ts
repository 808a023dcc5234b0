/** @file Words of photos stay in step with what becomes of the photos. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PhotoId } from "../../contract/ids.ts";
import { type WordSource, wordSourceSchema } from "../../contract/words.ts";
import type { Catalogue } from "../../engine/catalogue/catalogue.ts";
import type { FoundFile } from "../../engine/catalogue/records.ts";
import { numberForms, wordsIn } from "../../engine/catalogue/word-forms.ts";
import { newCatalogue } from "./catalogue-on-disk.ts";

const everywhere = wordSourceSchema.options;
const lisbon = () => ["Lisbon", "Lisboa", "Portugal"];

const file = (relativePath: string): FoundFile => ({
	relativePath,
	sizeBytes: 10,
	modifiedAtMs: 1000,
	fileIdentity: relativePath,
});

async function withPhotos(...paths: string[]) {
	const { catalogue } = await newCatalogue();
	const { id: folderId } = await catalogue.folders.add({
		volumeId: "v",
		pathInVolume: "pictures",
		lastPath: "/home/someone/Family Pictures",
	});
	const ids = await catalogue.photos.discover(folderId, paths.map(file));
	return { catalogue, folderId, ids };
}

async function catchUp(catalogue: Catalogue) {
	while ((await catalogue.words.indexPending(50, lisbon)) > 0);
}

async function photosWith(
	catalogue: Catalogue,
	words: string,
	sources: readonly WordSource[] = everywhere,
): Promise<number[]> {
	await catchUp(catalogue);
	const phrase = wordsIn(words).flatMap(({ pieces }) => pieces);
	return [...(await catalogue.words.photosWith([[phrase]], sources))];
}

describe("the words of a photo", () => {
	test("its name is cut at dashes, digits and capitals, without its ending", async () => {
		const { catalogue, ids } = await withPhotos("beach-day.jpg", "IMG_2034.JPG", "myBestDog2.png");
		const [beach, numbered, dog] = ids;
		expect(await photosWith(catalogue, "beach")).toEqual([beach]);
		expect(await photosWith(catalogue, "2034")).toEqual([numbered]);
		expect(await photosWith(catalogue, "dog")).toEqual([dog]);
		expect(await photosWith(catalogue, "jpg")).toEqual([]);
		expect([...(await catalogue.words.photosWith([[["mybestdog2"]]], everywhere))]).toEqual([dog]);
	});

	test("folders count, the library folder with them, and are told from names", async () => {
		const { catalogue, ids } = await withPhotos("2019/Été à Nîmes/a.jpg", "b.jpg");
		expect(await photosWith(catalogue, "ete")).toEqual([ids[0]]);
		expect(await photosWith(catalogue, "Nimes", ["folder"])).toEqual([ids[0]]);
		expect(await photosWith(catalogue, "Nimes", ["name"])).toEqual([]);
		expect(await photosWith(catalogue, "family")).toEqual(ids);
	});

	test("scripts without spaces are found by any stretch of them, others by whole words", async () => {
		const { catalogue, ids } = await withPhotos(
			"東京タワーの夜.jpg",
			"강아지 산책.jpg",
			"собака.jpg",
		);
		expect(await photosWith(catalogue, "タワー")).toEqual([ids[0]]);
		expect(await photosWith(catalogue, "京夜")).toEqual([]);
		expect(await photosWith(catalogue, "산책")).toEqual([ids[1]]);
		expect(await photosWith(catalogue, "СОБАКА")).toEqual([ids[2]]);
	});

	test("what others know is found until it is taken back", async () => {
		const { catalogue, ids } = await withPhotos("a.jpg", "b.jpg");
		const [first, second] = ids;
		if (first === undefined || second === undefined) throw new Error("Two photos were added.");
		await catalogue.words.setMany([
			{ id: first, source: "caption", text: "Grandmother's birthday cake" },
			{ id: second, source: "recognised", text: "HAPPY BIRTHDAY" },
			{ id: second, source: "tags", text: "animal/dog\nparty" },
			{ id: 999 as PhotoId, source: "tags", text: "of no photo" },
		]);
		expect(await photosWith(catalogue, "birthday")).toEqual([first, second]);
		expect(await photosWith(catalogue, "birthday cake")).toEqual([first]);
		expect(await photosWith(catalogue, "dog", ["tags"])).toEqual([second]);
		expect((await catalogue.words.textsOf([second])).get(second)).toContainEqual({
			source: "tags",
			text: "animal/dog\nparty",
		});
		await catalogue.words.set(second, "recognised", null);
		await catalogue.words.set(second, "tags", "cat");
		expect(await photosWith(catalogue, "birthday")).toEqual([first]);
		expect(await photosWith(catalogue, "dog")).toEqual([]);
		expect(await photosWith(catalogue, "cat")).toEqual([second]);
	});

	test("saying the same again makes no work", async () => {
		const { catalogue, ids } = await withPhotos("a.jpg");
		await catalogue.words.set(ids[0] ?? (0 as PhotoId), "title", "Sunday");
		await catchUp(catalogue);
		await catalogue.words.set(ids[0] ?? (0 as PhotoId), "title", "Sunday");
		expect(await catalogue.words.pending()).toBe(0);
	});

	test("a moved, renamed or removed photo takes its words along", async () => {
		const { catalogue, folderId, ids } = await withPhotos("old/dog.jpg", "cat.jpg", "bird.jpg");
		const [dog, cat, bird] = ids;
		if (dog === undefined || cat === undefined || bird === undefined) throw new Error("Three.");
		await catalogue.words.set(bird, "caption", "a wren");
		await catchUp(catalogue);
		await catalogue.photos.move([{ id: dog, folderId, file: file("new/hound.jpg") }]);
		await catalogue.photos.move([{ id: cat, folderId, file: file("bird.jpg") }]);
		expect(await photosWith(catalogue, "dog")).toEqual([]);
		expect(await photosWith(catalogue, "hound")).toEqual([dog]);
		expect(await photosWith(catalogue, "old")).toEqual([]);
		expect(await photosWith(catalogue, "bird")).toEqual([cat]);
		expect(await photosWith(catalogue, "wren")).toEqual([]);
		await catalogue.folders.update(folderId, { lastPath: "/media/Archive" });
		expect(await photosWith(catalogue, "family")).toEqual([]);
		expect(await photosWith(catalogue, "archive")).toEqual([dog, cat]);
		await catalogue.folders.remove(folderId);
		expect([...(await catalogue.words.photosWith([[["hound"]]], everywhere))]).toEqual([]);
		expect(await photosWith(catalogue, "archive")).toEqual([]);
		expect(await catalogue.words.pending()).toBe(0);
		expect(await catalogue.integrityProblems()).toEqual([]);
	});

	test("the commonest words come first when a word is begun", async () => {
		const { catalogue } = await withPhotos("dog-1.jpg", "dog-2.jpg", "door.jpg", "Doris.jpg");
		await catchUp(catalogue);
		expect(await catalogue.words.beginning("do", ["name"], 2)).toEqual([
			{ word: "dog", photos: 2 },
			{ word: "door", photos: 1 },
		]);
		expect(await catalogue.words.beginning("do", ["tags"], 2)).toEqual([]);
	});

	test("no text and no name upsets the index", async () => {
		const { catalogue, ids } = await withPhotos('"quoted" OR NOT {x} : (*.jpg', "%_\\' --.jpg");
		const [id] = ids;
		if (id === undefined) throw new Error("A photo was added.");
		await fc.assert(
			fc.asyncProperty(fc.string({ unit: "grapheme", maxLength: 60 }), async (text) => {
				await catalogue.words.set(id, "caption", text);
				await catchUp(catalogue);
				for (const { pieces, whole, start, end } of wordsIn(text)) {
					expect(text.slice(start, end)).not.toBe("");
					const phrases = whole === null ? [pieces] : [pieces, [whole]];
					for (const phrase of phrases) {
						expect([...(await catalogue.words.photosWith([[phrase]], ["caption"]))]).toEqual([id]);
					}
				}
			}),
			{ numRuns: 300, examples: [["⅐ of it"]] },
		);
	});

	test("syntax of full-text queries is nothing but characters", async () => {
		const { catalogue } = await withPhotos("a.jpg");
		await catchUp(catalogue);
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.string({ unit: fc.constantFrom(..."\"'*^:(){}+-, ORNT\0\\a") })),
				async (phrase) => {
					await catalogue.words.photosWith([[phrase], [phrase, phrase]], everywhere);
				},
			),
		);
	});
});

test.each([
	["dog", "dogs"],
	["beaches", "beach"],
	["party", "parties"],
	["parties", "party"],
	["children", "child"],
	["bus", "buses"],
])("%s is asked for as %s too", (word, other) => {
	expect(numberForms(word)).toContain(other);
});

test.each(["glass", "is", "犬", "собака"])("%s is nobody's plural", (word) => {
	expect(numberForms(word).filter((form) => form.length < word.length)).toEqual([]);
});

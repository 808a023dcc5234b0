/** @file The words of photos follow their tags, and searching by tags and stars. */
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { PhotoId } from "../../contract/ids.ts";
import { folderTable } from "../../engine/catalogue/folder-table.ts";
import { openConnection } from "../../engine/catalogue/open-catalogue.ts";
import type { PhotoCondition } from "../../engine/catalogue/photo-condition.ts";
import { photoTable } from "../../engine/catalogue/photo-table.ts";
import { wordTable } from "../../engine/catalogue/word-table.ts";
import { found } from "./catalogue-contents.ts";
import { temporaryFolder } from "./catalogue-on-disk.ts";

async function library() {
	const connection = openConnection(join(temporaryFolder(), "catalogue.sqlite"));
	onTestFinished(() => connection.close());
	const folders = folderTable(connection);
	const photos = photoTable(connection);
	const words = wordTable(connection);
	const { id } = await folders.add({ volumeId: "v", pathInVolume: "p", lastPath: "/p" });
	const [one, other] = await photos.discover(id, [found("1.jpg"), found("2.jpg")]);
	if (one === undefined || other === undefined) throw new Error("Two photos were added.");
	connection.execute("update photos set state = 'searchable'");
	connection.execute(`insert into tags (id, path, path_key, origin) values
		(1, 'animal', 'animal', 'person'), (2, 'animal/Dog', 'animal/dog', 'person'),
		(3, 'party', 'party', 'person')`);
	const tag = (photo: PhotoId, tagId: number, state: string) =>
		connection.execute(`insert into photo_tags (tag_id, photo_id, state, source)
			values (${tagId}, ${photo}, '${state}', 'person')
			on conflict do update set state = excluded.state`);
	const withWord = async (word: string) => {
		while ((await words.indexPending(50, () => [])) > 0);
		return words.photosWith([[[word]]], ["tags"]);
	};
	const matching = async (condition: PhotoCondition) =>
		(await photos.matching([condition])).toSorted((a, b) => a - b);
	return { connection, photos, one, other, tag, withWord, matching };
}

test("accepted tags are words of the photo until they are taken back", async () => {
	const { connection, one, other, tag, withWord } = await library();
	tag(one, 2, "accepted");
	tag(one, 3, "accepted");
	tag(other, 2, "suggested");
	expect(await withWord("dog")).toEqual([one]);
	tag(other, 2, "accepted");
	expect(await withWord("dog")).toEqual([one, other]);
	tag(one, 2, "rejected");
	expect(await withWord("dog")).toEqual([other]);
	expect(await withWord("party")).toEqual([one]);
	connection.execute(
		"update tags set path = 'animal/Hound', path_key = 'animal/hound' where id = 2",
	);
	expect(await withWord("dog")).toEqual([]);
	expect(await withWord("hound")).toEqual([other]);
	connection.execute("delete from tags where id = 3");
	expect(await withWord("party")).toEqual([]);
});

test("a photo that goes takes its tags and words with it", async () => {
	const { connection, photos, one, tag, withWord } = await library();
	tag(one, 2, "accepted");
	await photos.remove([one]);
	expect(await withWord("dog")).toEqual([]);
	expect(connection.pragma("foreign_key_check")).toBeUndefined();
});

test("a tag is found by its name or path in either case, with all below it", async () => {
	const { one, other, tag, matching } = await library();
	tag(one, 2, "accepted");
	tag(other, 1, "accepted");
	tag(other, 3, "suggested");
	expect(await matching({ kind: "tag", path: "DOG" })).toEqual([one]);
	expect(await matching({ kind: "tag", path: "Animal/Dog" })).toEqual([one]);
	expect(await matching({ kind: "tag", path: "animal" })).toEqual([one, other]);
	expect(await matching({ kind: "tag", path: "do" })).toEqual([]);
	expect(await matching({ kind: "tag", path: "%" })).toEqual([]);
	expect(await matching({ kind: "tag", path: "party" })).toEqual([]);
	expect(await matching({ kind: "not", of: { kind: "tagged" } })).toEqual([]);
});

test("stars are asked for by their number; a photo without any has none", async () => {
	const { connection, one, other, matching } = await library();
	connection.execute(`insert into file_metadata (photo_id, rating) values (${one}, 4)`);
	expect(await matching({ kind: "rating", from: 4, to: 4 })).toEqual([one]);
	expect(await matching({ kind: "rating", from: 3, to: null })).toEqual([one]);
	expect(await matching({ kind: "rating", from: 0, to: 0 })).toEqual([other]);
	expect(await matching({ kind: "rating", from: null, to: 3 })).toEqual([other]);
});

/** @file Words with pictures, parts of pictures and judged hits, with the demo photos and the real encoder. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { ORPCError } from "@orpc/client";
import { createRouterClient } from "@orpc/server";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EngineClient } from "../../contract/contract.ts";
import type { PhotoId } from "../../contract/ids.ts";
import type { SearchResult } from "../../contract/search.ts";
import { openLibrary } from "../../engine/engine.ts";
import type { OpenLibrary } from "../../engine/open-library.ts";
import { resourcesPath, untilSearchable } from "../engine/open-test-library.ts";

const demoPhotos = 37;
const root = mkdtempSync(join(tmpdir(), "afterimage-pictures-"));
let library: OpenLibrary;
let client: EngineClient;
const ids = new Map<string, PhotoId>();

beforeAll(async () => {
	library = await openLibrary({
		libraryPath: join(root, "library"),
		resourcesPath,
		version: "0.0.0-test",
		live: false,
	});
	client = createRouterClient(library.router);
	await client.folder.add({ path: join(resourcesPath, "demo-photos") });
	await untilSearchable(client, demoPhotos);
	const { hits } = await client.search.text({ query: "a photo" });
	for (const { id, path } of hits) ids.set(basename(path), id);
});

afterAll(async () => {
	await library.close();
	rmSync(root, { recursive: true, force: true });
});

function idOf(name: string): PhotoId {
	const id = ids.get(name);
	if (id === undefined) throw new Error(`There is no ${name}.`);
	return id;
}

const photos = (...names: string[]) => ({ kind: "photos" as const, ids: names.map(idOf) });
const namesOf = ({ hits }: SearchResult) => hits.map(({ path }) => basename(path));

async function refusalOf(call: Promise<unknown>): Promise<{ code: string; message: string }> {
	const error = await call.then(
		() => null,
		(thrown: unknown) => thrown,
	);
	if (error instanceof ORPCError) return { code: String(error.code), message: error.message };
	throw new Error("It was not refused.");
}

const demoFile = (name: string) =>
	new File([new Uint8Array(readFileSync(join(resourcesPath, "demo-photos", name)))], name);

test("a picture beside words moves what is like it up, and is itself left out", async () => {
	const words = await client.search.text({ query: "a plant" });
	const both = await client.search.text({
		query: "a plant",
		examples: [{ source: photos("forest-stream.jpg") }],
	});
	const like = "mountain-meadow.jpg";
	expect(namesOf(both)).not.toContain("forest-stream.jpg");
	expect(namesOf(both)).toHaveLength(demoPhotos - 1);
	expect(namesOf(both).indexOf(like)).toBeLessThan(namesOf(words).indexOf(like));
	expect(both.composition).toEqual([
		{ kind: "words", text: "a plant", share: expect.closeTo(0.6, 5) },
		{
			kind: "example",
			at: 0,
			source: photos("forest-stream.jpg"),
			share: expect.closeTo(0.4, 5),
		},
	]);
	expect(words.composition).toBeUndefined();
});

test("filters, exclusions and order hold beside pictures", async () => {
	const examples = [{ source: photos("great-wall.webp") }];
	const filtered = await client.search.text({ query: "a building type:webp", examples });
	expect(filtered.parsed?.parts.map(({ kind }) => kind)).toEqual(["text", "format"]);
	expect(filtered.hits.length).toBeGreaterThan(2);
	expect(namesOf(filtered).every((name) => name.endsWith(".webp"))).toBe(true);
	const only = await client.search.text({ query: "type:webp", examples });
	expect(only.composition?.map(({ kind }) => kind)).toEqual(["example"]);
	expect(only.ranked).toBe(true);
	const dated = await client.search.text({ query: "a building", examples, order: "date" });
	expect(dated.order).toBe("date");
	expect(namesOf(dated).toSorted()).toHaveLength(demoPhotos - 1);
});

test("an example without words ranks as well", async () => {
	const { hits, parsed, composition } = await client.search.text({
		query: "",
		examples: [{ source: photos("dahlia.jpg", "allium-oreophilum.jpg") }],
	});
	expect(parsed?.parts).toEqual([]);
	expect(composition).toHaveLength(1);
	const first = hits.slice(0, 5).map(({ path }) => basename(path));
	expect(first.some((name) => /dandelions|acanthus/.test(name))).toBe(true);
});

test("less like a picture lowers its like, and the weight says how far", async () => {
	const rank = async (weight: number | null) => {
		const result = await client.search.text({
			query: "an animal",
			examples: weight === null ? [] : [{ source: photos("chelsea-the-cat.jpg"), weight }],
		});
		return namesOf(result).indexOf("locomotion-house-cat.jpg");
	};
	const plain = await rank(null);
	expect(await rank(-0.3)).toBeGreaterThanOrEqual(plain);
	expect(await rank(-1)).toBeGreaterThan(plain + 3);
});

test("a hit that was judged wrong falls, and its share is told", async () => {
	const before = await client.search.text({ query: "an animal" });
	const [wrong] = before.hits;
	if (wrong === undefined) throw new Error("Nothing was found.");
	const after = await client.search.text({ query: "an animal", disliked: [wrong.id] });
	const place = after.hits.findIndex(({ id }) => id === wrong.id);
	expect(place).toBeGreaterThan(4);
	expect(after.composition?.at(-1)).toMatchObject({ kind: "disliked", photos: 1, share: -0.5 });
	const liked = await client.search.text({ query: "an animal", liked: [wrong.id] });
	expect(liked.hits[0]?.id).toBe(wrong.id);
	expect(liked.composition?.at(-1)).toMatchObject({ kind: "liked", photos: 1 });
});

test("a part of a photo is searched by what it shows", async () => {
	// The window's lower half is two dogs; without the frame around them they are all there is.
	const region = { x: 0.2, y: 0.3, width: 0.6, height: 0.6 };
	const ask = () =>
		client.search.text({
			query: "",
			examples: [
				{ source: { kind: "region" as const, id: idOf("two-dogs-at-a-window.jpg"), region } },
			],
		});
	const found = await ask();
	const whole = await client.search.text({
		query: "",
		examples: [{ source: photos("two-dogs-at-a-window.jpg") }],
	});
	expect(namesOf(found)).not.toContain("two-dogs-at-a-window.jpg");
	expect(namesOf(found)).not.toEqual(namesOf(whole));
	// Remembered: the second time nothing is decoded or embedded.
	expect(namesOf(await ask())).toEqual(namesOf(found));
});

test("a cat cut out of a larger picture finds the cats", async () => {
	const cat = await sharp(join(resourcesPath, "demo-photos", "chelsea-the-cat.jpg"))
		.resize(300, 200, { fit: "fill" })
		.toBuffer();
	const picture = await sharp(join(resourcesPath, "demo-photos", "gravel.jpg"))
		.resize(1200, 800, { fit: "fill" })
		.composite([{ input: cat, left: 800, top: 500 }])
		.jpeg()
		.toBuffer();
	const { key } = await client.search.keepPicture({
		image: new File([new Uint8Array(picture)], "cat on gravel.jpg"),
	});
	const region = { x: 800 / 1200, y: 500 / 800, width: 300 / 1200, height: 200 / 800 };
	const part = await client.search.text({
		query: "",
		examples: [{ source: { kind: "picture", key, region } }],
	});
	const whole = await client.search.text({
		query: "",
		examples: [{ source: { kind: "picture", key } }],
	});
	expect(namesOf(part)[0]).toBe("chelsea-the-cat.jpg");
	expect(part.hits[0]?.confidence).toBeGreaterThan(whole.hits[0]?.confidence ?? 1);
});

test("a kept picture finds what is like it; one that is not kept is asked for again", async () => {
	const { key } = await client.search.keepPicture({ image: demoFile("moose.webp") });
	const { hits } = await client.search.text({
		query: "",
		examples: [{ source: { kind: "picture", key } }],
	});
	expect(basename(hits[0]?.path ?? "")).toBe("moose.webp");
	const gone = client.search.text({
		query: "moose",
		examples: [{ source: { kind: "picture", key: "long ago" } }],
	});
	const { code, message } = await refusalOf(gone);
	expect(code).toBe("PICTURE_GONE");
	expect(message).toContain("Choose it again");
	const broken = new File([new Uint8Array([1, 2, 3])], "broken.jpg");
	const unread = await refusalOf(client.search.keepPicture({ image: broken }));
	expect(unread.code).toBe("IMAGE_UNREADABLE");
});

test("a question that asks for nothing says what is missing", async () => {
	const unlike = await refusalOf(
		client.search.text({ query: "", examples: [{ source: photos("moose.webp"), weight: -0.5 }] }),
	);
	expect(unlike).toMatchObject({ code: "INVALID_QUERY" });
	expect(unlike.message).toContain("what to look for");
	const cancelled = await refusalOf(
		client.search.text({
			query: "",
			examples: [
				{ source: photos("moose.webp"), weight: 0.5 },
				{ source: photos("moose.webp"), weight: -0.5 },
			],
		}),
	);
	expect(cancelled.message).toContain("cancel one another out");
	const unknown = await refusalOf(
		client.search.text({
			query: "a dog",
			examples: [{ source: { kind: "photos", ids: [99_999 as PhotoId] } }],
		}),
	);
	expect(unknown.code).toBe("PHOTO_NOT_FOUND");
	const outside = client.search.text({
		query: "",
		examples: [
			{
				source: {
					kind: "region",
					id: idOf("moose.webp"),
					region: { x: 0.8, y: 0, width: 0.5, height: 1 },
				},
			},
		],
	});
	expect((await refusalOf(outside)).code).toBe("BAD_REQUEST");
});

test("confidence falls with every hit, and words with a fitting picture are a match", async () => {
	const { hits, verdict } = await client.search.text({
		query: "a cat",
		examples: [{ source: photos("locomotion-house-cat.jpg") }],
	});
	expect(verdict).toBe("match");
	expect(basename(hits[0]?.path ?? "")).toBe("chelsea-the-cat.jpg");
	const confidences = hits.map(({ confidence }) => confidence);
	expect(confidences).toEqual(confidences.toSorted((a, b) => b - a));
});

test("what is written about a photo counts as far as words do, and never against what is not wanted", async () => {
	const palace = "winter-palace-at-night.webp";
	const both = await client.search.text({
		query: "at night",
		examples: [{ source: photos("great-wall.webp") }],
	});
	expect(namesOf(both)[0]).toBe(palace);
	expect(both.hits.map(({ id }) => id)).not.toContain(idOf("great-wall.webp"));
	const { key } = await client.search.keepPicture({ image: demoFile(palace) });
	const unlike = await client.search.text({
		query: "at night",
		examples: [{ source: { kind: "picture", key }, weight: -0.5 }],
	});
	expect(namesOf(unlike)[0]).not.toBe(palace);
});

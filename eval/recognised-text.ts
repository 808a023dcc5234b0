/**
 * @file How much of the text in pictures is read and found: pictures with known words go through the
 * app itself, from the file to the first hit of a search.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createRouterClient } from "@orpc/server";
import type { EngineClient } from "../contract/contract.ts";
import type { PhotoId } from "../contract/ids.ts";
import { openLibrary } from "../engine/engine.ts";
import { makeTextPictures, type TextPicture, textAngles } from "./text-pictures.ts";

/** The one that nothing was chosen on. */
const reportedSeed = 2;

interface Outcome {
	picture: TextPicture;
	/** Of its words, in their order: read letter by letter, and found first by a search for the word. */
	read: boolean[];
	first: boolean[];
}

/** @param options `seed` other than the reported one is for choosing numbers. */
export async function measureRecognisedText(
	resourcesPath: string,
	options: { seed?: number; perAngle?: number } = {},
) {
	const { seed = reportedSeed, perAngle = 12 } = options;
	const root = mkdtempSync(join(tmpdir(), "afterimage-text-"));
	const photosPath = join(root, "photos");
	const pictures = await makeTextPictures(resourcesPath, seed, perAngle);
	const library = await openLibrary({
		libraryPath: join(root, "library"),
		resourcesPath,
		version: "0.0.0-eval",
		live: true,
	});
	try {
		const client = createRouterClient(library.router);
		mkdirSync(photosPath);
		for (const [index, { bytes }] of pictures.entries()) {
			// A name that says nothing.
			writeFileSync(join(photosPath, `${String(index).padStart(4, "0")}.jpg`), bytes);
		}
		await client.folder.add({ path: photosPath });
		const secondsPerPhoto = await untilRead(client, pictures.length);
		const outcomes = await judge(client, pictures);
		const demo = await readDemoPhotos(client);
		return {
			seed,
			pictures: pictures.length,
			...shares(outcomes),
			byAngle: Object.fromEntries(
				textAngles.map((angle) => [
					`${angle}°`,
					shares(outcomes.filter(({ picture }) => picture.angle === angle)),
				]),
			),
			byBackground: Object.fromEntries(
				(["plain", "plate", "photo"] as const).map((background) => [
					background,
					shares(outcomes.filter(({ picture }) => picture.background === background)),
				]),
			),
			secondsPerPhoto,
			demoPhotos: demo,
			notRead: outcomes.flatMap(({ picture, read }) =>
				picture.words
					.filter((_, at) => !read[at])
					.map((word) => `${word} (${picture.angle}°, ${picture.background}, ${picture.font})`),
			),
		};
	} finally {
		await library.close();
		rmSync(root, { recursive: true, force: true });
	}
}

async function judge(client: EngineClient, pictures: readonly TextPicture[]): Promise<Outcome[]> {
	const { ids } = await client.photo.columns({});
	const byName = new Map<string, PhotoId>();
	for (const summary of await client.photo.summaries({ ids: ids.slice(0, 1000) })) {
		byName.set(summary.fileName, summary.id);
	}
	const outcomes: Outcome[] = [];
	for (const [index, picture] of pictures.entries()) {
		const id = byName.get(`${String(index).padStart(4, "0")}.jpg`);
		if (id === undefined) throw new Error(`Picture ${index} is not in the library.`);
		const text = await client.recognition.ofPhoto({ id });
		const lines = text.state === "read" ? text.lines.map((line) => line.text) : [];
		const words = new Set(lines.flatMap(wordsOf));
		const first: boolean[] = [];
		for (const word of picture.words) {
			const { hits } = await client.search.text({ query: word, limit: 1 });
			first.push(hits[0]?.id === id);
		}
		const read = picture.words.map((word) => wordsOf(word).every((part) => words.has(part)));
		outcomes.push({ picture, read, first });
	}
	return outcomes;
}

const wordsOf = (text: string): string[] =>
	text
		.normalize("NFC")
		.toLowerCase()
		.split(/[^\p{L}\p{N}]+/u)
		.filter((word) => word !== "");

function shares(outcomes: readonly Outcome[]) {
	const share = (flags: readonly boolean[]) =>
		flags.length === 0 ? null : flags.filter(Boolean).length / flags.length;
	return {
		words: outcomes.reduce((sum, { read }) => sum + read.length, 0),
		read: share(outcomes.flatMap(({ read }) => read)),
		foundFirst: share(outcomes.flatMap(({ first }) => first)),
	};
}

/** Photos without a word of text: what is read in them is noise. */
async function readDemoPhotos(client: EngineClient) {
	const { ids: before } = await client.photo.columns({});
	await client.folder.addDemo();
	const known = new Set(before);
	for (;;) {
		const { ids } = await client.photo.columns({});
		const { searchable, waiting, phase } = await client.activity.progress();
		if (phase === "idle" && waiting === 0 && searchable > known.size) {
			const secondsPerPhoto = await untilRead(client, searchable);
			const lines: string[] = [];
			for (const id of ids.filter((one) => !known.has(one))) {
				const text = await client.recognition.ofPhoto({ id });
				if (text.state === "read") lines.push(...text.lines.map((line) => line.text));
			}
			return { photos: ids.length - known.size, secondsPerPhoto, lines };
		}
		await delay(200);
	}
}

/** @returns the mean time of the last photos. */
async function untilRead(client: EngineClient, photos: number): Promise<number | null> {
	for (;;) {
		const status = await client.recognition.status();
		if (status.problem !== null) throw new Error(status.problem);
		if (status.done >= photos) return status.secondsPerPhoto;
		await delay(200);
	}
}

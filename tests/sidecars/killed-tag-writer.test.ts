/** @file Killed while it writes, the app leaves every sidecar and photo file old or new, and goes on from there. */
import { fork } from "node:child_process";
import { once } from "node:events";
import {
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import fc from "fast-check";
import sharp from "sharp";
import { expect, onTestFinished, test } from "vitest";
import { unknownCaptureFacts } from "../../contract/capture-facts.ts";
import { openCatalogue } from "../../engine/catalogue/open-catalogue.ts";
import { hashFile } from "../../engine/library/content-hash.ts";
import { noFileMetadata } from "../../engine/xmp/clean-metadata.ts";
import { embeddedReaderVersion } from "../../engine/xmp/embedded-metadata.ts";
import { readEmbeddedXmp, readXmp } from "../../engine/xmp/read-xmp.ts";
import { makePhoto } from "../fixtures/make-photos.ts";
import { findExifTool } from "../xmp/exiftool.ts";
import { lightroom } from "../xmp/sidecar-samples.ts";

const kills = 20;
const exiftool = findExifTool();

/** Photos that have been read, the first with a sidecar of another program. */
async function prepare(count: number) {
	const root = mkdtempSync(join(tmpdir(), "afterimage-killed-tags-"));
	onTestFinished(() => rmSync(root, { recursive: true, force: true }));
	const photosPath = join(root, "photos");
	mkdirSync(photosPath);
	const catalogue = await openCatalogue(join(root, "catalogue.sqlite"));
	const { id: folderId } = await catalogue.folders.add({
		volumeId: "test",
		pathInVolume: "photos",
		lastPath: photosPath,
	});
	const names = Array.from({ length: count }, (_, index) => `${index}.jpg`);
	for (const [seed, name] of names.entries()) {
		const filePath = join(photosPath, name);
		writeFileSync(filePath, await makePhoto(seed));
		const { size, mtimeMs } = statSync(filePath);
		const file = { relativePath: name, sizeBytes: size, modifiedAtMs: Math.floor(mtimeMs) };
		const [id] = await catalogue.photos.discover(folderId, [{ ...file, fileIdentity: name }]);
		const contentHash = await hashFile(filePath);
		if (id === undefined || contentHash === null) throw new Error("It could not be read.");
		const { sizeBytes, modifiedAtMs } = file;
		await catalogue.photos.storeRead("test-encoder", [
			{
				id,
				sizeBytes,
				modifiedAtMs,
				contentHash,
				format: "jpeg",
				width: 240,
				height: 160,
				takenAtMs: null,
				...unknownCaptureFacts,
				perceptualHash: new Uint8Array(98),
				embedding: Float32Array.of(1, 0, 0, 0),
			},
		]);
		await catalogue.fileMetadata.apply(
			id,
			{
				place: "photo",
				contentHash,
				readerVersion: embeddedReaderVersion,
				metadata: noFileMetadata,
				drawn: false,
			},
			({ agreed }) => ({ add: [], remove: [], agreed, conflict: null }),
		);
	}
	const foreign = lightroom
		.replace(/<dc:subject>[\s\S]*<\/dc:subject>/, "")
		.replace(/<lr:hierarchicalSubject>[\s\S]*<\/lr:hierarchicalSubject>/, "");
	writeFileSync(join(photosPath, "0.jpg.xmp"), foreign);
	await catalogue.close();
	return { root, photosPath, names };
}

function start(root: string, keptIn: string, rounds: number) {
	const script = new URL("./endless-tag-writer.ts", import.meta.url);
	return fork(script, [root, keptIn, String(rounds)], { execArgv: [] });
}

/** Kills it so many times, at moments that are the same in every run; looks at the files after each. */
async function killOften(root: string, keptIn: string, mostMs: number, look: () => Promise<void>) {
	const moments = fc.sample(fc.integer({ min: 0, max: mostMs }), { numRuns: kills, seed: 7 });
	for (const moment of moments) {
		const writer = start(root, keptIn, 0);
		await once(writer, "message");
		await delay(moment);
		writer.kill("SIGKILL");
		await once(writer, "exit");
		await look();
	}
	const last = start(root, keptIn, 2);
	const [code] = await once(last, "exit");
	expect(code).toBe(0);
	await look();
}

/** Exactly one round's tag: no half of two. */
function roundOf(keywords: readonly string[]): string {
	expect(keywords.length).toBeLessThanOrEqual(1);
	return keywords[0] ?? "";
}

test("killed twenty times while it writes sidecars, each is the old one or the new one", async () => {
	const { root, photosPath, names } = await prepare(12);
	const rounds = new Set<string>();
	const look = async () => {
		for (const name of readdirSync(photosPath).filter((name) => /^\d+\.jpg\.xmp$/.test(name))) {
			const bytes = readFileSync(join(photosPath, name));
			rounds.add(roundOf(readXmp(bytes).keywords));
			if (name === "0.jpg.xmp") expect(bytes.toString()).toContain("crs:");
		}
	};
	await killOften(root, "sidecars", 150, look);
	expect(rounds.size).toBeGreaterThan(3);
	const sidecars = names.map((name) => `${name}.xmp`);
	expect(readdirSync(photosPath).sort()).toEqual([...names, ...sidecars].sort());
	const last = sidecars.map((name) =>
		roundOf(readXmp(readFileSync(join(photosPath, name))).keywords),
	);
	expect(new Set(last).size).toBe(1);
});

test.runIf(exiftool !== null)(
	"killed twenty times while it writes photo files, each is whole and shows the same picture",
	async () => {
		const { root, photosPath, names } = await prepare(3);
		const pixels = (name: string) => sharp(join(photosPath, name)).raw().toBuffer();
		const before = new Map<string, Buffer>();
		for (const name of names) before.set(name, await pixels(name));
		const look = async () => {
			for (const name of names) {
				expect((await pixels(name)).equals(before.get(name) ?? Buffer.alloc(0)), name).toBe(true);
				const { xmp } = await sharp(join(photosPath, name)).metadata();
				if (xmp !== undefined) roundOf(readEmbeddedXmp(xmp).keywords);
			}
		};
		await killOften(root, "files", 1500, look);
		const catalogue = await openCatalogue(join(root, "catalogue.sqlite"));
		onTestFinished(() => catalogue.close());
		expect(await catalogue.photoWrites.pending()).toEqual([]);
		expect(await catalogue.photoWrites.refused(10)).toEqual([]);
		const [folder] = await catalogue.folders.list();
		const ids = folder === undefined ? [] : await catalogue.photos.ids(folder.id);
		for (const photo of await catalogue.photos.getMany(ids)) {
			const filePath = join(photosPath, photo.relativePath);
			expect(await hashFile(filePath)).toBe(photo.contentHash);
			const { xmp } = await sharp(filePath).metadata();
			const tags = await catalogue.tagWriting.accepted(photo.id);
			expect(xmp === undefined ? [] : readEmbeddedXmp(xmp).keywords).toEqual(tags);
		}
		const sidecars = names.map((name) => `${name}.xmp`);
		expect(readdirSync(photosPath).sort()).toEqual([...names, ...sidecars].sort());
	},
	600_000,
);

/**
 * @file Random histories of a catalogue against a plain model of it. After every step the two agree, counts
 * add up, no embedding is orphaned, and every searchable photo has one.
 */
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { FolderId, PhotoId } from "../../contract/ids.ts";
import type { Catalogue } from "../../engine/catalogue/catalogue.ts";
import { openCatalogue } from "../../engine/catalogue/open-catalogue.ts";
import type { FoundFile, PhotoRecord } from "../../engine/catalogue/records.ts";
import { addFolder, collect, found, read } from "./catalogue-contents.ts";
import { temporaryFolder } from "./catalogue-on-disk.ts";

interface ModelPhoto {
	folder: number;
	path: string;
	sizeBytes: number;
	state: PhotoRecord["state"];
	attempts: number;
	embedded: boolean;
}

/** What the catalogue should hold. */
interface Model {
	photos: Map<PhotoId, ModelPhoto>;
	everGivenOut: Set<PhotoId>;
}

interface Real {
	catalogue: Catalogue;
	folders: FolderId[];
}

type Step = fc.AsyncCommand<Model, Real>;

const key = "encoder";
const folderNumber = fc.nat({ max: 1 });
const path = fc.constantFrom("a.jpg", "b.jpg", "it's.jpg", "line\nbreak.jpg", "🌅.jpg");
const size = fc.integer({ min: 1, max: 3 });
/** Picks among the photos there are when the step runs. */
const pick = fc.nat({ max: 30 });

function folderId(real: Real, number: number): FolderId {
	const id = real.folders[number];
	if (id === undefined) throw new Error(`there is no folder ${number}`);
	return id;
}

function file(path: string, sizeBytes: number): FoundFile {
	return found(path, { sizeBytes, modifiedAtMs: 1_600_000_000_000.5 + sizeBytes });
}

function picked(model: Model, number: number): [PhotoId, ModelPhoto] | undefined {
	const photos = [...model.photos];
	return photos[number % Math.max(1, photos.length)];
}

function photoAt(model: Model, folder: number, path: string): PhotoId | undefined {
	for (const [id, photo] of model.photos)
		if (photo.folder === folder && photo.path === path) return id;
	return undefined;
}

async function expectAgreement(model: Model, { catalogue, folders }: Real): Promise<void> {
	const ids = [...model.photos.keys()].sort((a, b) => a - b);
	const records = await catalogue.photos.getMany(ids);
	expect(
		records.map((record) => [
			record.id,
			{
				folder: folders.indexOf(record.folderId),
				path: record.relativePath,
				sizeBytes: record.sizeBytes,
				state: record.state,
				attempts: record.attempts,
				embedded: record.contentHash !== null,
			},
		]),
	).toEqual(ids.map((id) => [id, model.photos.get(id)]));

	const expected = { photos: ids.length, searchable: 0, failed: 0, waiting: 0 };
	for (const photo of model.photos.values()) expected[photo.state] += 1;
	expect(await catalogue.photos.counts()).toEqual(expected);
	const perFolder = await Promise.all(folders.map((id) => catalogue.photos.counts(id)));
	expect(perFolder.reduce((sum, counts) => sum + counts.photos, 0)).toBe(ids.length);

	const embedded = ids.filter((id) => model.photos.get(id)?.embedded);
	const streamed = await collect(catalogue.embeddings.all(key));
	expect(streamed.map((item) => item.id)).toEqual(embedded);
	expect(await catalogue.embeddings.inconsistencies(key)).toEqual({ missing: [], orphaned: 0 });
	expect((await catalogue.photos.columns()).ids.toSorted((a, b) => a - b)).toEqual(ids);
	const waiting = await catalogue.photos.nextWaiting(100, new Set());
	expect(waiting).toHaveLength(expected.waiting);
}

/** A step that names itself in a counterexample. */
function step(name: string, run: (model: Model, real: Real) => Promise<void>): Step {
	return {
		check: () => true,
		toString: () => name,
		async run(model, real) {
			await run(model, real);
			await expectAgreement(model, real);
		},
	};
}

/** A step about one photo; nothing happens while there is none. */
function photoStep(
	name: string,
	number: number,
	run: (id: PhotoId, photo: ModelPhoto, model: Model, real: Real) => Promise<void>,
): Step {
	return step(`${name}(photo ${number})`, async (model, real) => {
		const one = picked(model, number);
		if (one !== undefined) await run(one[0], one[1], model, real);
	});
}

const steps = [
	fc.tuple(folderNumber, fc.array(fc.tuple(path, size), { maxLength: 4 })).map(([folder, files]) =>
		step(`discover(${folder}, ${JSON.stringify(files)})`, async (model, real) => {
			const ids = await real.catalogue.photos.discover(
				folderId(real, folder),
				files.map(([path, sizeBytes]) => file(path, sizeBytes)),
			);
			for (const [path, sizeBytes] of files) {
				if (photoAt(model, folder, path) !== undefined) continue;
				const id = ids.shift();
				if (id === undefined) throw new Error(`${path} is new and got no id`);
				expect(model.everGivenOut.has(id)).toBe(false);
				model.everGivenOut.add(id);
				model.photos.set(id, {
					folder,
					path,
					sizeBytes,
					state: "waiting",
					attempts: 0,
					embedded: false,
				});
			}
			expect(ids).toEqual([]);
		}),
	),
	fc.tuple(pick, size).map(([number, sizeBytes]) =>
		photoStep(`storeRead of ${sizeBytes} bytes`, number, async (id, photo, _model, real) => {
			const asRead = read(id, file(photo.path, sizeBytes), { contentHash: `${sizeBytes}` });
			const stored = await real.catalogue.photos.storeRead(key, [asRead]);
			const same = sizeBytes === photo.sizeBytes;
			expect(stored).toEqual(same ? [id] : []);
			if (same) Object.assign(photo, { state: "searchable", embedded: true });
		}),
	),
	fc.tuple(pick, size).map(([number, sizeBytes]) =>
		photoStep(`storeFailure of ${sizeBytes} bytes`, number, async (id, photo, _model, real) => {
			const asRead = file(photo.path, sizeBytes);
			await real.catalogue.photos.storeFailure(id, "corrupt", "damaged", asRead);
			if (sizeBytes !== photo.sizeBytes) return;
			Object.assign(photo, { state: "failed", embedded: false, attempts: photo.attempts + 1 });
		}),
	),
	fc.tuple(pick, size).map(([number, sizeBytes]) =>
		photoStep(`markChanged to ${sizeBytes} bytes`, number, async (id, photo, _model, real) => {
			await real.catalogue.photos.markChanged([{ id, file: file(photo.path, sizeBytes) }]);
			Object.assign(photo, { state: "waiting", sizeBytes, attempts: 0 });
		}),
	),
	fc.tuple(pick, folderNumber, path).map(([number, folder, path]) =>
		photoStep(`move to ${folder} ${path}`, number, async (id, photo, model, real) => {
			const other = photoAt(model, folder, path);
			const displaced = await real.catalogue.photos.move([
				{ id, folderId: folderId(real, folder), file: file(path, photo.sizeBytes) },
			]);
			expect(displaced).toEqual(other === undefined || other === id ? [] : [other]);
			for (const gone of displaced) model.photos.delete(gone);
			Object.assign(photo, { folder, path });
		}),
	),
	pick.map((number) =>
		photoStep("remove", number, async (id, _photo, model, real) => {
			await real.catalogue.photos.remove([id]);
			model.photos.delete(id);
		}),
	),
	fc.constant(
		step("retry", async (model, real) => {
			const failed = [...model.photos.values()].filter((photo) => photo.state === "failed");
			expect(await real.catalogue.photos.retry()).toBe(failed.length);
			for (const photo of failed) photo.state = "waiting";
		}),
	),
	folderNumber.map((folder) =>
		step(`remove and add folder ${folder}`, async (model, real) => {
			const inside = [...model.photos].filter(([, photo]) => photo.folder === folder);
			const gone = await real.catalogue.folders.remove(folderId(real, folder));
			const idsInside = inside.map(([id]) => id);
			expect(new Set(gone.map((photo) => photo.id))).toEqual(new Set(idsInside));
			for (const id of idsInside) model.photos.delete(id);
			real.folders[folder] = (await addFolder(real.catalogue, `${folder}`)).id;
		}),
	),
];

test("whatever happens to photos, the catalogue agrees with a plain model of it", async () => {
	const folder = temporaryFolder();
	let history = 0;
	await fc.assert(
		fc.asyncProperty(fc.commands(steps, { maxCommands: 40, size: "max" }), async (commands) => {
			history += 1;
			const catalogue = await openCatalogue(join(folder, `${history}.sqlite`));
			try {
				const folders = [
					(await addFolder(catalogue, "0")).id,
					(await addFolder(catalogue, "1")).id,
				];
				await fc.asyncModelRun(
					() => ({
						model: { photos: new Map<PhotoId, ModelPhoto>(), everGivenOut: new Set<PhotoId>() },
						real: { catalogue, folders },
					}),
					commands,
				);
				expect(await catalogue.integrityProblems()).toEqual([]);
			} finally {
				await catalogue.close();
			}
		}),
		{ numRuns: 60 },
	);
});

/** @file The pure decisions of reconciling, against a model of disks and catalogue. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type PhotoId, photoIdSchema } from "../../contract/ids.ts";
import type { FoundFile } from "../../engine/catalogue/records.ts";
import {
	absentAmong,
	addedAmong,
	type DepartedPhoto,
	filesToHash,
	planReconciliation,
} from "../../engine/library/reconcile.ts";

function photo(id: number, relativePath: string, more: Partial<DepartedPhoto> = {}): DepartedPhoto {
	const facts = { sizeBytes: 10, modifiedAtMs: 1, fileIdentity: `1:${id}`, contentHash: null };
	return { id: photoIdSchema.parse(id), relativePath, ...facts, ...more };
}

function file(relativePath: string, more: Partial<FoundFile> = {}): FoundFile {
	return { relativePath, sizeBytes: 10, modifiedAtMs: 1, fileIdentity: "1:1", ...more };
}

function knownOf(...photos: DepartedPhoto[]): Map<string, DepartedPhoto> {
	return new Map(photos.map((item) => [item.relativePath, item]));
}

const nothingHashed = new Map<string, string>();

describe("one file at a time", () => {
	test("an unchanged file asks for nothing", () => {
		const plan = planReconciliation(knownOf(photo(1, "a.jpg")), [file("a.jpg")], [], nothingHashed);
		expect(plan).toEqual({ discovered: [], changed: [], touched: [], moves: [] });
	});

	test("another size or time is a change, another identity alone is a touch", () => {
		const known = knownOf(photo(1, "a.jpg"), photo(2, "b.jpg"), photo(3, "c.jpg"));
		const found = [
			file("a.jpg", { sizeBytes: 11 }),
			file("b.jpg", { modifiedAtMs: 2, fileIdentity: "1:2" }),
			file("c.jpg", { fileIdentity: "9:9" }),
		];
		const plan = planReconciliation(known, found, [], nothingHashed);
		expect(plan.changed.map(({ id }) => id)).toEqual([1, 2]);
		expect(plan.touched.map(({ id }) => id)).toEqual([3]);
	});

	test("a rename keeps the photo", () => {
		const plan = planReconciliation(new Map(), [file("b.jpg")], [photo(1, "a.jpg")], nothingHashed);
		expect(plan.moves).toEqual([{ id: 1, file: file("b.jpg") }]);
		expect(plan.discovered).toEqual([]);
	});

	test("an inode used again by a file of another time is not a rename", () => {
		const found = [file("b.jpg", { modifiedAtMs: 99 })];
		const plan = planReconciliation(new Map(), found, [photo(1, "a.jpg")], nothingHashed);
		expect(plan.moves).toEqual([]);
		expect(plan.discovered).toEqual(found);
	});

	test("the same bytes on another drive are the same photo; only files of its size are hashed", () => {
		const departed = [photo(1, "a.jpg", { contentHash: "abc", sizeBytes: 77 })];
		const copy = file("x/a.jpg", { fileIdentity: "2:5", modifiedAtMs: 8, sizeBytes: 77 });
		const other = file("x/b.jpg", { fileIdentity: "2:6", sizeBytes: 78 });
		expect(filesToHash([copy, other], departed)).toEqual([copy]);
		const hashes = new Map([["x/a.jpg", "abc"]]);
		const plan = planReconciliation(new Map(), [copy, other], departed, hashes);
		expect(plan.moves).toEqual([{ id: 1, file: copy }]);
		expect(plan.discovered).toEqual([other]);
	});

	test("a photo moved away whose path another file took", () => {
		const known = knownOf(photo(1, "a.jpg"));
		const found = [file("b.jpg"), file("a.jpg", { fileIdentity: "1:2", sizeBytes: 5 })];
		const plan = planReconciliation(known, found, [photo(1, "a.jpg")], nothingHashed);
		expect(plan.moves.map(({ id }) => id)).toEqual([1]);
		expect(plan.changed).toEqual([]);
		expect(plan.discovered.map(({ relativePath }) => relativePath)).toEqual(["a.jpg"]);
	});

	test("nothing at or below what could not be read is absent", () => {
		const known = knownOf(photo(1, "a/1.jpg"), photo(2, "ab/2.jpg"), photo(3, "c.jpg"));
		const absent = absentAmong(known, new Set(["c.jpg"]), ["a"]);
		expect(absent.map(({ id }) => id)).toEqual([2]);
	});
});

/** Two folders; a file's content decides its size, so that equal sizes are common. */
interface DiskFile {
	inode: number;
	content: number;
	modifiedAtMs: number;
}
type Disk = Map<string, DiskFile>;

const place = fc.record({
	folder: fc.nat(1),
	name: fc.constantFrom("a.jpg", "b.jpg", "d/a.jpg", "d/c.jpg", "e/f/g.jpg"),
});
const operation = fc.oneof(
	fc.record({ kind: fc.constant("write" as const), at: place, content: fc.nat(5) }),
	fc.record({ kind: fc.constant("move" as const), from: place, to: place }),
	fc.record({ kind: fc.constant("delete" as const), at: place }),
	fc.record({ kind: fc.constant("restore" as const), at: place }),
);
type Operation = typeof operation extends fc.Arbitrary<infer Value> ? Value : never;

function perform(
	disks: readonly [Disk, Disk],
	steps: readonly Operation[],
	clock: { now: number },
) {
	const diskOf = (index: number) => (index === 0 ? disks[0] : disks[1]);
	for (const step of steps) {
		clock.now++;
		if (step.kind === "write") {
			const disk = diskOf(step.at.folder);
			const inode = disk.get(step.at.name)?.inode ?? clock.now;
			disk.set(step.at.name, { inode, content: step.content, modifiedAtMs: clock.now });
		} else if (step.kind === "move") {
			const source = diskOf(step.from.folder);
			const moving = source.get(step.from.name);
			if (moving === undefined) continue;
			source.delete(step.from.name);
			diskOf(step.to.folder).set(step.to.name, moving);
		} else if (step.kind === "delete") diskOf(step.at.folder).delete(step.at.name);
		else {
			const old = diskOf(step.at.folder).get(step.at.name);
			if (old !== undefined) diskOf(step.at.folder).set(step.at.name, { ...old, inode: clock.now });
		}
	}
}

const sizeOf = (content: number) => 100 + (content % 3);

function filesOn(disk: Disk): FoundFile[] {
	return [...disk].map(([relativePath, { inode, content, modifiedAtMs }]) => ({
		relativePath,
		sizeBytes: sizeOf(content),
		modifiedAtMs,
		fileIdentity: `1:${inode}`,
	}));
}

interface Row extends DepartedPhoto {
	folder: number;
	/** The content whose embedding the row holds; null while it waits. */
	embedded: number | null;
}

/** One reconciliation of both folders, as the reconciler carries it out, in batches of any size. */
function reconcile(
	disks: readonly [Disk, Disk],
	rows: Map<PhotoId, Row>,
	batch: number,
	ids: PhotoId[],
) {
	for (const folder of [0, 1]) {
		const disk = folder === 0 ? disks[0] : disks[1];
		const all = filesOn(disk);
		for (let start = 0; start < all.length; start += batch) {
			const found = all.slice(start, start + batch);
			const known = new Map(
				[...rows.values()]
					.filter((row) => row.folder === folder)
					.map((row) => [row.relativePath, row]),
			);
			const added = addedAmong(known, found);
			const gone = [...rows.values()].filter((row) => {
				const there = (row.folder === 0 ? disks[0] : disks[1]).get(row.relativePath);
				if (there === undefined) return true;
				const replaced = `1:${there.inode}` !== row.fileIdentity;
				return (
					replaced &&
					added.some(
						(item) =>
							item.fileIdentity === row.fileIdentity &&
							item.sizeBytes === row.sizeBytes &&
							item.modifiedAtMs === row.modifiedAtMs,
					)
				);
			});
			const hashes = new Map(
				filesToHash(added, gone).map(({ relativePath }) => [
					relativePath,
					String(disk.get(relativePath)?.content),
				]),
			);
			const plan = planReconciliation(known, found, gone, hashes);
			const touchedIds = [...plan.moves, ...plan.changed, ...plan.touched].map(({ id }) => id);
			expect(new Set(touchedIds).size).toBe(touchedIds.length);
			expect(plan.discovered.every((item) => found.includes(item))).toBe(true);
			for (const { id, file: at } of [...plan.moves, ...plan.touched]) {
				const row = rows.get(id);
				if (row !== undefined) rows.set(id, { ...row, ...at, folder });
			}
			for (const { id, file: at } of plan.changed) {
				const row = rows.get(id);
				if (row !== undefined) rows.set(id, { ...row, ...at, embedded: null, contentHash: null });
			}
			for (const at of plan.discovered) {
				const id = photoIdSchema.parse(ids.length + 1);
				ids.push(id);
				rows.set(id, { id, ...at, folder, contentHash: null, embedded: null });
			}
		}
	}
	for (const folder of [0, 1]) {
		const own = [...rows.values()].filter((row) => row.folder === folder);
		const seen = new Set((folder === 0 ? disks[0] : disks[1]).keys());
		const known = new Map(own.map((row) => [row.relativePath, row]));
		for (const { id } of absentAmong(known, seen, [])) rows.delete(id);
	}
}

/** What the indexer does afterwards. */
function readAll(disks: readonly [Disk, Disk], rows: Map<PhotoId, Row>): void {
	for (const [id, row] of rows) {
		const content = (row.folder === 0 ? disks[0] : disks[1]).get(row.relativePath)?.content;
		if (row.embedded === null && content !== undefined) {
			rows.set(id, { ...row, embedded: content, contentHash: String(content) });
		}
	}
}

describe("any history of two folders", () => {
	const rounds = fc.array(fc.array(operation, { maxLength: 8 }), { minLength: 1, maxLength: 5 });

	test("the catalogue ends as the disk is, and every embedding is of its photo's bytes", () => {
		fc.assert(
			fc.property(rounds, fc.integer({ min: 1, max: 6 }), (history, batch) => {
				const disks: [Disk, Disk] = [new Map(), new Map()];
				const rows = new Map<PhotoId, Row>();
				const ids: PhotoId[] = [];
				const clock = { now: 0 };
				for (const steps of history) {
					perform(disks, steps, clock);
					reconcile(disks, rows, batch, ids);
					readAll(disks, rows);
					for (const folder of [0, 1]) {
						const disk = folder === 0 ? disks[0] : disks[1];
						const own = [...rows.values()].filter((row) => row.folder === folder);
						expect(own.map((row) => row.relativePath).sort()).toEqual([...disk.keys()].sort());
						for (const row of own) expect(row.embedded).toBe(disk.get(row.relativePath)?.content);
					}
				}
			}),
			{ numRuns: 500 },
		);
	});

	test("photos that are only moved keep their ids, wherever they go", () => {
		const moves = fc.array(fc.record({ from: fc.nat(9), folder: fc.nat(1), name: fc.nat(999) }), {
			minLength: 1,
			maxLength: 10,
		});
		fc.assert(
			fc.property(moves, fc.integer({ min: 1, max: 6 }), (steps, batch) => {
				const disks: [Disk, Disk] = [new Map(), new Map()];
				const rows = new Map<PhotoId, Row>();
				const ids: PhotoId[] = [];
				for (let index = 0; index < 10; index++) {
					disks[0].set(`${index}.jpg`, { inode: index, content: index, modifiedAtMs: index });
				}
				reconcile(disks, rows, batch, ids);
				readAll(disks, rows);
				const idOfContent = new Map([...rows.values()].map((row) => [row.embedded, row.id]));
				for (const { from, folder, name } of steps) {
					for (const disk of disks) {
						const at = [...disk].find(([, { content }]) => content === from);
						if (at === undefined) continue;
						const target = folder === 0 ? disks[0] : disks[1];
						if (target.has(`n${name}.jpg`)) break;
						disk.delete(at[0]);
						target.set(`n${name}.jpg`, at[1]);
						break;
					}
				}
				reconcile(disks, rows, batch, ids);
				expect(ids).toHaveLength(10);
				for (const row of rows.values()) {
					const disk = row.folder === 0 ? disks[0] : disks[1];
					expect(idOfContent.get(disk.get(row.relativePath)?.content ?? -1)).toBe(row.id);
				}
			}),
			{ numRuns: 300 },
		);
	});
});

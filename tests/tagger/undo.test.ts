/** @file Deciding and undoing in any order, on a real database: state machines. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ChangeId, LabelId, PhotoId, TagId } from "../../contract/ids.ts";
import type { Catalogue } from "../../engine/catalogue/catalogue.ts";
import { openCatalogue } from "../../engine/catalogue/open-catalogue.ts";
import { addFolder, found, read } from "../catalogue/catalogue-contents.ts";

const encoderKey = "encoder-1";
const paths = ["dog", "animal/dog", "animal/cat", "Animal/Dog/poodle", "beach"];
const photoCount = 4;

interface Stage {
	catalogue: Catalogue;
	photos: PhotoId[];
	labels: { labelId: LabelId; tagId: TagId }[];
}

/** Four photos, two of them copies, and two labels that suggest their tags for all. */
async function setStage(): Promise<Stage> {
	const catalogue = await openCatalogue(":memory:");
	const { id: folderId } = await addFolder(catalogue);
	const files = Array.from({ length: photoCount }, (_, at) => found(`${at}.jpg`));
	const photos = await catalogue.photos.discover(folderId, files);
	await catalogue.photos.storeRead(
		encoderKey,
		photos.map((id, at) =>
			read(id, files[at] ?? found(""), { contentHash: at < 2 ? "same" : `content ${at}` }),
		),
	);
	await catalogue.labels.matchVocabularies([
		{
			name: "Animals",
			choose: "any-of",
			labels: ["animal/dog", "beach"].map((path) => ({ path, wordings: [path], synonyms: [] })),
		},
	]);
	const labels = (await catalogue.labels.list()).map(({ id, tagId }) => ({ labelId: id, tagId }));
	const stage = { catalogue, photos, labels };
	await suggestAll(stage);
	return stage;
}

/** As a run that finds every label in every photo. */
async function suggestAll({ catalogue, photos }: Stage) {
	const records = await catalogue.labels.list();
	return catalogue.tags.replaceSuggestions(
		encoderKey,
		records.map(({ id }) => id),
		null,
		records.flatMap(({ id: labelId, tagId, version: labelVersion }) =>
			photos.map((photoId) => ({ labelId, tagId, photoId, labelVersion, confidence: 0.7 })),
		),
	);
}

async function everything({ catalogue, photos }: Stage) {
	const labels = await catalogue.labels.list();
	return {
		tags: await catalogue.tags.list(true),
		ofPhotos: await Promise.all(photos.map((id) => catalogue.tags.ofPhoto(id))),
		labels,
		answers: await Promise.all(labels.map(({ id }) => catalogue.labels.answers(id))),
	};
}

type Act = (stage: Stage) => Promise<ChangeId | null>;

const photo = fc.nat(photoCount - 1);
const some = fc.subarray([0, 1, 2, 3], { minLength: 1 });
const path = fc.constantFrom(...paths);
const picked = ({ photos }: Stage, places: readonly number[]) =>
	places.flatMap((at) => photos[at] ?? []);
const tagAt = async ({ catalogue }: Stage, wanted: string) => catalogue.tags.withPath(wanted);

const act: fc.Arbitrary<Act> = fc.oneof(
	fc.tuple(some, path, path).map(
		([at, add, remove]): Act =>
			async (stage) =>
				(await stage.catalogue.tags.apply(picked(stage, at), [add], [remove])).changeId,
	),
	fc.tuple(fc.constantFrom("accept" as const, "reject" as const), some, fc.boolean()).map(
		([decision, at, teach]): Act =>
			async (stage) => {
				const choice = { type: "of-photos" as const, ids: picked(stage, at) };
				return (await stage.catalogue.tags.decide(decision, choice, teach)).changeId;
			},
	),
	fc.tuple(fc.constantFrom("accept" as const, "reject" as const), photo).map(
		([decision, at]): Act =>
			async (stage) => {
				const tag = await tagAt(stage, "animal/dog");
				const [id] = picked(stage, [at]);
				if (tag === undefined || id === undefined) return null;
				const choice = { type: "chosen" as const, pairs: [{ id, tagId: tag.id }] };
				return (await stage.catalogue.tags.decide(decision, choice, false)).changeId;
			},
	),
	fc.tuple(path, path).map(
		([from, to]): Act =>
			async (stage) => {
				const tag = await tagAt(stage, from);
				if (tag === undefined || to.toLowerCase().startsWith(`${tag.path.toLowerCase()}/`))
					return null;
				return (await stage.catalogue.tags.rename(tag.id, to))?.changeId ?? null;
			},
	),
	fc.tuple(path, path).map(
		([from, into]): Act =>
			async (stage) => {
				const [one, other] = [await tagAt(stage, from), await tagAt(stage, into)];
				if (one === undefined || other === undefined) return null;
				if (other.path.toLowerCase().startsWith(`${one.path.toLowerCase()}/`)) return null;
				return (await stage.catalogue.tags.merge([one.id], other.id)).changeId;
			},
	),
	path.map(
		(wanted): Act =>
			async (stage) => {
				const tag = await tagAt(stage, wanted);
				return tag === undefined ? null : (await stage.catalogue.tags.remove([tag.id])).changeId;
			},
	),
	fc.boolean().map(
		(enabled): Act =>
			async ({ catalogue, labels }) => {
				const ids = labels.map(({ labelId }) => labelId);
				return (await catalogue.labels.enable(ids, [], enabled)).changeId;
			},
	),
);

test("undoing changes in the reverse order leads back through every state, and undoing those forward again", async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(act, { maxLength: 8 }), async (acts) => {
			const stage = await setStage();
			try {
				const states = [await everything(stage)];
				const done: ChangeId[] = [];
				for (const next of acts) {
					const changeId = await next(stage);
					if (changeId === null) continue;
					done.push(changeId);
					states.push(await everything(stage));
				}
				const back: { changeId: ChangeId; leadsTo: number }[] = [];
				for (const [at, changeId] of [...done.entries()].reverse()) {
					const undone = await stage.catalogue.tags.undo(changeId);
					expect(undone?.skipped).toBe(0);
					if (undone?.changeId != null)
						back.unshift({ changeId: undone.changeId, leadsTo: at + 1 });
					expect(await everything(stage)).toEqual(states[at]);
				}
				for (const { changeId, leadsTo } of back) {
					await stage.catalogue.tags.undo(changeId);
					expect(await everything(stage)).toEqual(states[leadsTo]);
				}
			} finally {
				await stage.catalogue.close();
			}
		}),
		{ numRuns: 60 },
	);
});

test("undone in any order, with labels looking in between: decided stays decided, rejected is not suggested", async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.oneof({ weight: 3, arbitrary: act }, fc.nat(20)), { maxLength: 12 }),
			async (steps) => {
				const stage = await setStage();
				try {
					const done: ChangeId[] = [];
					let anyUndone = false;
					for (const step of steps) {
						const chosen =
							typeof step === "number" ? done[step % Math.max(1, done.length)] : undefined;
						if (typeof step === "function") {
							const changeId = await step(stage);
							if (changeId !== null) done.push(changeId);
						} else if (chosen !== undefined) {
							const undone = await stage.catalogue.tags.undo(chosen);
							anyUndone = true;
							if (undone?.changeId != null) done.push(undone.changeId);
						}
						const before = await everything(stage);
						await suggestAll(stage);
						const after = await everything(stage);
						for (const [at, tags] of before.ofPhotos.entries()) {
							for (const tag of tags.filter(({ state }) => state !== "suggested")) {
								expect(after.ofPhotos[at]).toContainEqual(tag);
							}
						}
						// One content, two photos: what is rejected for one is suggested for none, unless that was undone.
						const [one = [], other = []] = after.ofPhotos;
						for (const { tagId } of one.filter(({ state }) => state === "rejected" && !anyUndone)) {
							const twin = other.find((tag) => tag.tagId === tagId);
							expect(twin?.state).not.toBe("suggested");
						}
						const keys = after.tags.map((tag) => tag.path.toLowerCase());
						expect(new Set(keys).size).toBe(keys.length);
					}
				} finally {
					await stage.catalogue.close();
				}
			},
		),
		{ numRuns: 60 },
	);
});

test("only the last three hundred changes can be undone", async () => {
	const stage = await setStage();
	const { tags } = stage.catalogue;
	const changes: (ChangeId | null)[] = [];
	for (let at = 0; at < 310; at += 1) {
		changes.push((await tags.apply(stage.photos, [`tag ${at}`], [])).changeId);
	}
	expect(await tags.changes(500)).toHaveLength(300);
	const [first] = changes;
	const last = changes.at(-1);
	if (first == null || last == null) throw new Error("Nothing was changed.");
	expect(await tags.undo(first)).toBeNull();
	expect(await tags.undo(last)).toMatchObject({ changed: photoCount, skipped: 0 });
	await stage.catalogue.close();
});

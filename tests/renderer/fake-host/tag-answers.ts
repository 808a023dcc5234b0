/** @file The answers about tags and labels of the made-up engine. */
import { implement } from "@orpc/server";
import { contract } from "../../../contract/contract.ts";
import {
	type Described,
	type DescribedField,
	describedFieldSchema,
} from "../../../contract/description.ts";
import type { PhotoId } from "../../../contract/ids.ts";
import type { KeptIn, TagWritingStatus } from "../../../contract/tag-writing.ts";
import type { MadeUpLabels } from "./made-up-labels.ts";
import type { MadeUpTags } from "./made-up-tags.ts";

const base = implement(contract);
const nothing = { changeId: null, changed: 0 };
const stepMs = 60;

/** Handlers of these nouns, as the router takes them. */
export function tagAnswers(tags: MadeUpTags, labels: MadeUpLabels) {
	const tag = {
		list: base.tag.list.handler(() => tags.list()),
		ofPhoto: base.tag.ofPhoto.handler(({ input }) => tags.ofPhoto(input.id)),
		ofPhotos: base.tag.ofPhotos.handler(({ input }) => tags.ofPhotos(input.ids)),
		apply: base.tag.apply.handler(({ input }) => tags.apply(input.ids, input.add, input.remove)),
		decide: base.tag.decide.handler(({ input: { suggestions, decision } }) =>
			suggestions.type === "of-tag"
				? tags.decide(suggestions.tagId, decision, suggestions.ids)
				: nothing,
		),
		photos: base.tag.photos.handler(({ input, errors }) => {
			const found = tags.photos(input.id, input.state, input.limit);
			if (found === undefined) throw errors.TAG_NOT_FOUND({ data: {} });
			return found;
		}),
		create: base.tag.create.handler(({ input }) => {
			const ids = input.paths.map((path) => tags.give(path, [], "accepted", "person"));
			return { ...tags.change(() => ids.length), ids };
		}),
		rename: base.tag.rename.handler(({ input }) => tags.rename(input.id, input.path)),
		merge: base.tag.merge.handler(({ input }) => tags.merge(input.from, input.into)),
		remove: base.tag.remove.handler(({ input }) => tags.remove(input.ids)),
		undo: base.tag.undo.handler(({ input, errors }) => {
			const undone = tags.undo(input.changeId);
			if (undone === undefined) throw errors.CHANGE_NOT_FOUND({ data: {} });
			return undone;
		}),
		changes: base.tag.changes.handler(() => []),
		csv: base.tag.csv.handler(async function* () {
			yield "path,tag\r\n";
		}),
	};
	const label = {
		list: base.label.list.handler(() => ({
			groups: labels.groups,
			labels: labels.all(),
			problems: [],
			vocabularyFolder: "/home/person/.local/share/afterimage/vocabularies",
		})),
		get: base.label.get.handler(({ input, errors }) => {
			const found = labels.find(input.id);
			if (found === undefined) throw errors.LABEL_NOT_FOUND({ data: {} });
			return { ...found, answers: [] };
		}),
		preview: base.label.preview.handler(({ input }) =>
			labels.preview(input.draft, input.bins, input.samples),
		),
		save: base.label.save.handler(({ input: { draft } }) => {
			const found = labels.preview(draft, 10, 200).nearest.slice(0, 14);
			const saved = labels.save(draft);
			const { changeId } = tags.change(() => {
				tags.give(
					saved.path,
					found.map(({ id }) => id),
					"suggested",
					"label",
				);
				return found.length;
			});
			return { label: saved, changeId, suggested: found.length, withdrawn: 0 };
		}),
		addLines: base.label.addLines.handler(({ input }) => {
			const lines = input.text.split("\n").filter((line) => line.trim() !== "");
			const added = lines.map((line) =>
				labels.save({ id: null, path: line.split("=")[0]?.trim() ?? line, answers: [] }),
			);
			return { added, known: 0, changeId: tags.change(() => added.length).changeId };
		}),
		remove: base.label.remove.handler(({ input }) => {
			labels.remove(input.id);
			return { changeId: tags.change(() => 1).changeId };
		}),
		enable: base.label.enable.handler(() => ({ changeId: null })),
		saveGroup: base.label.saveGroup.handler(({ errors }) => {
			throw errors.NOT_SUPPORTED({ data: {} });
		}),
		export: base.label.export.handler(() => ({
			afterimageLabels: 1 as const,
			groups: [],
			labels: [],
		})),
		import: base.label.import.handler(() => ({
			added: 0,
			replaced: 0,
			answers: 0,
			changeId: null,
		})),
	};
	const settings = { automatic: true };
	const tagging = {
		run: base.tagging.run.handler(async function* ({ signal }) {
			for (let step = 1; step <= 20 && signal?.aborted !== true; step += 1) {
				await new Promise((resolve) => setTimeout(resolve, stepMs));
				yield {
					done: step * 100,
					total: 2000,
					suggested: step * 7,
					withdrawn: 0,
					tookMs: step * stepMs,
				};
			}
		}),
		settings: base.tagging.settings.handler(() => settings),
		change: base.tagging.change.handler(({ input }) => ({
			automatic: input.automatic ?? settings.automatic,
		})),
	};
	let keptIn: KeptIn = "library";
	const writing = (): TagWritingStatus => ({
		keptIn,
		waiting: 0,
		conflicts: 0,
		sidecarsWritten: 0,
		photosWritten: 0,
		originals: { path: "", files: 0, sizeBytes: 0 },
		filesImpossible: null,
		unwritable: [],
		refused: [],
		problem: null,
	});
	const tagWriting = {
		status: base.tagWriting.status.handler(writing),
		change: base.tagWriting.change.handler(({ input }) => {
			keptIn = input.keptIn;
			return writing();
		}),
		conflicts: base.tagWriting.conflicts.handler(() => []),
		settle: base.tagWriting.settle.handler(() => ({ ...writing(), changeId: null })),
		outsideWrites: base.tagWriting.outsideWrites.handler(() => []),
		told: base.tagWriting.told.handler(writing),
		plan: base.tagWriting.plan.handler(() => ({ writes: [], more: false, conflicts: 0 })),
		write: base.tagWriting.write.handler(async function* () {
			yield { done: 0, total: 0, sidecars: 0, photos: 0 };
		}),
		restore: base.tagWriting.restore.handler(() => ({ restored: 0, withoutCopy: 0, refused: [] })),
		originals: base.tagWriting.originals.handler(() => ({
			path: "",
			originals: [],
			sizeBytes: 0,
			trash: true,
		})),
		discardOriginals: base.tagWriting.discardOriginals.handler(({ input }) => ({
			moveId: 1,
			discarded: input.ids.length,
			sizeBytes: 0,
			stayed: [],
			restorable: true,
		})),
	};
	const descriptions = new Map<PhotoId, Described>();
	const described = (id: PhotoId): Described =>
		descriptions.get(id) ?? { title: null, caption: null, rating: null };
	const description = {
		ofPhoto: base.description.ofPhoto.handler(({ input: { id } }) => ({
			...described(id),
			label: null,
			setHere: [],
			inFile: null,
			inSidecar: null,
			sidecarPath: null,
		})),
		ofPhotos: base.description.ofPhotos.handler(({ input: { ids } }) => {
			const [first, ...others] = ids.map(described);
			const isMixed = (field: DescribedField) =>
				others.some((other) => other[field] !== first?.[field]);
			const shared = <Field extends DescribedField>(field: Field) =>
				first === undefined || isMixed(field) ? null : first[field];
			return {
				photos: ids.length,
				title: shared("title"),
				caption: shared("caption"),
				rating: shared("rating"),
				mixed: describedFieldSchema.options.filter(isMixed),
			};
		}),
		change: base.description.change.handler(({ input: { ids, title, caption, rating } }) =>
			tags.change(() => {
				for (const id of ids) {
					descriptions.set(id, {
						...described(id),
						...(title !== undefined && { title }),
						...(caption !== undefined && { caption }),
						...(rating !== undefined && { rating: rating === 0 ? null : rating }),
					});
				}
				return ids.length;
			}),
		),
	};
	return { tag, label, tagging, tagWriting, description };
}

/** @file Labels as a file that another library can take in, whatever its encoder. */
import { z } from "zod";
import { Refusal } from "../../contract/errors.ts";
import type { ChangeId, LabelGroupId, LabelId } from "../../contract/ids.ts";
import {
	type LabelDocument,
	labelDocumentFormat,
	labelDocumentSchema,
} from "../../contract/label.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { tagKey } from "../catalogue/file-tags.ts";
import type { LabelContents } from "../catalogue/label-table.ts";
import { cleanTagPath } from "./tag-path.ts";

/** Own labels and those of vocabularies that were changed, or the ones named. */
export async function exportLabels(
	{ labels }: Catalogue,
	ids: readonly LabelId[] | undefined,
): Promise<LabelDocument> {
	const wanted = ids === undefined ? null : new Set(ids);
	const groups = await labels.groups();
	const nameOf = new Map(groups.map(({ id, name }) => [id, name]));
	const chosen = (await labels.list()).filter((label) =>
		wanted === null
			? label.origin === "own" ||
				label.edited ||
				label.threshold !== null ||
				!label.enabled ||
				label.yes + label.no > 0
			: wanted.has(label.id),
	);
	const used = new Set(chosen.map(({ groupId }) => groupId));
	return {
		afterimageLabels: labelDocumentFormat,
		groups: groups.filter(({ id }) => used.has(id)).map(({ name, choose }) => ({ name, choose })),
		labels: await Promise.all(
			chosen.map(async ({ id, path, groupId, wordings, synonyms, threshold, enabled }) => ({
				path,
				group: groupId === null ? null : (nameOf.get(groupId) ?? null),
				wordings,
				synonyms,
				threshold,
				enabled,
				answers: await labels.answers(id),
			})),
		),
	};
}

/** @throws Refusal LABELS_UNREADABLE naming the field, or both formats when it is newer. */
export async function importLabels(
	{ labels }: Catalogue,
	document: unknown,
): Promise<{ added: number; replaced: number; answers: number; changeId: ChangeId | null }> {
	const read = readDocument(document);
	const groupIds = new Map<string, LabelGroupId>();
	for (const { name, choose } of read.groups) {
		groupIds.set(tagKey(name), (await labels.saveGroup(name, choose)).result);
	}
	const known = new Map((await labels.list()).map((label) => [tagKey(label.path), label.id]));
	const taken = read.labels.map((label): { id: LabelId | null; contents: LabelContents } => {
		const path = cleanTagPath(label.path);
		const { wordings, synonyms, threshold, enabled, answers } = label;
		const groupId = label.group === null ? null : (groupIds.get(tagKey(label.group)) ?? null);
		const own = wordings.length > 0 ? wordings : [path.split("/").at(-1) ?? path];
		return {
			id: known.get(tagKey(path)) ?? null,
			contents: { path, groupId, wordings: own, synonyms, threshold, enabled, answers },
		};
	});
	// The last of two labels of one tag counts.
	const byPath = new Map(taken.map((label) => [tagKey(label.contents.path), label]));
	const change = await labels.saveMany("Import labels", [...byPath.values()]);
	const each = [...byPath.values()];
	return {
		added: each.filter(({ id }) => id === null).length,
		replaced: each.filter(({ id }) => id !== null).length,
		answers: each.reduce((sum, { contents }) => sum + contents.answers.length, 0),
		changeId: change.changeId,
	};
}

const anyFormatSchema = z.object({ afterimageLabels: z.number() });

function readDocument(document: unknown): LabelDocument {
	const format = anyFormatSchema.safeParse(document);
	if (!format.success) {
		throw new Refusal("LABELS_UNREADABLE", "That is no file of labels.", { field: "document" });
	}
	const { afterimageLabels } = format.data;
	if (afterimageLabels > labelDocumentFormat) {
		throw new Refusal(
			"LABELS_UNREADABLE",
			`Those labels have format ${afterimageLabels}, made by a newer Afterimage; this one reads formats up to ${labelDocumentFormat}.`,
			{ field: "document" },
		);
	}
	const read = labelDocumentSchema.safeParse(document);
	if (read.success) return read.data;
	const [issue] = read.error.issues;
	const field = issue?.path.join(".") ?? "";
	throw new Refusal("LABELS_UNREADABLE", `${field}: ${issue?.message ?? "cannot be read"}.`, {
		field,
	});
}

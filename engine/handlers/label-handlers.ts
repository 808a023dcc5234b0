/** @file Labels: list, preview, save, switch, and as a file. */
import type { Catalogue } from "../catalogue/catalogue.ts";
import { exportLabels, importLabels } from "../tagger/label-document.ts";
import type { LabelPreviews } from "../tagger/label-preview.ts";
import type { Labels } from "../tagger/labels.ts";
import type { Tagger } from "../tagger/tagger.ts";
import { implementer } from "./implementer.ts";

export function labelHandlers(parts: {
	catalogue: Catalogue;
	labels: Labels;
	previews: LabelPreviews;
	tagger: Tagger;
	onChanged(): void;
}) {
	const { catalogue, labels, previews, tagger, onChanged } = parts;
	const { label } = implementer;
	return {
		list: label.list.handler(() => labels.list()),
		get: label.get.handler(({ input }) => labels.get(input.id)),
		preview: label.preview.handler(({ input: { draft, bins, samples } }) =>
			previews.preview(draft, bins, samples),
		),
		save: label.save.handler(({ input }) => labels.save(input.draft)),
		addLines: label.addLines.handler(({ input: { text, group, choose } }) =>
			labels.addLines(text, group, choose),
		),
		remove: label.remove.handler(({ input }) => labels.remove(input.id)),
		enable: label.enable.handler(({ input: { labelIds, groupIds, enabled } }) =>
			labels.enable(labelIds, groupIds, enabled),
		),
		saveGroup: label.saveGroup.handler(({ input }) => labels.saveGroup(input.name, input.choose)),
		export: label.export.handler(({ input }) => exportLabels(catalogue, input.ids)),
		import: label.import.handler(async ({ input }) => {
			const taken = await importLabels(catalogue, input.document);
			onChanged();
			tagger.wake();
			return taken;
		}),
	};
}

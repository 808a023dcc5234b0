/** @file Labels: list, preview, save, switch, and as a file. */
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { CurrentSide } from "../encoder-change/current-side.ts";
import type { SearchSide } from "../encoder-change/search-side.ts";
import { exportLabels, importLabels } from "../tagger/label-document.ts";
import type { Labels } from "../tagger/labels.ts";
import { implementer } from "./implementer.ts";

export function labelHandlers(parts: {
	catalogue: Catalogue;
	sides: CurrentSide<SearchSide>;
	onChanged(): void;
}) {
	const { catalogue, sides, onChanged } = parts;
	const { label } = implementer;
	const ask = <Result>(work: (labels: Labels) => Promise<Result>) =>
		sides.use(({ tagging }) => work(tagging.labels));
	return {
		list: label.list.handler(() => ask((labels) => labels.list())),
		get: label.get.handler(({ input }) => ask((labels) => labels.get(input.id))),
		preview: label.preview.handler(({ input: { draft, bins, samples } }) =>
			sides.use(({ tagging }) => tagging.previews.preview(draft, bins, samples)),
		),
		save: label.save.handler(({ input }) => ask((labels) => labels.save(input.draft))),
		addLines: label.addLines.handler(({ input: { text, group, choose } }) =>
			ask((labels) => labels.addLines(text, group, choose)),
		),
		remove: label.remove.handler(({ input }) => ask((labels) => labels.remove(input.id))),
		enable: label.enable.handler(({ input: { labelIds, groupIds, enabled } }) =>
			ask((labels) => labels.enable(labelIds, groupIds, enabled)),
		),
		saveGroup: label.saveGroup.handler(({ input }) =>
			ask((labels) => labels.saveGroup(input.name, input.choose)),
		),
		export: label.export.handler(({ input }) => exportLabels(catalogue, input.ids)),
		import: label.import.handler(async ({ input }) => {
			const taken = await importLabels(catalogue, input.document);
			onChanged();
			sides.now.tagging.tagger.wake();
			return taken;
		}),
	};
}

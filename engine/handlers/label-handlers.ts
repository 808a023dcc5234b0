/** @file Labels: list, preview, save, and looking at photos with them. */
import { Refusal } from "../../contract/errors.ts";
import { implementer } from "./implementer.ts";

export function labelHandlers() {
	const { label } = implementer;
	const notYet = () => {
		throw new Refusal("NOT_SUPPORTED");
	};
	return {
		list: label.list.handler(() => ({
			groups: [],
			labels: [],
			problems: [],
			vocabularyFolder: "",
		})),
		get: label.get.handler(notYet),
		preview: label.preview.handler(notYet),
		save: label.save.handler(notYet),
		addLines: label.addLines.handler(notYet),
		remove: label.remove.handler(notYet),
		enable: label.enable.handler(notYet),
		saveGroup: label.saveGroup.handler(notYet),
		export: label.export.handler(notYet),
		import: label.import.handler(notYet),
	};
}

export function taggingHandlers() {
	const { tagging } = implementer;
	const notYet = () => {
		throw new Refusal("NOT_SUPPORTED");
	};
	return {
		run: tagging.run.handler(notYet),
		settings: tagging.settings.handler(() => ({ automatic: true })),
		change: tagging.change.handler(notYet),
	};
}

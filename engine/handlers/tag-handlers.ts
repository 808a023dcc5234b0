/** @file Tags: list, decide, rename, undo. */
import { Refusal } from "../../contract/errors.ts";
import { implementer } from "./implementer.ts";

export function tagHandlers() {
	const { tag } = implementer;
	const notYet = () => {
		throw new Refusal("NOT_SUPPORTED");
	};
	return {
		list: tag.list.handler(() => []),
		ofPhoto: tag.ofPhoto.handler(() => []),
		ofPhotos: tag.ofPhotos.handler(notYet),
		apply: tag.apply.handler(notYet),
		decide: tag.decide.handler(notYet),
		photos: tag.photos.handler(notYet),
		create: tag.create.handler(notYet),
		rename: tag.rename.handler(notYet),
		merge: tag.merge.handler(notYet),
		remove: tag.remove.handler(notYet),
		undo: tag.undo.handler(notYet),
		changes: tag.changes.handler(() => []),
		csv: tag.csv.handler(notYet),
	};
}

/** @file Look-alikes: list, keep, move to the trash. */
import { type CopiesToTrashParts, moveCopiesToTrash } from "../lookalikes/copies-to-trash.ts";
import { implementer } from "./implementer.ts";

export function lookAlikeHandlers(parts: CopiesToTrashParts) {
	const { lookAlikes } = parts;
	return {
		list: implementer.lookAlike.list.handler(({ input }) => lookAlikes.list(input)),
		keepAll: implementer.lookAlike.keepAll.handler(({ input }) => lookAlikes.keepAll(input.ids)),
		showAgain: implementer.lookAlike.showAgain.handler(({ input }) =>
			lookAlikes.showAgain(input.ids),
		),
		moveToTrash: implementer.lookAlike.moveToTrash.handler(({ input }) =>
			moveCopiesToTrash(parts, input.photos),
		),
	};
}

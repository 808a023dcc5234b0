/** @file Look-alikes: list, keep, move to the trash, restore. */
import type { LookAlikes } from "../lookalikes/look-alikes.ts";
import type { TrashMoves } from "../lookalikes/trash-moves.ts";
import { implementer } from "./implementer.ts";

export function lookAlikeHandlers(parts: { lookAlikes: LookAlikes; trashMoves: TrashMoves }) {
	const { lookAlikes, trashMoves } = parts;
	return {
		list: implementer.lookAlike.list.handler(({ input }) => lookAlikes.list(input)),
		keepAll: implementer.lookAlike.keepAll.handler(({ input }) => lookAlikes.keepAll(input.ids)),
		showAgain: implementer.lookAlike.showAgain.handler(({ input }) =>
			lookAlikes.showAgain(input.ids),
		),
		moveToTrash: implementer.lookAlike.moveToTrash.handler(({ input }) =>
			trashMoves.move(input.photos),
		),
		restore: implementer.lookAlike.restore.handler(async ({ input }) => ({
			restored: await trashMoves.restore(input.moveId),
		})),
	};
}

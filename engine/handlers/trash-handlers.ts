/** @file The trash: photos to it, and back. */
import type { TrashMoves } from "../library/trash-moves.ts";
import { implementer } from "./implementer.ts";

export function trashHandlers({ trashMoves }: { trashMoves: TrashMoves }) {
	return {
		putPhotos: implementer.trash.putPhotos.handler(async ({ input }) =>
			trashMoves.putPhotos(await trashMoves.asSeen(input.photos)),
		),
		restore: implementer.trash.restore.handler(async ({ input }) => ({
			restored: await trashMoves.restore(input.moveId),
		})),
	};
}

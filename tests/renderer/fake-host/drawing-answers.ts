/** @file A host that draws nothing and has drawn nothing. */
import type { implement } from "@orpc/server";
import type { contract } from "../../../contract/contract.ts";

export function drawingAnswers({ generation }: ReturnType<typeof implement<typeof contract>>) {
	return {
		families: generation.families.handler(() => []),
		list: generation.list.handler(() => ({ paused: false, drawings: [] })),
		draw: generation.draw.handler(() => ({ ids: [] })),
		drawWithAll: generation.drawWithAll.handler(() => ({ ids: [] })),
		needs: generation.needs.handler(({ errors }) => {
			throw errors.MODEL_UNAVAILABLE({ data: {} });
		}),
		probe: generation.probe.handler(() => undefined),
		follow: generation.follow.handler(async function* () {
			yield { type: "changed" as const };
		}),
		pause: generation.pause.handler(({ input }) => input),
		again: generation.again.handler(() => undefined),
		reorder: generation.reorder.handler(() => undefined),
		star: generation.star.handler(() => undefined),
		discard: generation.discard.handler(() => undefined),
		restore: generation.restore.handler(() => undefined),
		picture: generation.picture.handler(() => new File([], "drawn.png")),
		given: generation.given.handler(() => ({ start: null, mask: null })),
		preview: generation.preview.handler(() => new File([], "preview.jpg")),
		read: generation.read.handler(({ errors }) => {
			throw errors.IMAGE_UNREADABLE({ data: {} });
		}),
		ofPhoto: generation.ofPhoto.handler(({ errors }) => {
			throw errors.IMAGE_UNREADABLE({ data: {} });
		}),
		colours: generation.colours.handler(() => ({ palette: [[60, 90, 120]] })),
		inLibrary: generation.inLibrary.handler(() => ({ included: true })),
		includeInLibrary: generation.includeInLibrary.handler(({ input }) => input),
	};
}

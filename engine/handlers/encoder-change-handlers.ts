/** @file Changing the encoder: where it stands, begin, hold, end, forget; and comparing encoders. */
import type { CompareEncoders } from "../encoder-change/compare-encoders.ts";
import type { EncoderChange } from "../encoder-change/encoder-change.ts";
import { implementer } from "./implementer.ts";

export function encoderChangeHandlers(parts: {
	change: EncoderChange;
	compareEncoders: CompareEncoders;
}) {
	const { change, compareEncoders } = parts;
	const { encoderChange } = implementer;
	return {
		status: encoderChange.status.handler(() => change.status()),
		start: encoderChange.start.handler(({ input }) => change.start(input.model)),
		pause: encoderChange.pause.handler(() => change.pause()),
		resume: encoderChange.resume.handler(() => change.resume()),
		cancel: encoderChange.cancel.handler(() => change.cancel()),
		discard: encoderChange.discard.handler(({ input }) => change.discard(input.key)),
		try: encoderChange.try.handler(({ input: { model, ...options }, signal }) =>
			compareEncoders.try(model, options, signal),
		),
		evaluate: encoderChange.evaluate.handler(({ input: { models, photos }, signal }) =>
			compareEncoders.evaluate(models, photos, signal),
		),
	};
}

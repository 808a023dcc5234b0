/** @file Entry of the drawing process: draws one picture for its parent, and ends with it. */
import { constants, setPriority } from "node:os";
import { assertNever, Refusal } from "../../../contract/errors.ts";
import { withKeptPart } from "../picture/mask.ts";
import { pictureOf, planesOf } from "../picture/planes.ts";
import type { GenerationEvent } from "../picture-generator.ts";
import { type DrawingJob, type DrawingReply, isDrawingJob } from "./drawing-job.ts";

try {
	// Searching must not wait for drawing, nor the person's other programs.
	setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
} catch {
	// Not allowed here: drawing is as urgent as everything else then.
}

const send = (reply: DrawingReply): Promise<void> =>
	new Promise((resolve) => {
		if (process.connected) process.send?.(reply, undefined, undefined, () => resolve());
		else resolve();
	});

/** Only the code of the family that draws is loaded. */
async function draw(job: DrawingJob): Promise<AsyncGenerator<GenerationEvent>> {
	switch (job.family) {
		case "guided":
			return (await import("../guided/draw-guided.ts")).drawGuided(job);
		case "diffusion":
			return (await import("../diffusion/draw-diffusion.ts")).drawDiffusion(job);
		case "autoregressive":
			return (await import("../autoregressive/draw-autoregressive.ts")).drawAutoregressive(job);
		default:
			return assertNever(job);
	}
}

/** What is seen on the way already shows what stays. */
function seen(event: GenerationEvent, job: DrawingJob): GenerationEvent {
	if (event.kind === "done" || event.preview === null || job.mask === null) return event;
	return { ...event, preview: pictureOf(withKeptPart(planesOf(event.preview), job)) };
}

process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
process.once("message", async (message) => {
	if (!isDrawingJob(message)) return;
	try {
		for await (const event of await draw(message)) {
			await send({ kind: "event", event: seen(event, message) });
		}
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		const { code, detail } = error;
		await send({ kind: "refused", code, message: error.message, detail });
	}
	process.disconnect();
});

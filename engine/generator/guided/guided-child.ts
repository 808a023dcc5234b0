/** @file Entry of the drawing process: draws one picture for its parent, and ends with it. */
import { constants, setPriority } from "node:os";
import { Refusal } from "../../../contract/errors.ts";
import { drawGuided } from "./draw-guided.ts";
import { type GuidedReply, isGuidedJob } from "./guided-job.ts";

try {
	// Searching must not wait for drawing, nor the person's other programs.
	setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
} catch {
	// Not allowed here: drawing is as urgent as everything else then.
}

const send = (reply: GuidedReply): Promise<void> =>
	new Promise((resolve) => {
		if (process.connected) process.send?.(reply, undefined, undefined, () => resolve());
		else resolve();
	});

process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
process.once("message", async (message) => {
	if (!isGuidedJob(message)) return;
	try {
		for await (const event of drawGuided(message)) await send({ kind: "event", event });
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		const { code, detail } = error;
		await send({ kind: "refused", code, message: error.message, detail });
	}
	process.disconnect();
});

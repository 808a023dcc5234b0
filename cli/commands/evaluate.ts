/** @file `afterimage evaluate`: how well search finds this library's photos by what was written about them. */
import type { EvaluationEvent, WrittenRecall } from "../../contract/encoder-change.ts";
import { modelIdSchema } from "../../contract/model-package.ts";
import type { CommandContext } from "../command-context.ts";
import { CommandError } from "../failure.ts";
import { describeSeconds } from "../reading.ts";
import { ProgressLine, printJson, printLine, remark } from "../terminal.ts";
import { withEngine } from "../with-engine.ts";

/** Fewer questions say little. */
const fewQueries = 50;

const kindWords = { captions: "captions", keywords: "keywords", names: "file names" } as const;

export async function evaluate(
	context: CommandContext,
	options: { photos: number; model: readonly string[]; json: boolean },
): Promise<void> {
	const models = options.model.map((given) => {
		const id = modelIdSchema.safeParse(given);
		if (!id.success) throw new CommandError(`There is no model "${given}". See: afterimage models`);
		return id.data;
	});
	await withEngine(context, { live: false, port: 0 }, async ({ client }) => {
		const asked = { photos: options.photos, ...(models.length > 0 && { models }) };
		const line = new ProgressLine();
		let last: Extract<EvaluationEvent, { phase: "done" }> | null = null;
		try {
			const events = await client.encoderChange.evaluate(asked, { signal: context.signal });
			for await (const event of events) {
				if (event.phase === "done") last = event;
				else line.show(inWords(event));
			}
		} finally {
			line.clear();
		}
		if (last === null) throw new CommandError("The evaluation ended without a result.");
		if (options.json) return printJson(last);
		print(last);
	});
}

function print({
	photos,
	searchable,
	encoders,
}: Extract<EvaluationEvent, { phase: "done" }>): void {
	printLine(`Searched: ${photos} of ${searchable} photos, by looks alone.`);
	printLine("Of what was written, so much finds its photo among the first 1, 5 and 10:");
	for (const { title, inUse, recalls, problem } of encoders) {
		printLine("");
		printLine(`${title}${inUse ? " (in use)" : ""}`);
		if (problem !== null) printLine(`  ${problem}`);
		else if (recalls.length === 0) {
			printLine(
				"  Nothing is written about these photos: no captions, keywords or telling file names.",
			);
		}
		for (const recall of recalls) printLine(`  ${rowOf(recall)}`);
	}
	const few = encoders
		.flatMap(({ recalls }) => recalls)
		.filter(({ queries }) => queries < fewQueries);
	if (few.length > 0) {
		remark(
			`With fewer than ${fewQueries} questions the figures can be far off: take them as a hint.`,
		);
	}
}

/** `captions      312   41.0 %   68.3 %   77.6 %   (by chance 0.1 %, 0.5 %, 1.0 %)` */
function rowOf(recall: WrittenRecall): string {
	const { kind, queries, recallAt1, recallAt5, recallAt10 } = recall;
	const found = [recallAt1, recallAt5, recallAt10].map((share) => percent(share).padStart(8));
	const chance = [recall.chanceAt1, recall.chanceAt5, recall.chanceAt10].map(percent).join(", ");
	return `${kindWords[kind].padEnd(12)}${String(queries).padStart(5)} ${found.join(" ")}   (by chance ${chance})`;
}

function percent(share: number): string {
	return `${(share * 100).toFixed(1)} %`;
}

function inWords(event: Exclude<EvaluationEvent, { phase: "done" }>): string {
	if (event.phase === "asking") return `Asking ${event.title}`;
	const left = event.secondsLeft === null ? "" : `, ${describeSeconds(event.secondsLeft)} left`;
	return `${event.done} of ${event.photos} photos read by ${event.title}${left}`;
}

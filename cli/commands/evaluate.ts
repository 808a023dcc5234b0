/** @file `afterimage evaluate`: how well search finds this library's photos by what was written about them. */
import {
	type EvaluationEvent,
	type ShareRange,
	tellingQueries,
	type WrittenRecall,
} from "../../contract/encoder-change.ts";
import { modelIdSchema } from "../../contract/model-package.ts";
import type { CommandContext } from "../command-context.ts";
import { CommandError } from "../failure.ts";
import { describeSeconds } from "../reading.ts";
import { ProgressLine, printJson, printLine, remark } from "../terminal.ts";
import { withEngine } from "../with-engine.ts";

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
		if (last.searchable === 0) {
			throw new CommandError(
				"There are no photos in this library to search through. Add some: afterimage index FOLDER",
			);
		}
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
	const asked = encoders.flatMap(({ recalls }) => recalls.map(({ queries }) => queries));
	if (asked.some((queries) => queries >= tellingQueries)) {
		remark(
			"In brackets: where a share would lie, 95 times in 100, had many more been asked. Where those of two models overlap, the difference may be chance.",
		);
	}
	if (asked.some((queries) => queries < tellingQueries)) {
		remark(
			`Plain counts are too few to tell how good search is: ${tellingQueries} questions would do.`,
		);
	}
}

/**
 * `captions      312   41 % (36 to 47)   68 % (63 to 73)   78 % (72 to 82)   (by chance 0.1 %, 0.5 %, 1.0 %)`, and with
 * too few questions `file names     12   10 of 12   11 of 12   12 of 12   (by chance 8.3 %, 41.7 %, 83.3 %)`
 */
function rowOf(recall: WrittenRecall): string {
	const { kind, queries } = recall;
	const found = [
		shareOf(recall.recallAt1, recall.rangeAt1, queries),
		shareOf(recall.recallAt5, recall.rangeAt5, queries),
		shareOf(recall.recallAt10, recall.rangeAt10, queries),
	].map((words) => words.padStart(17));
	const chance = [recall.chanceAt1, recall.chanceAt5, recall.chanceAt10]
		.map((share) => `${(share * 100).toFixed(1)} %`)
		.join(", ");
	return `${kindWords[kind].padEnd(12)}${String(queries).padStart(5)} ${found.join(" ")}   (by chance ${chance})`;
}

function shareOf(share: number, { from, to }: ShareRange, asked: number): string {
	if (asked < tellingQueries) return `${Math.round(share * asked)} of ${asked}`;
	// Outwards, so that the range never claims more than is known.
	return `${Math.round(share * 100)} % (${Math.floor(from * 100)} to ${Math.ceil(to * 100)})`;
}

function inWords(event: Exclude<EvaluationEvent, { phase: "done" }>): string {
	if (event.phase === "asking") return `Asking ${event.title}`;
	const left = event.secondsLeft === null ? "" : `, ${describeSeconds(event.secondsLeft)} left`;
	return `${event.done} of ${event.photos} photos read by ${event.title}${left}`;
}

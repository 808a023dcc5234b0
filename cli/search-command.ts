/** @file The shape of `afterimage search`. */
import { type Command, Option } from "commander";
import {
	type DrawnPictures,
	drawnPicturesSchema,
	usualDrawnPictures,
} from "../contract/drawn-pictures.ts";
import type { HitOrder } from "../contract/search.ts";
import type { CommandContext } from "./command-context.ts";
import { search } from "./commands/search.ts";
import {
	collect,
	type ExampleOptions,
	parseRegion,
	parseWeight,
} from "./commands/search-examples.ts";
import { UsageError } from "./failure.ts";
import { wholeNumber } from "./option-values.ts";

/** Hits shown when `--limit` says nothing. */
const usualLimit = 20;

/** Adds the command. */
export function addSearchCommand(program: Command, context: () => CommandContext): void {
	program
		.command("search")
		.description("find photos by words or by a picture, best first")
		.argument("[query...]", "what the photo shows, and filters: dog -people last summer in France")
		.option("--image <file>", "find photos like this picture")
		.option("--like <file>", "beside the words: like this picture too (several times)", collect, [])
		.option("--unlike <file>", "less like this picture (several times)", collect, [])
		.option("--like-weight <number>", "how much each counts, above 0 to 1", parseWeight, 0.5)
		.option("--unlike-weight <number>", "the same for --unlike", parseWeight, 0.5)
		.option(
			"--region <x,y,w,h>",
			"only this part of the --like picture, in shares of it",
			parseRegion,
		)
		.option("--saved <name>", "answer a search that was saved in the app")
		.option("--queries <file>", "one query a line, answered with one line of JSON each")
		.option("--limit <number>", "how many photos", wholeNumber(1, 5000), usualLimit)
		.addOption(
			new Option("--order <order>", "best first, newest first or oldest first")
				.choices(["relevance", "date", "oldest"])
				.default("relevance"),
		)
		.addOption(
			new Option("--drawn <which>", "pictures that a program drew")
				.choices(drawnPicturesSchema.options)
				.default(usualDrawnPictures),
		)
		.option("--why", "say under each photo why it was found")
		.option("--json", "print one line of JSON")
		// -people is part of the question; a mistyped option is not.
		.allowUnknownOption()
		.action(
			(
				words: string[],
				options: ExampleOptions & {
					image?: string;
					queries?: string;
					saved?: string;
					limit: number;
					order: HitOrder;
					drawn: DrawnPictures;
					why?: boolean;
					json?: boolean;
				},
				command: Command,
			) => {
				const unknown = words.find((word) => /^--\w/.test(word));
				if (unknown !== undefined) throw new UsageError(unknownOption(unknown, command));
				const { why = false, json = false } = options;
				return search(context(), words, { ...options, why, json });
			},
		);
}

/** What the parser would have said. */
function unknownOption(word: string, command: Command): string {
	const near = command.options.find(({ long }) => long?.startsWith(word.slice(0, 5)));
	const hint = near === undefined ? "" : ` Did you mean ${near.long}?`;
	return `There is no option ${word}.${hint}`;
}

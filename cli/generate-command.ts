/** @file The shape of `afterimage generate`. */
import { type Command, Option } from "commander";
import { candidatesMax, guidanceMax, temperatureMax } from "../engine/generator/check-settings.ts";
import type { CommandContext } from "./command-context.ts";
import { type GenerateOptions, generate } from "./commands/generate.ts";
import { numberFrom, parseSize, wholeNumber } from "./option-values.ts";

/** What a drawn file says itself; only seed and number can be others. */
const keptByAgain = [
	"backend",
	"model",
	"not",
	"size",
	"steps",
	"from",
	"mask",
	"strength",
	"guidance",
	"temperature",
	"topK",
	"topP",
	"candidates",
];

/** Adds the command. */
export function addGenerateCommand(program: Command, context: () => CommandContext): void {
	program
		.command("generate")
		.description("draw a picture from words, on this computer; needs no library")
		.argument("[prompt...]", "what the picture should show")
		.addOption(
			new Option(
				"--again <file>",
				"in place of a prompt: draw what this drawn file says it is, with its settings",
			).conflicts(keptByAgain),
		)
		.requiredOption("--out <file>", "the PNG file to write; several are numbered")
		.addOption(
			new Option("--backend <family>", "how to draw")
				.choices(["guided", "diffusion", "autoregressive"])
				.default("guided"),
		)
		.option("--model <name>", "an installed model that draws this way; see `models`")
		.option("--not <words>", "what the picture should not show")
		.option("--seed <number>", "the same seed draws the same again", wholeNumber(0, 4_294_967_295))
		.option("--size <WxH>", "pixels, such as 256x256", parseSize)
		.option("--steps <number>", "more take longer and fit better", wholeNumber(1, 100_000))
		.option("--from <file>", "begin with this picture")
		.option(
			"--mask <file>",
			"with --from: change only what is white in this picture, and keep what is black; of the start picture's shape or the drawing's",
		)
		.option(
			"--strength <number>",
			"how far to leave it: 0 hardly, 1 almost wholly (default: 0.6, with --mask 0.9)",
			numberFrom(0, 1),
		)
		.option(
			"--guidance <number>",
			`how closely diffusion and autoregressive follow the words, 1 to ${guidanceMax}`,
			numberFrom(1, guidanceMax),
		)
		.option(
			"--temperature <number>",
			"autoregressive: below 1 tamer, above 1 wilder",
			numberFrom(0, temperatureMax),
		)
		.option(
			"--top-k <number>",
			"autoregressive: choose among so many likely pieces",
			wholeNumber(1, 100_000),
		)
		.option(
			"--top-p <number>",
			"autoregressive: choose among the likely pieces that make up this share",
			numberFrom(0.01, 1),
		)
		.option(
			"--candidates <number>",
			"diffusion and autoregressive: draw so many and keep the best",
			wholeNumber(1, candidatesMax),
		)
		.option("--count <number>", "how many pictures, listed best first", wholeNumber(1, 16), 1)
		.option("--force", "write over a file that is there")
		.option("--json", "print one line of JSON")
		.action((words: string[], options: GenerateOptions) =>
			generate(context(), words.join(" "), { ...options, json: options.json === true }),
		);
}

/** @file The command line's shape: commands, options, help. Scripts rely on it. */
import { existsSync } from "node:fs";
import { Command, InvalidArgumentError, Option } from "commander";
import {
	type DrawnPictures,
	drawnPicturesSchema,
	usualDrawnPictures,
} from "../contract/drawn-pictures.ts";
import { type EncoderPlace, encoderPlaceSchema } from "../contract/model.ts";
import type { HitOrder } from "../contract/search.ts";
import { candidatesMax, guidanceMax, temperatureMax } from "../engine/generator/check-settings.ts";
import type { CommandContext } from "./command-context.ts";
import { classify } from "./commands/classify.ts";
import { doctor } from "./commands/doctor.ts";
import { duplicates } from "./commands/duplicates.ts";
import { evaluate } from "./commands/evaluate.ts";
import { type GenerateOptions, generate } from "./commands/generate.ts";
import { indexFolders } from "./commands/index-folders.ts";
import { installModel, listModels, probeModel, removeModel } from "./commands/models.ts";
import { open } from "./commands/open.ts";
import { remove } from "./commands/remove.ts";
import { saved } from "./commands/saved.ts";
import { search } from "./commands/search.ts";
import {
	collect,
	type ExampleOptions,
	parseRegion,
	parseWeight,
} from "./commands/search-examples.ts";
import { discardModel, useModel } from "./commands/search-model.ts";
import { status } from "./commands/status.ts";
import { tag } from "./commands/tag.ts";
import { UsageError } from "./failure.ts";
import type { Installation } from "./installation.ts";
import { chooseLibraryPath, resolveGiven } from "./library-path.ts";
import { addTagsCommand } from "./tags-command.ts";

/** Hits shown when `--limit` says nothing. */
const usualLimit = 20;

/** @param signal aborts when the running command is to end */
export function createProgram(installation: Installation, signal: AbortSignal): Command {
	const program = new Command("afterimage")
		.description("Finds photos by what they show, on your own computer.")
		.version(installation.version)
		.option(
			"--library <dir>",
			"the library to use (else AFTERIMAGE_LIBRARY, else your data folder)",
		)
		.option("--debug", "show everything that is known about a failure")
		.showSuggestionAfterError()
		.exitOverride()
		.configureOutput({ outputError: () => undefined });

	const context = (): CommandContext => {
		const { library, debug } = program.opts<{ library?: string; debug?: boolean }>();
		return {
			libraryPath: chooseLibraryPath(library),
			debug: debug === true,
			installation,
			signal,
		};
	};

	program
		.command("open", { isDefault: true })
		.description("open the app, in a window where there can be one, else as a page")
		.argument("[folders...]", "folders to add")
		.option("--port <number>", "serve the page at this port", wholeNumber(0, 65_535))
		.option("--no-open", "print the address and open nothing")
		.action((folders: string[], options: { port?: number; open: boolean }) => {
			refuseMistypedCommand(program, folders);
			return open(context(), folders, options);
		});
	program
		.command("index")
		.description("add folders and read every photo in them")
		.argument("<folders...>")
		.option("--text", "also read the text in all pictures; else that is done while the app is open")
		.option("--json", "end with one line of JSON")
		.action(
			(folders: string[], { text = false, json = false }: { text?: boolean; json?: boolean }) =>
				indexFolders(context(), folders, { text, json }),
		);
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
	program
		.command("saved")
		.description("list the saved searches and how many photos each finds")
		.option("--json", "print one line of JSON")
		.action(({ json = false }: { json?: boolean }) => saved(context(), { json }));
	program
		.command("generate")
		.description("draw a picture from words, on this computer; needs no library")
		.argument("[prompt...]", "what the picture should show")
		.option("--again <file>", "in place of a prompt: draw what this drawn file says it is")
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
			parseShare,
		)
		.option(
			"--guidance <number>",
			`how closely diffusion and autoregressive follow the words, 1 to ${guidanceMax}`,
			parseNumber(1, guidanceMax),
		)
		.option(
			"--temperature <number>",
			"autoregressive: below 1 tamer, above 1 wilder",
			parseNumber(0, temperatureMax),
		)
		.option(
			"--top-k <number>",
			"autoregressive: choose among so many likely pieces",
			wholeNumber(1, 100_000),
		)
		.option(
			"--top-p <number>",
			"autoregressive: choose among the likely pieces that make up this share",
			parseNumber(0.01, 1),
		)
		.option(
			"--candidates <number>",
			"autoregressive: draw so many and keep the best",
			wholeNumber(1, candidatesMax),
		)
		.option("--count <number>", "how many pictures, listed best first", wholeNumber(1, 16), 1)
		.option("--force", "write over a file that is there")
		.option("--json", "print one line of JSON")
		.action((words: string[], options: GenerateOptions) =>
			generate(context(), words.join(" "), { ...options, json: options.json === true }),
		);
	program
		.command("status")
		.description("what the library holds and how it is searched")
		.option("--json", "print one line of JSON")
		.action(({ json = false }: { json?: boolean }) => status(context(), { json }));
	program
		.command("duplicates")
		.description("list copies of photos, which to keep and why")
		.option("--json", "print one line of JSON")
		.action(({ json = false }: { json?: boolean }) => duplicates(context(), { json }));
	program
		.command("classify")
		.description("say what photos show by labels, without a library")
		.argument("<folder>", "a folder of photos, or one photo")
		.option("--labels <file>", "labels, one a line; else the shipped ones")
		.option("--one-of", "at most one of all labels fits a photo")
		.option(
			"--top <number>",
			"how many labels --json gives of each photo",
			wholeNumber(1, 5000),
			10,
		)
		.option("--json", "print one line of JSON for each photo")
		.action(
			(
				folder: string,
				options: { labels?: string; oneOf?: boolean; top: number; json?: boolean },
			) => {
				const { oneOf = false, json = false } = options;
				return classify(context(), folder, { ...options, oneOf, json });
			},
		);
	program
		.command("tag")
		.description("add folders, read their photos and suggest tags for them")
		.argument("<folders...>")
		.option("--labels <file>", "labels, one a line, to add and look for; else all labels")
		.option("--accept-above <probability>", "accept suggestions this sure", probability)
		.option("--json", "end with one line of JSON")
		.action(
			(folders: string[], options: { labels?: string; acceptAbove?: number; json?: boolean }) =>
				tag(context(), folders, { ...options, json: options.json === true }),
		);
	const tagsCommand = addTagsCommand(program, context);
	program
		.command("remove")
		.description("forget a folder; the photos themselves stay")
		.argument("<folder>")
		.action((folder: string) => remove(context(), folder));
	const modelsCommand = program
		.command("models")
		.description("list the models that can find photos or draw; install and remove them")
		.option("--json", "print one line of JSON")
		.action(({ json = false }: { json?: boolean }) => listModels(context(), { json }));
	modelsCommand
		.command("install")
		.description("download a model by its id, or copy one from a folder or zip file")
		.argument("<id, folder or zip>")
		.option("--mirror <address>", "download from this address from now on; empty: from the hub")
		.action((given: string, options: { mirror?: string }) =>
			installModel(context(), given, options),
		);
	modelsCommand
		.command("remove")
		.description("remove an installed model and free its space")
		.argument("<id>")
		.action((id: string) => removeModel(context(), id));
	modelsCommand
		.command("use")
		.description("search with an installed model from now on; every photo is read by it first")
		.argument("<id>")
		.action((id: string) => useModel(context(), id));
	modelsCommand
		.command("discard")
		.description("forget what a model that does not search any more has read")
		.argument("<id>")
		.action((id: string) => discardModel(context(), id));
	modelsCommand
		.command("probe")
		.description("measure where the search model runs fastest")
		.addOption(
			new Option("--use <place>", "run it there from now on; auto is the fastest").choices(
				encoderPlaceSchema.options,
			),
		)
		.action((options: { use?: EncoderPlace }) => probeModel(context(), options));
	program
		.command("evaluate")
		.description("measure how well search finds photos by their captions, keywords and file names")
		.option("--photos <number>", "how many photos to search through", wholeNumber(10, 20_000), 1000)
		.option("--model <id>", "only this installed model (several times); else all", collect, [])
		.option("--json", "print one line of JSON")
		.action((options: { photos: number; model: string[]; json?: boolean }) =>
			evaluate(context(), { ...options, json: options.json === true }),
		);
	program
		.command("doctor")
		.description("check the library")
		.option("--repair", "mend what can be mended")
		.option("--json", "print one line of JSON")
		.action(({ repair = false, json = false }: { repair?: boolean; json?: boolean }) =>
			doctor(context(), { repair, json }),
		);
	for (const command of [...program.commands, ...tagsCommand.commands, ...modelsCommand.commands]) {
		command.exitOverride().configureOutput({ outputError: () => undefined });
	}
	return program;
}

function wholeNumber(lowest: number, highest: number): (text: string) => number {
	return (text) => {
		const number = Number(text);
		if (/^\d+$/.test(text) && number >= lowest && number <= highest) return number;
		throw new InvalidArgumentError(`Give a whole number from ${lowest} to ${highest}.`);
	};
}

function probability(text: string): number {
	const number = Number(text);
	if (text.trim() !== "" && number >= 0 && number <= 1) return number;
	throw new InvalidArgumentError("Give a number from 0 to 1.");
}

function parseSize(text: string): { width: number; height: number } {
	const [, width, height] = /^(\d{1,6})[x×](\d{1,6})$/i.exec(text) ?? [];
	if (width === undefined || height === undefined) {
		throw new InvalidArgumentError("Give width and height in pixels, such as 256x256.");
	}
	return { width: Number(width), height: Number(height) };
}

function parseNumber(min: number, max: number) {
	return (text: string): number => {
		const number = Number(text);
		if (text.trim() !== "" && number >= min && number <= max) return number;
		throw new InvalidArgumentError(`Give a number from ${min} to ${max}.`);
	};
}

function parseShare(text: string): number {
	const number = Number(text);
	if (text.trim() !== "" && number >= 0 && number <= 1) return number;
	throw new InvalidArgumentError("Give a number from 0 to 1.");
}

/** What is no command is taken for a folder to open; a typing error should not be. */
function refuseMistypedCommand(program: Command, folders: readonly string[]): void {
	const [first] = folders;
	if (first === undefined || first !== program.args[0] || /[\\/.~]/.test(first)) return;
	if (existsSync(resolveGiven(first))) return;
	const commands = program.commands.map((command) => command.name()).join(", ");
	throw new UsageError(`There is no command or folder "${first}"; the commands are ${commands}.`);
}

/** What the parser would have said. */
function unknownOption(word: string, command: Command): string {
	const near = command.options.find(({ long }) => long?.startsWith(word.slice(0, 5)));
	const hint = near === undefined ? "" : ` Did you mean ${near.long}?`;
	return `There is no option ${word}.${hint}`;
}

/** @file The command line's shape: commands, options, help. Scripts rely on it. */
import { existsSync } from "node:fs";
import { Command } from "commander";
import type { CommandContext } from "./command-context.ts";
import { classify } from "./commands/classify.ts";
import { doctor } from "./commands/doctor.ts";
import { duplicates } from "./commands/duplicates.ts";
import { evaluate } from "./commands/evaluate.ts";
import { indexFolders } from "./commands/index-folders.ts";
import { open } from "./commands/open.ts";
import { remove } from "./commands/remove.ts";
import { saved } from "./commands/saved.ts";
import { collect } from "./commands/search-examples.ts";
import { status } from "./commands/status.ts";
import { tag } from "./commands/tag.ts";
import { UsageError } from "./failure.ts";
import { addGenerateCommand } from "./generate-command.ts";
import type { Installation } from "./installation.ts";
import { chooseLibraryPath, resolveGiven } from "./library-path.ts";
import { addModelsCommand } from "./models-command.ts";
import { numberFrom, wholeNumber } from "./option-values.ts";
import { addSearchCommand } from "./search-command.ts";
import { addTagsCommand } from "./tags-command.ts";

/** @param signal aborts when the running command is to end */
export function createProgram(installation: Installation, signal: AbortSignal): Command {
	const program = new Command("afterimage")
		.description("Finds photos by what they show, on your own computer.")
		// Not -V too: a search leaves out Venice with -Venice.
		.version(installation.version, "--version")
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
	addSearchCommand(program, context);
	program
		.command("saved")
		.description("list the saved searches and how many photos each finds")
		.option("--json", "print one line of JSON")
		.action(({ json = false }: { json?: boolean }) => saved(context(), { json }));
	addGenerateCommand(program, context);
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
		.option("--accept-above <probability>", "accept suggestions this sure", numberFrom(0, 1))
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
	const modelsCommand = addModelsCommand(program, context);
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

/** What is no command is taken for a folder to open; a typing error should not be. */
function refuseMistypedCommand(program: Command, folders: readonly string[]): void {
	const [first] = folders;
	if (first === undefined || first !== program.args[0] || /[\\/.~]/.test(first)) return;
	if (existsSync(resolveGiven(first))) return;
	const commands = program.commands.map((command) => command.name()).join(", ");
	throw new UsageError(`There is no command or folder "${first}"; the commands are ${commands}.`);
}

/** @file The shape of `afterimage tags` and what stands below it. */
import type { Command } from "commander";
import type { CommandContext } from "./command-context.ts";
import { keptOriginals, type OriginalsOptions } from "./commands/kept-originals.ts";
import { exportLabels, importLabels, tags, tagsAsCsv } from "./commands/tags.ts";
import { keepTags, restoreFiles, writeTags } from "./commands/write-tags.ts";
import { isJson, refuseJson } from "./json-option.ts";

/** Adds the command and returns it. */
export function addTagsCommand(program: Command, context: () => CommandContext): Command {
	const tagsCommand = program
		.command("tags")
		.description("list the tags and how many photos have them; labels and tags as files")
		.option("--json", "print one line of JSON")
		.action(({ json = false }: { json?: boolean }) => tags(context(), { json }));
	tagsCommand
		.command("export")
		.description("write your labels, with what they learned, to a file")
		.argument("<file>")
		.action((file: string, _: unknown, command: Command) => {
			refuseJson(command);
			return exportLabels(context(), file);
		});
	tagsCommand
		.command("import")
		.description("take in labels that were exported")
		.argument("<file>")
		.action((file: string, _: unknown, command: Command) =>
			importLabels(context(), file, { json: isJson(command) }),
		);
	tagsCommand
		.command("write")
		.description("write tags, titles, captions and stars into sidecars beside the photos, once")
		.option("--into-files", "also into the photo files; each is copied into the library first")
		.option("--dry-run", "only say what would be written")
		.action((options: { intoFiles?: boolean; dryRun?: boolean }, command: Command) => {
			const { intoFiles = false, dryRun = false } = options;
			return writeTags(context(), { intoFiles, dryRun, json: isJson(command) });
		});
	tagsCommand
		.command("keep")
		.description("say or choose where tags are kept: library, sidecars or files")
		.argument("[where]")
		.action((where: string | undefined, _: unknown, command: Command) =>
			keepTags(context(), where, { json: isJson(command) }),
		);
	tagsCommand
		.command("restore")
		.description("put back every photo file as it was before tags were written into it")
		.action((_: unknown, command: Command) => restoreFiles(context(), { json: isJson(command) }));
	tagsCommand
		.command("originals")
		.description("the untouched copies of photo files that were written into, and their size")
		.argument("[photos...]", "only those of these photo files")
		.option("--unused", "only those that no photo goes back to any more")
		.option("--discard", "move what would be listed to the trash, once you confirm")
		.option("--yes", "do not ask")
		.action(
			(photos: string[], options: Partial<Omit<OriginalsOptions, "json">>, command: Command) => {
				const { unused = false, discard = false, yes = false } = options;
				const json = isJson(command);
				return keptOriginals(context(), photos, { unused, discard, yes, json });
			},
		);
	tagsCommand
		.command("csv")
		.description("tags and scores of all photos as CSV")
		.argument("[file]", "else it is printed")
		.action((file: string | undefined, _: unknown, command: Command) => {
			refuseJson(command);
			return tagsAsCsv(context(), file);
		});
	return tagsCommand;
}

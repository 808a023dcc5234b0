/** @file The shape of `afterimage models` and what stands below it. */
import { type Command, Option } from "commander";
import { type EncoderPlace, encoderPlaceSchema } from "../contract/model.ts";
import type { CommandContext } from "./command-context.ts";
import { installModel, listModels, probeModel, removeModel } from "./commands/models.ts";
import { discardModel, useModel } from "./commands/search-model.ts";
import { isJson, refuseJson } from "./json-option.ts";

/** Adds the command and returns it. */
export function addModelsCommand(program: Command, context: () => CommandContext): Command {
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
		.action((given: string, options: { mirror?: string }, command: Command) => {
			refuseJson(command);
			return installModel(context(), given, options);
		});
	modelsCommand
		.command("remove")
		.description("remove an installed model and free its space")
		.argument("<id>")
		.action((id: string, _: unknown, command: Command) =>
			removeModel(context(), id, { json: isJson(command) }),
		);
	modelsCommand
		.command("use")
		.description("search with an installed model from now on; every photo is read by it first")
		.argument("<id>")
		.action((id: string, _: unknown, command: Command) =>
			useModel(context(), id, { json: isJson(command) }),
		);
	modelsCommand
		.command("discard")
		.description("forget what a model that does not search any more has read")
		.argument("<id>")
		.action((id: string, _: unknown, command: Command) =>
			discardModel(context(), id, { json: isJson(command) }),
		);
	modelsCommand
		.command("probe")
		.description("measure where the search model runs fastest")
		.addOption(
			new Option("--use <place>", "run it there from now on; auto is the fastest").choices(
				encoderPlaceSchema.options,
			),
		)
		.action((options: { use?: EncoderPlace }, command: Command) =>
			probeModel(context(), { ...options, json: isJson(command) }),
		);
	return modelsCommand;
}

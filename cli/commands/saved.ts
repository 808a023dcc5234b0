/** @file `afterimage saved`: the saved searches, and how many photos each finds. */
import type { EngineClient } from "../../contract/contract.ts";
import type { SavedSearch } from "../../contract/saved-search.ts";
import type { CommandContext } from "../command-context.ts";
import { CommandError } from "../failure.ts";
import { printJson, printLine, remark } from "../terminal.ts";
import { withEngine } from "../with-engine.ts";

export async function saved(context: CommandContext, { json }: { json: boolean }): Promise<void> {
	await withEngine(context, { live: false, port: 0 }, async ({ client }) => {
		const all = await client.savedSearch.list({ counts: "present" });
		if (json) return printJson(all.map(asJson));
		for (const { name, question, matches, problem } of all) {
			const count = matches === null ? "-" : `${matches.count}${matches.more ? "+" : ""}`;
			const fresh = matches !== null && matches.fresh > 0 ? ` (${matches.fresh} new)` : "";
			printLine(`${count.padStart(7)}  ${name}${fresh}  ${question.query}`);
			if (problem !== null) remark(`${name}: ${problem}`);
		}
		if (all.length === 0) remark("No search is saved. In the app, search and press Ctrl+S.");
	});
}

function asJson({ id, name, question, matches, problem }: SavedSearch) {
	return {
		id,
		name,
		question,
		count: matches?.count ?? null,
		more: matches?.more ?? false,
		new: matches?.fresh ?? null,
		problem,
	};
}

/** The saved search of this name, in whatever case. Throws CommandError where there is none. */
export async function findSaved(client: EngineClient, name: string): Promise<SavedSearch> {
	const all = await client.savedSearch.list({ counts: "known" });
	const key = folded(name);
	const found = all.find((one) => folded(one.name) === key);
	if (found !== undefined) return found;
	const names = all.map((one) => one.name).join(", ");
	const known = all.length === 0 ? "None is saved." : `Saved are: ${names}.`;
	throw new CommandError(`There is no saved search "${name}". ${known}`);
}

function folded(name: string): string {
	return name.normalize("NFKC").replace(/\s+/gu, " ").trim().toLowerCase();
}

/** @file `afterimage search`: by words, by a picture, or many queries from a file. */
import { text } from "node:stream/consumers";
import { ORPCError } from "@orpc/client";
import type { EngineClient } from "../../contract/contract.ts";
import type { DrawnPictures } from "../../contract/drawn-pictures.ts";
import type { HitOrder, SearchResult } from "../../contract/search.ts";
import type { CommandContext } from "../command-context.ts";
import { CommandError, UsageError } from "../failure.ts";
import { readGiven, readPicture } from "../given-files.ts";
import { resolveGiven } from "../library-path.ts";
import { printJson, printLine, remark } from "../terminal.ts";
import { withEngine } from "../with-engine.ts";
import { reasonLines } from "./reason-lines.ts";
import { findSaved } from "./saved.ts";
import { type ExampleOptions, keepExamples, readExamples } from "./search-examples.ts";

/** Some ten million words. */
const queriesMaxBytes = 64 * 1024 * 1024;

export interface SearchOptions extends ExampleOptions {
	limit: number;
	order: HitOrder;
	/** Whether pictures that a program drew are among the hits. A saved search has its own word. */
	drawn: DrawnPictures;
	json: boolean;
	/** Under each hit, why it was found. */
	why: boolean;
	image?: string | undefined;
	queries?: string | undefined;
	/** The name of a saved search; its own order holds. */
	saved?: string | undefined;
}

/** Exactly one of words (with or without examples), `image`, `queries` and `saved` is to be given. */
export async function search(
	context: CommandContext,
	words: readonly string[],
	options: SearchOptions,
): Promise<void> {
	const { limit, order, drawn, json, image, queries, saved } = options;
	const withExamples = options.like.length + options.unlike.length > 0;
	if (withExamples && (image !== undefined || queries !== undefined)) {
		throw new UsageError("--like and --unlike go with words, not with --image or --queries.");
	}
	const inWords = words.length > 0 || withExamples;
	const ways = [inWords, image !== undefined, queries !== undefined, saved !== undefined];
	if (ways.filter(Boolean).length !== 1) {
		throw new UsageError("Give a query, or --image FILE, or --queries FILE, or --saved NAME.");
	}
	// Files are read before the library is opened: what is wrong with them shows at once.
	const picture = image === undefined ? null : await readPicture(image, context.signal);
	const given = await readExamples(options, context.signal);
	const lines = queries === undefined ? null : await readQueries(queries, context.signal);
	const many = lines === null ? null : new ManyQueries(lines, { limit, order, drawn });
	await withEngine(context, { live: false, port: 0 }, async ({ client }) => {
		if (many !== null) return many.answerRest(client, context.signal);
		const named = saved === undefined ? null : await findSaved(client, saved);
		const query = named?.question.query ?? image ?? words.join(" ");
		const result =
			named !== null
				? await client.savedSearch.run({ id: named.id, limit })
				: picture === null
					? await client.search.text({
							query,
							limit,
							order,
							drawn,
							examples: await keepExamples(client, given),
						})
					: await client.search.image({ image: picture, limit, order, drawn });
		if (json) printJson(asJson(query, result));
		else printForPeople(result, options.why);
	});
}

/** One JSON line for each query, in order; a refused one says why instead of hits. */
class ManyQueries {
	readonly #queries: readonly string[];
	readonly #scope: Pick<SearchOptions, "limit" | "order" | "drawn">;
	#answered = 0;
	#refused = 0;

	constructor(queries: readonly string[], scope: Pick<SearchOptions, "limit" | "order" | "drawn">) {
		this.#queries = queries;
		this.#scope = scope;
	}

	/** Goes on after the last one that was answered. */
	async answerRest(client: EngineClient, signal: AbortSignal): Promise<void> {
		for (const query of this.#queries.slice(this.#answered)) {
			signal.throwIfAborted();
			try {
				printJson(asJson(query, await client.search.text({ query, ...this.#scope })));
			} catch (error) {
				if (!(error instanceof ORPCError) || error.code !== "INVALID_QUERY") throw error;
				this.#refused += 1;
				printJson({ query, error: error.message, hits: [] });
			}
			this.#answered += 1;
		}
		if (this.#refused === 0) return;
		throw new CommandError(`${this.#refused} of ${this.#queries.length} queries were refused.`);
	}
}

function asJson(query: string, result: SearchResult) {
	const { encoder, tookMs, verdict, parsed, order, composition, hiddenDrawn, hits } = result;
	return {
		query,
		encoder,
		tookMs: Math.round(tookMs * 1000) / 1000,
		verdict,
		parsed,
		order,
		hiddenDrawn,
		...(composition === undefined ? {} : { composition }),
		hits: hits.map(({ id, path, similarity, band, confidence, generated, why }) => ({
			id,
			path,
			similarity,
			band,
			confidence,
			generated,
			why,
		})),
	};
}

function printForPeople(result: SearchResult, withReasons: boolean): void {
	const isRanked = result.hits.some(({ similarity }) => similarity !== 0);
	for (const { similarity, path, generated, why } of result.hits) {
		const drawn = generated ? "  (drawn)" : "";
		printLine(`${isRanked ? `${similarity.toFixed(3)}  ` : ""}${path}${drawn}`);
		if (withReasons)
			for (const line of reasonLines(why, result.parsed)) printLine(`       ${line}`);
	}
	if (result.shortened) remark("Only the first words of the query fitted.");
	if (result.hiddenDrawn > 0 && result.hits.length === 0) {
		remark("Only drawn pictures pass. Add: --drawn shown");
		return;
	}
	const isFiltered = result.parsed?.parts.some((part) => "negated" in part) === true;
	if (result.searched === 0 && isFiltered) remark("No photo passes these filters.");
	else if (result.searched === 0) {
		remark("No photo can be searched yet. Add some with: afterimage index FOLDER");
	}
}

/** `-` reads standard input. */
async function readQueries(path: string, signal: AbortSignal): Promise<string[]> {
	const content =
		path === "-"
			? await text(process.stdin)
			: (await readGiven(resolveGiven(path), queriesMaxBytes, signal)).toString("utf8");
	const lines = content.replace(/^\uFEFF/, "").split(/\r?\n/);
	if (lines.at(-1) === "") lines.pop();
	return lines;
}

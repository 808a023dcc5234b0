/** @file `afterimage search`: by words, by a picture, or many queries from a file. */
import { constants, openSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { Socket } from "node:net";
import { basename } from "node:path";
import { arrayBuffer, text } from "node:stream/consumers";
import { ORPCError } from "@orpc/client";
import type { EngineClient } from "../../contract/contract.ts";
import { type HitOrder, queryImageMaxBytes, type SearchResult } from "../../contract/search.ts";
import type { CommandContext } from "../command-context.ts";
import { CommandError, UsageError } from "../failure.ts";
import { resolveGiven } from "../library-path.ts";
import { printJson, printLine, remark } from "../terminal.ts";
import { withEngine } from "../with-engine.ts";

/** Some ten million words. */
const queriesMaxBytes = 64 * 1024 * 1024;

export interface SearchOptions {
	limit: number;
	order: HitOrder;
	json: boolean;
	image?: string | undefined;
	queries?: string | undefined;
}

/** Exactly one of words, `image` and `queries` is to be given. */
export async function search(
	context: CommandContext,
	words: readonly string[],
	options: SearchOptions,
): Promise<void> {
	const { limit, order, json, image, queries } = options;
	const ways = [words.length > 0, image !== undefined, queries !== undefined];
	if (ways.filter(Boolean).length !== 1) {
		throw new UsageError("Give a query, or --image FILE, or --queries FILE.");
	}
	// Files are read before the library is opened: what is wrong with them shows at once.
	const picture = image === undefined ? null : await readPicture(image, context.signal);
	const lines = queries === undefined ? null : await readQueries(queries, context.signal);
	const many = lines === null ? null : new ManyQueries(lines, { limit, order });
	await withEngine(context, { live: false, port: 0 }, async ({ client }) => {
		if (many !== null) return many.answerRest(client, context.signal);
		const query = image ?? words.join(" ");
		const result =
			picture === null
				? await client.search.text({ query, limit, order })
				: await client.search.image({ image: picture, limit });
		if (json) printJson(asJson(query, result));
		else printForPeople(result);
	});
}

/** One JSON line for each query, in order; a refused one says why instead of hits. */
class ManyQueries {
	readonly #queries: readonly string[];
	readonly #scope: Pick<SearchOptions, "limit" | "order">;
	#answered = 0;
	#refused = 0;

	constructor(queries: readonly string[], scope: Pick<SearchOptions, "limit" | "order">) {
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

function asJson(query: string, { encoder, tookMs, verdict, parsed, order, hits }: SearchResult) {
	return {
		query,
		encoder,
		tookMs: Math.round(tookMs * 1000) / 1000,
		verdict,
		parsed,
		order,
		hits: hits.map(({ id, path, similarity, band, confidence }) => ({
			id,
			path,
			similarity,
			band,
			confidence,
		})),
	};
}

function printForPeople(result: SearchResult): void {
	const isRanked = result.hits.some(({ similarity }) => similarity !== 0);
	for (const { similarity, path } of result.hits) {
		printLine(isRanked ? `${similarity.toFixed(3)}  ${path}` : path);
	}
	if (result.shortened) remark("Only the first words of the query fitted.");
	const isFiltered = result.parsed?.parts.some((part) => "negated" in part) === true;
	if (result.searched === 0 && isFiltered) remark("No photo passes these filters.");
	else if (result.searched === 0) {
		remark("No photo can be searched yet. Add some with: afterimage index FOLDER");
	}
}

async function readPicture(path: string, signal: AbortSignal): Promise<File> {
	const filePath = resolveGiven(path);
	const bytes = await readGiven(filePath, queryImageMaxBytes, signal);
	return new File([bytes], basename(filePath));
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

/** A pipe is read to its end, as in `--queries <(…)`; a device such as /dev/zero has none. */
async function readGiven(
	path: string,
	maxBytes: number,
	signal: AbortSignal,
): Promise<Buffer<ArrayBuffer>> {
	try {
		const stats = await stat(path);
		if (stats.isCharacterDevice() || stats.isBlockDevice() || stats.isSocket()) {
			throw new CommandError(`${path} is no ordinary file.`);
		}
		if (stats.size > maxBytes) {
			throw new CommandError(`${path} is larger than ${maxBytes / 1024 ** 2} MB.`);
		}
		if (stats.isFIFO()) return await readPipe(path, signal);
		return await readFile(path);
	} catch (error) {
		const code = error instanceof Error && "code" in error ? error.code : undefined;
		if (code === "ENOENT") throw new CommandError(`There is no file ${path}.`, error);
		if (code === "EISDIR") throw new CommandError(`${path} is a folder, not a file.`, error);
		if (code === "EACCES") throw new CommandError(`${path} may not be read.`, error);
		throw error;
	}
}

/**
 * Opened without waiting for a writer and read as a stream: a read under way on one of Node's file threads
 * would keep the process from ending, even by Ctrl+C.
 */
async function readPipe(path: string, signal: AbortSignal): Promise<Buffer<ArrayBuffer>> {
	const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
	try {
		return Buffer.from(await arrayBuffer(new Socket({ fd: descriptor, signal })));
	} catch (error) {
		signal.throwIfAborted();
		throw error;
	}
}

/** @file Errors as one sentence for the person, and the exit code that goes with them. */
import { inspect } from "node:util";
import { ORPCError } from "@orpc/client";
import { z } from "zod";
import { Refusal } from "../contract/errors.ts";
import { HolderLostError } from "../server/engine-client.ts";
import { PortUnavailableError } from "../server/listen.ts";

/** What scripts rely on. Interrupted commands end with 128 and the signal's number, as shells expect. */
export const exitCodes = { done: 0, failed: 1, wrongUsage: 2 } as const;

/** The command line itself is wrong. */
export class UsageError extends Error {
	constructor(message: string) {
		super(message);
		this.name = "UsageError";
	}
}

/** The command could not do its work; the message is meant for the person. */
export class CommandError extends Error {
	constructor(message: string, cause?: unknown) {
		super(message, { cause });
		this.name = "CommandError";
	}
}

const issuesSchema = z.object({
	issues: z.array(z.object({ message: z.string(), path: z.array(z.unknown()).optional() })),
});

const seeDebug = "Run it again with --debug to see where.";

/** One sentence; with `debug` also everything that is known. */
export function describeFailure(error: unknown, debug: boolean): string {
	const sentence = sentenceOf(error);
	return debug ? `${sentence}\n${inspect(error, { depth: 6 })}` : sentence;
}

/** The exit code for an error. */
export function exitCodeOf(error: unknown): number {
	return error instanceof UsageError ? exitCodes.wrongUsage : exitCodes.failed;
}

function sentenceOf(error: unknown): string {
	if (error instanceof UsageError) return `${oneLine(error.message)} See: afterimage --help`;
	if (
		error instanceof CommandError ||
		error instanceof Refusal ||
		error instanceof HolderLostError ||
		error instanceof PortUnavailableError
	) {
		return oneLine(error.message);
	}
	if (error instanceof ORPCError) {
		if (error.defined) return oneLine(error.message);
		const bad = issuesSchema.safeParse(error.data);
		if (bad.success) {
			return bad.data.issues
				.map(({ path = [], message }) => `${path.map(String).join(".")}: ${message}`)
				.join("; ");
		}
		return `Something went wrong inside Afterimage. ${seeDebug}`;
	}
	const message = error instanceof Error ? error.message : String(error);
	return `Something went wrong inside Afterimage: ${oneLine(message)}. ${seeDebug}`;
}

function oneLine(text: string): string {
	return text.replace(/\s*\n\s*/g, " ").trim();
}

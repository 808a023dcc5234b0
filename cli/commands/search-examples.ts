/** @file Pictures given to `afterimage search` beside its words. */
import { ORPCError } from "@orpc/client";
import { InvalidArgumentError } from "commander";
import type { EngineClient } from "../../contract/contract.ts";
import { type Example, type Region, regionSchema } from "../../contract/example.ts";
import { examplesAtMost } from "../../contract/limits.ts";
import { CommandError, UsageError } from "../failure.ts";
import { readPicture } from "../given-files.ts";

export interface ExampleOptions {
	/** Files that the photos are to be like, and unlike. */
	like: readonly string[];
	unlike: readonly string[];
	/** How much each of them counts, above 0 to 1. */
	likeWeight: number;
	unlikeWeight: number;
	/** The part of the one picture that the photos are to be like. */
	region?: Region | undefined;
}

/** A picture and how it counts. */
interface GivenExample {
	picture: File;
	weight: number;
	region: Region | undefined;
}

/** Reads the files. @throws UsageError, CommandError that name what is wrong. */
export async function readExamples(
	{ like, unlike, likeWeight, unlikeWeight, region }: ExampleOptions,
	signal: AbortSignal,
): Promise<GivenExample[]> {
	if (like.length + unlike.length > examplesAtMost) {
		throw new UsageError(`Give at most ${examplesAtMost} pictures with --like and --unlike.`);
	}
	if (region !== undefined && like.length !== 1) {
		throw new UsageError("--region is a part of the picture of one --like FILE.");
	}
	const read = (path: string) => readPicture(path, signal);
	const wanted = await Promise.all(like.map(read));
	const unwanted = await Promise.all(unlike.map(read));
	return [
		...wanted.map((picture) => ({ picture, weight: likeWeight, region })),
		...unwanted.map((picture) => ({ picture, weight: -unlikeWeight, region: undefined })),
	];
}

/** Hands the pictures to the engine. A refusal names the file. */
export async function keepExamples(
	client: EngineClient,
	given: readonly GivenExample[],
): Promise<Example[]> {
	const examples: Example[] = [];
	for (const { picture, weight, region } of given) {
		const { key } = await client.search.keepPicture({ image: picture }).catch((error: unknown) => {
			if (!(error instanceof ORPCError) || error.code !== "IMAGE_UNREADABLE") throw error;
			throw new CommandError(`${picture.name}: ${error.message}`, error);
		});
		const source = { kind: "picture" as const, key, ...(region && { region }) };
		examples.push({ source, weight });
	}
	return examples;
}

/** `0.2,0.1,0.5,0.5`: left, top, width and height in shares of the picture's sides. */
export function parseRegion(text: string): Region {
	const [x, y, width, height, ...more] = text.split(",").map((side) => Number(side.trim() || "-"));
	const parsed = regionSchema.safeParse({ x, y, width, height });
	if (parsed.success && more.length === 0) return parsed.data;
	throw new InvalidArgumentError(
		"Give left, top, width and height as shares of the picture, such as 0.2,0.1,0.5,0.5.",
	);
}

/** Above 0, at most 1. */
export function parseWeight(text: string): number {
	const weight = Number(text);
	if (text.trim() !== "" && weight > 0 && weight <= 1) return weight;
	throw new InvalidArgumentError("Give a number above 0 and at most 1.");
}

/** An option that may be given several times. */
export function collect(path: string, before: readonly string[]): readonly string[] {
	return [...before, path];
}

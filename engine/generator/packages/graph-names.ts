/** @file Whether a graph takes and gives what its place in a package asks for. */
import { access } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, normalize, sep } from "node:path";
import { readGraphHead } from "../../models/layouts/graph-head.ts";
import { unusable } from "./package-settings.ts";

export interface GraphNames {
	readonly inputs: readonly string[];
	readonly outputs: readonly string[];
}

/** @throws Refusal MODEL_UNAVAILABLE naming the file, the first name it lacks, and those it has. */
export function checkNames(path: string, graph: GraphNames, wanted: Partial<GraphNames>): void {
	for (const [kind, side] of [
		["input", "inputs"],
		["output", "outputs"],
	] as const) {
		const lacking = wanted[side]?.find((name) => !graph[side].includes(name));
		if (lacking === undefined) continue;
		throw unusable(path, `it has no ${kind} ${lacking}; it has ${graph[side].join(", ")}`);
	}
}

/**
 * What a graph takes and gives, read without its weights, which may be gigabytes.
 * @throws Refusal MODEL_DAMAGED naming a file that is cut off or no graph; MODEL_UNAVAILABLE naming the
 * file of weights beside it that is missing.
 */
export async function readGraphNames(path: string): Promise<GraphNames> {
	const head = await readGraphHead(path, path);
	for (const beside of head.weightFiles) {
		const weights = join(dirname(path), beside);
		if (isAbsolute(beside) || normalize(beside).split(sep).includes(".."))
			throw unusable(path, `it keeps its weights outside the package, in ${beside}`);
		await access(weights).catch(() => {
			throw unusable(weights, `it is missing, and ${basename(path)} keeps its weights in it`);
		});
	}
	return {
		inputs: head.inputs.map(({ name }) => name),
		outputs: head.outputs.map(({ name }) => name),
	};
}

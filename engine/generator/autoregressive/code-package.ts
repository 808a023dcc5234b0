/** @file Reads the package of the network that draws code by code, and asks its three graphs. */
import { join } from "node:path";
import { z } from "zod";
import { Refusal } from "../../../contract/errors.ts";
import { verifyFiles } from "../../encoder/model-package.ts";
import { openSession } from "../../encoder/onnx-session.ts";
import ort, { type InferenceSession, type Tensor } from "../../onnx-runtime.ts";
import { floatsOf } from "../../onnx-tensor.ts";
import { readPackageManifest } from "../package-manifest.ts";

const count = z.number().int().positive();
const manifestSchema = z.object({
	format: z.literal(1),
	kind: z.literal("code-by-code"),
	id: z.string(),
	version: z.string(),
	autoencoder: z.string(),
	encoder: z.string(),
	codes: z.object({
		/** Of the autoencoder's quantiser. */
		levels: z.array(count).min(1),
		/** Rows and columns of codes. */
		size: z.tuple([count, count]),
		/** Codes of a group's side; groups are drawn row by row, and so are their codes. */
		group: count,
		/** Rows down and columns right to the drawn groups that a group is told of. */
		neighbours: z.array(z.tuple([z.number().int(), z.number().int()])),
		/** Stands where no code is. */
		none: count,
	}),
	condition: z.object({
		file: z.string(),
		input: z.string(),
		outputs: z.object({ plan: z.string(), gains: z.string(), past: z.string() }),
		dimensions: count,
		none: z.literal("zeros"),
	}),
	group: z.object({
		file: z.string(),
		inputs: z.object({
			around: z.string(),
			plan: z.string(),
			gains: z.string(),
			past: z.string(),
		}),
		outputs: z.object({ hidden: z.string(), present: z.string() }),
	}),
	code: z.object({
		file: z.string(),
		inputs: z.object({ hidden: z.string(), drawn: z.string(), place: z.string() }),
		output: z.string(),
	}),
	defaults: z.object({
		guidance: z.number().min(1),
		temperature: z.number().min(0),
		topK: count,
		topP: z.number().positive().max(1),
		candidates: count,
	}),
	sha256: z.record(z.string(), z.string()),
});
export type CodeManifest = z.infer<typeof manifestSchema>;

/** How a picture's codes lie. */
export interface CodeGrid {
	readonly levels: readonly number[];
	/** Groups of a picture, of a row of it, and codes of a group. */
	readonly groups: number;
	readonly columns: number;
	readonly groupSide: number;
	readonly codesAGroup: number;
	readonly neighbours: readonly (readonly [number, number])[];
	readonly none: number;
}

/** @throws Refusal MODEL_UNAVAILABLE naming the file, and the field where one is at fault. */
export const readCodeManifest = (folder: string): CodeManifest =>
	readPackageManifest(folder, manifestSchema);

export function gridOf({ codes }: CodeManifest): CodeGrid {
	const { size, group, levels, neighbours, none } = codes;
	const columns = size[1] / group;
	return {
		levels,
		groups: (size[0] / group) * columns,
		columns,
		groupSide: group,
		codesAGroup: group ** 2,
		neighbours,
		none,
	};
}

export interface CodeNetwork {
	readonly manifest: CodeManifest;
	readonly grid: CodeGrid;
	/** Begins pictures that are drawn side by side. @param conditions each float32 [dimensions], unit length or zeros. */
	begin(conditions: readonly Float32Array[]): Promise<CodeDrawing>;
	close(): Promise<void>;
}

/** Pictures under way; what was computed for earlier groups is kept, and each group is computed once. */
export interface CodeDrawing {
	/**
	 * Goes on to the next group.
	 * @param around for each picture the codes of the groups around, [neighbours x codes a group].
	 */
	nextGroup(around: readonly Int32Array[]): Promise<void>;
	/**
	 * @param drawn for each picture the group's codes but the last, `none` from `place` on.
	 * @returns for each picture a logit for every code.
	 */
	logits(drawn: readonly Int32Array[], place: number): Promise<Float32Array[]>;
}

/** @throws Refusal MODEL_UNAVAILABLE naming what is missing, damaged or does not fit. */
export async function openCodeNetwork(folder: string, threads: number): Promise<CodeNetwork> {
	const manifest = readCodeManifest(folder);
	await verifyFiles(folder, manifest.sha256);
	const { condition, group, code } = manifest;
	const open = (file: string, inputs: readonly string[], output: string) =>
		openSession(join(folder, file), {
			provider: "cpu",
			intraOpNumThreads: threads,
			inputs,
			output,
		});
	const sessions = {
		condition: await open(condition.file, [condition.input], condition.outputs.plan),
		group: await open(group.file, Object.values(group.inputs), group.outputs.hidden),
		code: await open(code.file, Object.values(code.inputs), code.output),
	};
	const grid = gridOf(manifest);
	return {
		manifest,
		grid,
		async begin(conditions) {
			const { outputs, dimensions } = condition;
			const answer = await sessions.condition.run({
				[condition.input]: new ort.Tensor("float32", joined(conditions, dimensions), [
					conditions.length,
					dimensions,
				]),
			});
			return new Drawing(manifest, grid, sessions, {
				plan: floatOutput(answer, outputs.plan),
				gains: floatOutput(answer, outputs.gains),
				past: floatOutput(answer, outputs.past),
			});
		},
		async close() {
			await Promise.all(Object.values(sessions).map((session) => session.release()));
		},
	};
}

/** A tensor whose numbers have been seen to be float32. */
interface FloatTensor {
	tensor: Tensor;
	values: Float32Array;
}

class Drawing implements CodeDrawing {
	readonly #manifest: CodeManifest;
	readonly #grid: CodeGrid;
	readonly #sessions: { group: InferenceSession; code: InferenceSession };
	readonly #plan: Float32Array;
	readonly #gains: Tensor;
	readonly #pictures: number;
	readonly #width: number;
	#past: Tensor;
	#hidden: Float32Array | null = null;
	#group = 0;

	constructor(
		manifest: CodeManifest,
		grid: CodeGrid,
		sessions: { group: InferenceSession; code: InferenceSession },
		begun: { plan: FloatTensor; gains: FloatTensor; past: FloatTensor },
	) {
		this.#manifest = manifest;
		this.#grid = grid;
		this.#sessions = sessions;
		this.#plan = begun.plan.values;
		this.#gains = begun.gains.tensor;
		this.#past = begun.past.tensor;
		const [pictures = 0, , width = 0] = begun.plan.tensor.dims;
		this.#pictures = pictures;
		this.#width = width;
	}

	async nextGroup(around: readonly Int32Array[]): Promise<void> {
		const { inputs, outputs } = this.#manifest.group;
		const { neighbours, codesAGroup } = this.#grid;
		const answer = await this.#sessions.group.run({
			[inputs.around]: wholeNumbers(around, [this.#pictures, 1, neighbours.length * codesAGroup]),
			[inputs.plan]: new ort.Tensor("float32", this.#planOf(this.#group), [
				this.#pictures,
				1,
				this.#width,
			]),
			[inputs.gains]: this.#gains,
			[inputs.past]: this.#past,
		});
		this.#past = floatOutput(answer, outputs.present).tensor;
		this.#hidden = floatOutput(answer, outputs.hidden).values;
		this.#group++;
	}

	async logits(drawn: readonly Int32Array[], place: number): Promise<Float32Array[]> {
		const { inputs, output } = this.#manifest.code;
		if (this.#hidden === null) throw new Error("Codes are drawn after their group is begun.");
		const answer = await this.#sessions.code.run({
			[inputs.hidden]: new ort.Tensor("float32", this.#hidden, [this.#pictures, this.#width]),
			[inputs.drawn]: wholeNumbers(drawn, [this.#pictures, this.#grid.codesAGroup - 1]),
			[inputs.place]: new ort.Tensor("int64", BigInt64Array.of(BigInt(place)), [1]),
		});
		const { values } = floatOutput(answer, output);
		const length = values.length / this.#pictures;
		return drawn.map((_, at) => values.subarray(at * length, (at + 1) * length));
	}

	/** The plan's rows of one group, [pictures, width]. */
	#planOf(group: number): Float32Array {
		const rows = new Float32Array(this.#pictures * this.#width);
		for (let picture = 0; picture < this.#pictures; picture++) {
			const start = (picture * this.#grid.groups + group) * this.#width;
			rows.set(this.#plan.subarray(start, start + this.#width), picture * this.#width);
		}
		return rows;
	}
}

function joined(rows: readonly Float32Array[], length: number): Float32Array {
	const values = new Float32Array(rows.length * length);
	for (const [at, row] of rows.entries()) values.set(row, at * length);
	return values;
}

function wholeNumbers(rows: readonly Int32Array[], shape: readonly number[]): Tensor {
	const values = BigInt64Array.from(
		rows.flatMap((row) => [...row]),
		BigInt,
	);
	return new ort.Tensor("int64", values, shape);
}

function floatOutput(answer: Readonly<Record<string, Tensor>>, name: string): FloatTensor {
	const tensor = answer[name];
	const values = tensor === undefined ? null : floatsOf(tensor);
	if (tensor === undefined || values === null) {
		throw new Refusal("MODEL_UNAVAILABLE", `The model's output ${name} is not of floats.`);
	}
	return { tensor, values };
}

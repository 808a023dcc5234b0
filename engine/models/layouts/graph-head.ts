/** @file What an ONNX file takes and gives, without reading its weights: a package may be gigabytes. */
import { type FileHandle, open } from "node:fs/promises";
import { PbfReader } from "pbf";
import { Refusal } from "../../../contract/errors.ts";
import type { OnnxValue } from "../../generator/gradient/onnx-model.ts";
import { readValueInfo } from "../../generator/gradient/read-onnx.ts";

/** A graph seen from outside. */
export interface GraphHead {
	/** Weights that older exports list among them are left out. */
	inputs: OnnxValue[];
	outputs: OnnxValue[];
	/** Files beside it that hold weights, as the graph names them. */
	weightFiles: string[];
}

/** More than any name, shape or list of strings takes. */
const mostBytesOfOneField = 1 << 20;
const pieceBytes = 1 << 16;

const mostPointerBytes = 1024;

/**
 * Field numbers are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
 * @param name for messages.
 * @throws Refusal MODEL_DAMAGED where the file is cut off or no ONNX model; naming it.
 */
export async function readGraphHead(path: string, name: string): Promise<GraphHead> {
	const file = await open(path, "r");
	try {
		const { size } = await file.stat();
		if (size < mostPointerBytes && (await isPointer(file))) {
			throw new Refusal(
				"MODEL_DAMAGED",
				`${name} is only a pointer to a large file, as Git leaves it without LFS. Get the file itself.`,
				{ path },
			);
		}
		const walk = new FileWalk(file, size);
		const head: GraphHead = { inputs: [], outputs: [], weightFiles: [] };
		const weights = new Set<string>();
		await walk.fields(size, async (field, length) => {
			if (field === 7) await readGraph(walk, walk.at + length, head, weights);
			else walk.skip(length);
		});
		if (head.outputs.length === 0) throw new NotOnnx("it names no output");
		head.inputs = head.inputs.filter((input) => !weights.has(input.name));
		head.weightFiles = [...new Set(head.weightFiles)];
		return head;
	} catch (error) {
		if (error instanceof Refusal) throw error;
		const reason = error instanceof Error ? error.message : String(error);
		throw new Refusal("MODEL_DAMAGED", `${name} is damaged, or no ONNX model: ${reason}.`, {
			path,
		});
	} finally {
		await file.close();
	}
}

/** https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
async function isPointer(file: FileHandle): Promise<boolean> {
	const { buffer, bytesRead } = await file.read(Buffer.alloc(40), 0, 40, 0);
	return buffer.toString("latin1", 0, bytesRead).startsWith("version https://git-lfs");
}

async function readGraph(
	walk: FileWalk,
	end: number,
	head: GraphHead,
	weights: Set<string>,
): Promise<void> {
	await walk.fields(end, async (field, length) => {
		if (field === 5) await readWeight(walk, walk.at + length, head, weights);
		else if (field === 11) head.inputs.push(readValueInfo(await walk.bytes(length)));
		else if (field === 12) head.outputs.push(readValueInfo(await walk.bytes(length)));
		else walk.skip(length);
	});
}

async function readWeight(
	walk: FileWalk,
	end: number,
	head: GraphHead,
	weights: Set<string>,
): Promise<void> {
	await walk.fields(end, async (field, length) => {
		if (field === 8) weights.add((await walk.bytes(length)).toString("utf8"));
		else if (field === 13) {
			const { key, value } = keyAndValue(await walk.bytes(length));
			if (key === "location") head.weightFiles.push(value);
		} else walk.skip(length);
	});
}

function keyAndValue(bytes: Buffer): { key: string; value: string } {
	return new PbfReader(bytes).readFields(
		(tag, entry, reader) => {
			if (tag === 1) entry.key = reader.readString();
			else if (tag === 2) entry.value = reader.readString();
		},
		{ key: "", value: "" },
	);
}

class NotOnnx extends Error {}

/** Steps through protobuf fields of a file, reading a piece at a time. */
class FileWalk {
	at = 0;
	readonly #file: FileHandle;
	readonly #size: number;
	#piece = Buffer.alloc(0);
	#pieceStart = 0;

	constructor(file: FileHandle, size: number) {
		this.#file = file;
		this.#size = size;
	}

	/** `visit` must move on by `length`; fields that are no bytes are passed over. */
	async fields(
		end: number,
		visit: (field: number, length: number) => Promise<void>,
	): Promise<void> {
		if (end > this.#size) {
			throw new NotOnnx(`it should have ${end} bytes and has ${this.#size}`);
		}
		while (this.at < end) {
			const tag = await this.#varint();
			const wire = tag & 7;
			if (wire === 2) {
				const length = await this.#varint();
				if (this.at + length > this.#size) {
					throw new NotOnnx(`it should have ${this.at + length} bytes and has ${this.#size}`);
				}
				await visit(tag >>> 3, length);
			} else if (wire === 0) await this.#varint();
			else if (wire === 5) this.skip(4);
			else if (wire === 1) this.skip(8);
			else throw new NotOnnx("its structure makes no sense");
		}
		if (this.at !== end) throw new NotOnnx("its structure makes no sense");
	}

	skip(length: number): void {
		this.at += length;
	}

	async bytes(length: number): Promise<Buffer> {
		if (length > mostBytesOfOneField) throw new NotOnnx("a description in it is too long");
		const parts: number[] = [];
		for (let read = 0; read < length; read++) parts.push(await this.#byte());
		return Buffer.from(parts);
	}

	async #varint(): Promise<number> {
		let value = 0;
		for (let shift = 0; shift < 10; shift++) {
			const byte = await this.#byte();
			value += (byte & 127) * 2 ** (7 * shift);
			if (byte < 128) return value;
		}
		throw new NotOnnx("its structure makes no sense");
	}

	async #byte(): Promise<number> {
		const inside = this.at - this.#pieceStart;
		const known = inside >= 0 ? this.#piece[inside] : undefined;
		if (known !== undefined) {
			this.at += 1;
			return known;
		}
		const piece = Buffer.alloc(Math.min(pieceBytes, Math.max(0, this.#size - this.at)));
		const { bytesRead } = await this.#file.read(piece, 0, piece.length, this.at);
		this.#piece = piece.subarray(0, bytesRead);
		this.#pieceStart = this.at;
		const first = this.#piece[0];
		if (first === undefined) throw new NotOnnx(`it ends after ${this.#size} bytes`);
		this.at += 1;
		return first;
	}
}

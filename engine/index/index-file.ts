/**
 * @file The file an index is kept in: a header that says what it is, a body, and a checksum.
 *
 * | bytes | |
 * |---|---|
 * | 8 | `AFTERIDX` |
 * | 4 | format, uint32 little-endian |
 * | 4 | length of the header, uint32 little-endian |
 * | header | JSON, UTF-8, padded with spaces to a multiple of 8 |
 * | labels | float64 little-endian [count] |
 * | vectors | float32 or float16 little-endian [count, dimensions]; none in the file of a graph |
 * | 32 | SHA-256 of everything before |
 */
import { createHash } from "node:crypto";
import { open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { IndexFileError, type VectorSpace } from "./vector-index.ts";

/** The newest index file format this version reads and the one it writes. */
const indexFileFormat = 1;

const magic = "AFTERIDX";
const fixedBytes = 16;
const checksumBytes = 32;

const headerSchema = z.object({
	kind: z.enum(["exact", "hnsw"]),
	encoderKey: z.string(),
	dimensions: z.number().int().positive(),
	count: z.number().int().nonnegative(),
	/** How vectors are written; `none`: the graph's own file holds them. */
	element: z.enum(["float32", "float16", "none"]),
	/** The graph's own file, beside this one. */
	graph: z
		.object({
			name: z.string().regex(/^[^/\\]+$/),
			sha256: z.string(),
			/** HNSW's search width when it was saved. */
			searchWidth: z.number().int().positive(),
		})
		.nullable(),
});
export type IndexFileHeader = z.infer<typeof headerSchema>;

export interface IndexFile {
	header: IndexFileHeader;
	/** Float64 [count]. */
	labels: Float64Array;
	/** Float32 [count, dimensions]; empty when `element` is `none`. */
	vectors: Float32Array;
}

/**
 * Writes beside, reads back, then renames: an old file survives any failure.
 * @throws Error of the file system, naming the path.
 */
export async function writeIndexFile(path: string, file: IndexFile): Promise<void> {
	const vectors =
		file.header.element === "float16" ? Float16Array.from(file.vectors) : file.vectors;
	const parts = [encodeHeader(file.header), bytesOf(file.labels), bytesOf(vectors)];
	const hash = createHash("sha256");
	for (const part of parts) hash.update(part);
	const beside = `${path}.new`;
	await writeDurably(beside, [...parts, hash.digest()]);
	try {
		await readIndexFile(beside);
		await renameDurably(beside, path);
	} catch (error) {
		await rm(beside, { force: true });
		throw error;
	}
}

/**
 * @param space what the file must hold; any when absent.
 * @throws IndexFileError saying why the file is of no use.
 */
export async function readIndexFile(path: string, space?: VectorSpace): Promise<IndexFile> {
	const bytes = await readBytes(path);
	const fail = (reason: IndexFileError["reason"], what: string) =>
		new IndexFileError(reason, `The index file ${path} ${what}.`);
	if (!magic.startsWith(bytes.toString("latin1", 0, magic.length))) {
		throw fail("foreign", "is not an index file");
	}
	if (bytes.length < fixedBytes + checksumBytes) throw fail("truncated", "is cut short");
	const format = bytes.readUInt32LE(8);
	if (format > indexFileFormat) {
		throw fail("newer-format", `has format ${format}; this version reads ${indexFileFormat}`);
	}
	const end = bytes.length - checksumBytes;
	const checksum = createHash("sha256").update(bytes.subarray(0, end)).digest();
	if (!checksum.equals(bytes.subarray(end))) {
		throw fail("truncated", "is cut short or damaged: its checksum does not match");
	}
	const bodyStart = fixedBytes + bytes.readUInt32LE(12);
	const header = parseHeader(bytes.subarray(fixedBytes, Math.min(bodyStart, end)));
	if (header === null) throw fail("foreign", "has a header of another program");
	if (
		space !== undefined &&
		(header.encoderKey !== space.encoderKey || header.dimensions !== space.dimensions)
	) {
		throw fail(
			"other-space",
			`holds ${header.dimensions} dimensions of ${header.encoderKey}, not ${space.dimensions} of ${space.encoderKey}`,
		);
	}
	const { count, dimensions, element } = header;
	const elementBytes = { float32: 4, float16: 2, none: 0 }[element];
	if (end - bodyStart !== count * (8 + dimensions * elementBytes)) {
		throw fail("truncated", "has not as many vectors as it says");
	}
	const labels = new Float64Array(aligned(bytes, bodyStart, count * 8));
	const body = aligned(bytes, bodyStart + count * 8, count * dimensions * elementBytes);
	const vectors =
		element === "float16" ? Float32Array.from(new Float16Array(body)) : new Float32Array(body);
	return { header, labels, vectors };
}

/** Writes and flushes to the disk. */
async function writeDurably(path: string, parts: readonly Uint8Array[]): Promise<void> {
	const handle = await open(path, "w");
	try {
		for (const part of parts) {
			// A single write call takes at most 2 GB.
			for (let at = 0; at < part.length; at += 1 << 28) {
				await handle.writeFile(part.subarray(at, at + (1 << 28)));
			}
		}
		await handle.sync();
	} catch (error) {
		await handle.close();
		await rm(path, { force: true });
		throw error;
	}
	await handle.close();
}

/** Renames, and flushes the folder where the system can: a rename is kept in the folder. */
async function renameDurably(from: string, to: string): Promise<void> {
	await rename(from, to);
	if (process.platform === "win32") return;
	const folder = await open(dirname(to), "r");
	try {
		await folder.sync();
	} finally {
		await folder.close();
	}
}

function encodeHeader(header: IndexFileHeader): Uint8Array {
	const text = JSON.stringify(header);
	const length = Buffer.byteLength(text);
	const padded = text + " ".repeat((8 - (length % 8)) % 8);
	const json = Buffer.from(padded, "utf8");
	const fixed = Buffer.alloc(fixedBytes);
	fixed.write(magic, "latin1");
	fixed.writeUInt32LE(indexFileFormat, 8);
	fixed.writeUInt32LE(json.length, 12);
	return Buffer.concat([fixed, json]);
}

function parseHeader(bytes: Buffer): IndexFileHeader | null {
	try {
		return headerSchema.parse(JSON.parse(bytes.toString("utf8")));
	} catch {
		return null;
	}
}

async function readBytes(path: string): Promise<Buffer> {
	try {
		return await readFile(path);
	} catch (error) {
		if (error instanceof Error && "code" in error && error.code === "ENOENT") {
			throw new IndexFileError("missing", `There is no index file ${path}.`);
		}
		throw error;
	}
}

/** A copy, since a view of numbers must start at a multiple of their size. */
function aligned(bytes: Buffer, start: number, length: number): ArrayBuffer {
	const copy = new ArrayBuffer(length);
	new Uint8Array(copy).set(bytes.subarray(start, start + length));
	return copy;
}

function bytesOf(numbers: Float64Array | Float32Array | Float16Array): Uint8Array {
	return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

/**
 * @file Keeps a graph on disk as two files: the library's own, named after its checksum, and beside it
 * an index file of ours that names it. Renaming ours is the moment the new graph counts, so a failure
 * at any point leaves the old pair whole.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { access, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { HnswGraph } from "./hnsw-graph.ts";
import { readIndexFile, writeIndexFile } from "./index-file.ts";
import { IndexFileError, type VectorSpace } from "./vector-index.ts";

/** @throws Error when the graph could not be written whole; the old files are then untouched. */
export async function saveGraph(path: string, graph: HnswGraph, space: VectorSpace): Promise<void> {
	const { encoderKey, dimensions } = space;
	const beside = `${path}.graph.new`;
	await access(dirname(path));
	try {
		// Both in one go: vectors may be added as soon as this waits for anything.
		graph.write(beside);
		const labels = graph.nodeLabels();
		const { searchWidth } = graph;
		await checkWritten(beside, labels, dimensions);
		const sha256 = await fileSha256(beside);
		const name = `${graphPrefix(path)}${sha256.slice(0, 16)}.graph`;
		await rename(beside, join(dirname(path), name));
		await writeIndexFile(path, {
			header: {
				kind: "hnsw",
				encoderKey,
				dimensions,
				count: labels.length,
				element: "none",
				graph: { name, sha256, searchWidth },
			},
			labels,
			vectors: new Float32Array(0),
		});
		await removeOtherGraphs(path, name);
	} finally {
		await rm(beside, { force: true });
	}
}

/** @throws IndexFileError when the files are of no use for this space. */
export async function loadGraph(path: string, space: VectorSpace): Promise<HnswGraph> {
	const { header, labels } = await readIndexFile(path, space);
	if (header.graph === null) {
		throw new IndexFileError("foreign", `The index file ${path} holds no graph.`);
	}
	const graphPath = join(dirname(path), header.graph.name);
	const sha256 = await fileSha256(graphPath).catch(() => null);
	if (sha256 === null) {
		throw new IndexFileError("missing", `The graph ${graphPath} of an index file is missing.`);
	}
	if (sha256 !== header.graph.sha256) {
		throw new IndexFileError("truncated", `The graph ${graphPath} is cut short or damaged.`);
	}
	try {
		return await HnswGraph.read(graphPath, space.dimensions, labels, header.graph.searchWidth);
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw new IndexFileError("foreign", `The graph ${graphPath} cannot be read: ${reason}`);
	}
}

/** Reads the written file back with the library, which is the only one to know when it is whole. */
async function checkWritten(path: string, labels: Float64Array, dimensions: number): Promise<void> {
	const written = await stat(path);
	if (!written.isFile() || written.size < labels.length * dimensions * 4) {
		throw new Error(`The graph could not be written to ${path}.`);
	}
	const handle = await open(path, "r+");
	try {
		await handle.sync();
	} finally {
		await handle.close();
	}
	await HnswGraph.read(path, dimensions, labels, 1);
}

async function removeOtherGraphs(path: string, name: string): Promise<void> {
	for (const entry of await readdir(dirname(path))) {
		const ours = entry.startsWith(graphPrefix(path)) && entry.endsWith(".graph");
		if (ours && entry !== name) await rm(join(dirname(path), entry), { force: true });
	}
}

function graphPrefix(path: string): string {
	return `${basename(path)}-`;
}

async function fileSha256(path: string): Promise<string> {
	const hash = createHash("sha256");
	for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece);
	return hash.digest("hex");
}

/** @file Unpacks a zip archive with a model in it: plain files only, names that stay inside, sizes that were announced. */
import { createWriteStream } from "node:fs";
import { type FileHandle, mkdir, open, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createInflateRaw } from "node:zlib";
import { Refusal } from "../../contract/errors.ts";
import { packageFileNameSchema } from "./model-catalogue.ts";

/** A file of an archive. */
export interface ZipEntry {
	/** Without the folder that all files of the archive are in. */
	name: string;
	sizeBytes: number;
	readonly packedBytes: number;
	readonly method: number;
	/** Where its own header begins. */
	readonly at: number;
}

const endBytes = 22;
const mostCommentBytes = 65_535;
const mostEntries = 2000;
/** As many bytes of list as so many long names take. */
const mostListBytes = 2_000_000;
const needsZip64 = 0xffff_ffff;

/**
 * The files of an archive that have names which a model's files have; hidden ones and folders are left out.
 * Layout: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 * @throws Refusal MODEL_DAMAGED naming the archive.
 */
export async function listZip(path: string): Promise<ZipEntry[]> {
	const file = await open(path, "r");
	try {
		const { at, sizeBytes, count } = await findList(file, path);
		const list = await bytesAt(file, at, sizeBytes, path);
		return withoutCommonFolder(readList(list, count, path));
	} finally {
		await file.close();
	}
}

/**
 * Writes the entries below `folder`.
 * @throws Refusal MODEL_DAMAGED where one is not what was announced.
 */
export async function unpackZip(
	path: string,
	entries: readonly ZipEntry[],
	folder: string,
): Promise<void> {
	const file = await open(path, "r");
	try {
		for (const entry of entries) await unpack(file, path, entry, join(folder, entry.name));
	} finally {
		await file.close();
	}
}

async function unpack(
	file: FileHandle,
	path: string,
	{ name, at, method, packedBytes, sizeBytes }: ZipEntry,
	target: string,
): Promise<void> {
	const header = await bytesAt(file, at, 30, path);
	if (header.readUInt32LE(0) !== 0x0403_4b50)
		throw damaged(path, `${name} is not where it should be`);
	const start = at + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
	await mkdir(dirname(target), { recursive: true });
	if (packedBytes === 0) return writeFile(target, "");
	let written = 0;
	// What a few bytes unpack to is nobody's guess: no more is taken than was announced.
	const counting = new Transform({
		transform(piece: Buffer, _encoding, done) {
			written += piece.length;
			if (written > sizeBytes) done(damaged(path, `${name} is larger than announced`));
			else done(null, piece);
		},
	});
	const packed = file.createReadStream({
		start,
		end: start + packedBytes - 1,
		autoClose: false,
	});
	const out = createWriteStream(target, { flags: "wx" });
	try {
		if (method === 0) await pipeline(packed, counting, out);
		else await pipeline(packed, createInflateRaw(), counting, out);
	} catch (error) {
		if (error instanceof Refusal) throw error;
		if (error instanceof Error && "code" in error && error.code === "ENOSPC") throw error;
		throw damaged(path, `${name} cannot be unpacked`);
	}
	if (written !== sizeBytes) throw damaged(path, `${name} is shorter than announced`);
}

async function findList(file: FileHandle, path: string) {
	const { size } = await file.stat();
	const length = Math.min(size, endBytes + mostCommentBytes);
	const tail = await bytesAt(file, size - length, length, path);
	for (let at = tail.length - endBytes; at >= 0; at--) {
		if (tail.readUInt32LE(at) !== 0x0605_4b50) continue;
		const count = tail.readUInt16LE(at + 10);
		const sizeBytes = tail.readUInt32LE(at + 12);
		const offset = tail.readUInt32LE(at + 16);
		if (offset === needsZip64 || count === 0xffff) {
			throw damaged(path, "it is of the form for more than 4 GB; unpack it and install the folder");
		}
		if (count > mostEntries || sizeBytes > mostListBytes) {
			throw damaged(path, "it holds too many files for a model");
		}
		return { at: offset, sizeBytes, count };
	}
	throw damaged(path, "it has no list of its files; perhaps it is cut off");
}

function readList(list: Buffer, count: number, path: string): ZipEntry[] {
	const entries: ZipEntry[] = [];
	let at = 0;
	for (let read = 0; read < count; read++) {
		if (at + 46 > list.length || list.readUInt32LE(at) !== 0x0201_4b50) {
			throw damaged(path, "its list of files is broken");
		}
		const flags = list.readUInt16LE(at + 8);
		const method = list.readUInt16LE(at + 10);
		const packedBytes = list.readUInt32LE(at + 20);
		const sizeBytes = list.readUInt32LE(at + 24);
		const nameBytes = list.readUInt16LE(at + 28);
		const name = list.toString("utf8", at + 46, at + 46 + nameBytes);
		const attributes = list.readUInt32LE(at + 38) >>> 16;
		const offset = list.readUInt32LE(at + 42);
		at += 46 + nameBytes + list.readUInt16LE(at + 30) + list.readUInt16LE(at + 32);
		const isLink = (attributes & 0o170000) === 0o120000;
		if (name.endsWith("/") || isLink || isHidden(name)) continue;
		if (!packageFileNameSchema.safeParse(name).success) {
			throw damaged(path, `${JSON.stringify(name)} is a name that no model file has`);
		}
		if ((flags & 1) !== 0) throw damaged(path, "it is locked with a password");
		if (method !== 0 && method !== 8) throw damaged(path, `${name} is packed in an unusual way`);
		if (packedBytes === needsZip64 || sizeBytes === needsZip64) {
			throw damaged(path, `${name} has more than 4 GB; unpack it and install the folder`);
		}
		entries.push({ name, sizeBytes, packedBytes, method, at: offset });
	}
	if (new Set(entries.map(({ name }) => name)).size !== entries.length) {
		throw damaged(path, "it holds the same file twice");
	}
	return entries;
}

/** Such as `.DS_Store` and what macOS keeps beside files. */
function isHidden(name: string): boolean {
	return (
		name.split("/").some((part) => part.startsWith(".") && part !== ".." && part !== ".") ||
		name.startsWith("__MACOSX/")
	);
}

/** A folder that was zipped is in its archive as a folder. */
function withoutCommonFolder(entries: readonly ZipEntry[]): ZipEntry[] {
	const first = entries[0]?.name.split("/") ?? [];
	const folder = `${first[0]}/`;
	const usual = ["onnx/", "textual/", "visual/", "unet/"];
	if (first.length < 2 || usual.includes(folder)) return [...entries];
	if (!entries.every(({ name }) => name.startsWith(folder))) return [...entries];
	return entries.map((entry) => ({ ...entry, name: entry.name.slice(folder.length) }));
}

async function bytesAt(
	file: FileHandle,
	at: number,
	length: number,
	path: string,
): Promise<Buffer> {
	const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, Math.max(0, at));
	if (bytesRead !== length) throw damaged(path, "it is cut off");
	return buffer;
}

function damaged(path: string, reason: string): Refusal {
	return new Refusal("MODEL_DAMAGED", `${path} cannot be unpacked: ${reason}.`, { path });
}

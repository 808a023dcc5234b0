/** @file Reads a model package: its manifest, and proof that its files are the ones it names. */
import { createHash } from "node:crypto";
import { createReadStream, readFileSync } from "node:fs";
import { isAbsolute, join, normalize, sep } from "node:path";
import { z } from "zod";
import { Refusal } from "../../contract/errors.ts";
import { type ModelManifest, manifestFormat, modelManifestSchema } from "./model-manifest.ts";

/** A package whose manifest was read; its other files are checked by `verifyModelPackage`. */
export interface ModelPackage {
	/** The folder that holds `model.json`. */
	readonly path: string;
	readonly manifest: ModelManifest;
}

/** The two halves of a dual encoder; each is loaded in a thread of its own. */
export type Tower = "picture" | "text";

/**
 * Reads and validates `model.json`. Synchronous because nothing can be said about an encoder before
 * it is read, and it is a kilobyte.
 * @throws Refusal MODEL_UNAVAILABLE naming the file, and the field where one is at fault.
 */
export function loadModelPackage(folder: string): ModelPackage {
	const path = join(folder, "model.json");
	const value = readManifest(path);
	const header = z.object({ format: z.number().int() }).safeParse(value);
	if (header.success && header.data.format > manifestFormat) {
		throw new Refusal(
			"MODEL_UNAVAILABLE",
			`${path} has format ${header.data.format}; this version reads up to ${manifestFormat}. Update Afterimage or choose another model.`,
			{ path, field: "format" },
		);
	}
	const parsed = modelManifestSchema.safeParse(value);
	if (!parsed.success) {
		const issue = parsed.error.issues[0];
		const field = issue?.path.join(".") || "(root)";
		throw new Refusal(
			"MODEL_UNAVAILABLE",
			`${path} cannot be used: ${field}: ${issue?.message ?? "not a manifest"}.`,
			{ path, field },
		);
	}
	checkFileNames(path, parsed.data);
	return { path: folder, manifest: parsed.data };
}

/**
 * Compares every file's SHA-256 with the manifest, reading in pieces so that a package of any size
 * takes little memory.
 * @param tower checks only what this tower needs: its own files, and those no tower names (weights
 * kept beside a graph).
 * @throws Refusal MODEL_UNAVAILABLE naming the first missing or damaged file.
 */
export async function verifyModelPackage(modelPackage: ModelPackage, tower?: Tower): Promise<void> {
	const { image, text, sha256 } = modelPackage.manifest;
	const own = tower === "picture" ? [image.file] : [text.file, text.tokenizer];
	const all = [image.file, text.file, text.tokenizer];
	const others = new Set(tower === undefined ? [] : all.filter((name) => !own.includes(name)));
	const needed = Object.entries(sha256).filter(([name]) => !others.has(name));
	await verifyFiles(modelPackage.path, Object.fromEntries(needed));
}

/**
 * The same for any folder with a list of checksums.
 * @throws Refusal MODEL_UNAVAILABLE naming the first missing or damaged file.
 */
export async function verifyFiles(
	folder: string,
	sha256: Readonly<Record<string, string>>,
): Promise<void> {
	for (const [name, expected] of Object.entries(sha256)) {
		const path = join(folder, name);
		const actual = await fileSha256(path);
		if (actual !== expected) {
			throw new Refusal(
				"MODEL_UNAVAILABLE",
				`${path} is damaged: its checksum is not the one in model.json. Install the model again.`,
				{ path },
			);
		}
	}
}

function readManifest(path: string): unknown {
	let text: string;
	try {
		text = readFileSync(path, "utf8");
	} catch (error) {
		throw unreadable(path, error);
	}
	try {
		return JSON.parse(text);
	} catch {
		throw new Refusal("MODEL_UNAVAILABLE", `${path} is damaged: it is not JSON.`, { path });
	}
}

/** A package comes from elsewhere, so a name must not lead out of its folder. */
function checkFileNames(path: string, manifest: ModelManifest): void {
	const used = {
		"image.file": manifest.image.file,
		"text.file": manifest.text.file,
		"text.tokenizer": manifest.text.tokenizer,
	};
	for (const [field, name] of Object.entries(used)) {
		if (manifest.sha256[name] === undefined) {
			throw new Refusal(
				"MODEL_UNAVAILABLE",
				`${path} cannot be used: sha256 has no checksum for ${name}, which ${field} names.`,
				{ path, field: "sha256" },
			);
		}
	}
	for (const name of Object.keys(manifest.sha256)) {
		const inside = normalize(name);
		const leaves = inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside);
		if (leaves || name.includes("\\") || name.includes(":") || name.includes("\0")) {
			throw new Refusal(
				"MODEL_UNAVAILABLE",
				`${path} cannot be used: the file name ${JSON.stringify(name)} leads out of the package.`,
				{ path, field: "sha256" },
			);
		}
	}
}

async function fileSha256(path: string): Promise<string> {
	const hash = createHash("sha256");
	try {
		for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) {
			hash.update(piece);
		}
	} catch (error) {
		throw unreadable(path, error);
	}
	return hash.digest("hex");
}

function unreadable(path: string, error: unknown): Refusal {
	const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
	const what = code === "ENOENT" ? "is missing" : `cannot be read (${code})`;
	return new Refusal("MODEL_UNAVAILABLE", `${path} ${what}. Install the model again.`, { path });
}

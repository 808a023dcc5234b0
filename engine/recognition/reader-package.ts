/** @file The package of a text reader: its manifest `model.json`, its characters, proof of its files. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { Refusal } from "../../contract/errors.ts";
import { verifyFiles } from "../encoder/model-package.ts";

/** The newest manifest format this version reads. */
const manifestFormat = 1;

/**
 * Raise it when the same networks read something else than before because of how they are used here:
 * photos are then read again.
 */
const procedureVersion = 1;

/** A plain name inside the package. */
const fileNameSchema = z.string().regex(/^(?!\.)[\w-]+(\/[\w-]+)*\.\w+$/);

const readerManifestSchema = z.object({
	format: z.literal(manifestFormat),
	id: z.string().min(1).max(100),
	kind: z.literal("text-reader"),
	version: z.string(),
	title: z.string(),
	licence: z.string(),
	/** Picture [1, 3, height, width] -> how likely each pixel is text [1, 1, height, width]. */
	detection: z.object({ file: fileNameSchema, input: z.string(), output: z.string() }),
	/** Lines [lines, 3, height, width] -> probabilities [lines, steps, characters + 2]. */
	recognition: z.object({
		file: fileNameSchema,
		input: z.string(),
		output: z.string(),
		/** Pixels a line is high. */
		height: z.number().int().positive(),
		/** One character a line, in the order of the classes. */
		characters: fileNameSchema,
	}),
	sha256: z.record(fileNameSchema, z.string().regex(/^[0-9a-f]{64}$/)),
});
export type ReaderManifest = z.infer<typeof readerManifestSchema>;

export interface ReaderPackage {
	/** The folder that holds `model.json`. */
	readonly path: string;
	readonly manifest: ReaderManifest;
	/** What was read is kept under it, and read again by a reader with another one. */
	readonly key: string;
}

/** @throws Refusal MODEL_UNAVAILABLE naming the file, and the field where one is at fault. */
export function loadReaderPackage(folder: string): ReaderPackage {
	const path = join(folder, "model.json");
	const parsed = readerManifestSchema.safeParse(readJson(path));
	if (!parsed.success) {
		const issue = parsed.error.issues[0];
		const field = issue?.path.join(".") || "(root)";
		const message = `${path} cannot be used: ${field}: ${issue?.message ?? "not a manifest"}.`;
		throw new Refusal("MODEL_UNAVAILABLE", message, { path, field });
	}
	const manifest = parsed.data;
	const { detection, recognition, sha256 } = manifest;
	for (const name of [detection.file, recognition.file, recognition.characters]) {
		if (sha256[name] !== undefined) continue;
		const message = `${path} cannot be used: sha256 has no checksum for ${name}.`;
		throw new Refusal("MODEL_UNAVAILABLE", message, { path, field: "sha256" });
	}
	return { path: folder, manifest, key: `${manifest.id}@${manifest.version}+${procedureVersion}` };
}

/** @throws Refusal MODEL_UNAVAILABLE naming the first missing or damaged file. */
export async function verifyReaderPackage({ path, manifest }: ReaderPackage): Promise<void> {
	await verifyFiles(path, manifest.sha256);
}

/** What each class of the recognition network means: nothing, the characters of the file, a space. */
export function readClasses({ path, manifest }: ReaderPackage): string[] {
	const text = readFileSync(join(path, manifest.recognition.characters), "utf8");
	return ["", ...text.trimEnd().split("\n"), " "];
}

function readJson(path: string): unknown {
	try {
		return JSON.parse(readFileSync(path, "utf8"));
	} catch (error) {
		const cause = error instanceof Error ? error.message : String(error);
		throw new Refusal("MODEL_UNAVAILABLE", `${path} cannot be read (${cause}).`, { path });
	}
}

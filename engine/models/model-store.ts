/**
 * @file The folder of installed models. A package is filled in `.staging/` and moved to its name with one
 * rename, so that what has a name is whole; removing begins with a rename too.
 */
import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, statfs } from "node:fs/promises";
import { basename, join } from "node:path";
import { z } from "zod";
import { Refusal } from "../../contract/errors.ts";
import { type ModelId, modelIdSchema, modelKindSchema } from "../../contract/model-package.ts";
import { holdExclusive } from "../catalogue/exclusive-lock.ts";
import { replaceFile } from "../library/replace-file.ts";

/** Beside a package's own files; a folder without it is none of ours. */
export const recordFile = "installed.json";

export const installedModelSchema = z.object({
	format: z.literal(1),
	id: modelIdSchema,
	kind: modelKindSchema,
	title: z.string(),
	licence: z.string().nullable(),
	/** The host it came from, or `folder`. */
	origin: z.string(),
	/** The commit in its repository. */
	revision: z.string().nullable(),
	installedAtMs: z.number(),
	/** Bytes of all files. */
	sizeBytes: z.number().int(),
	/** Of an encoder, on this computer's processor when it was installed; null where nobody measured. */
	imagesPerSecond: z.number().nullable().default(null),
	/** Of every file, as it was installed. */
	sha256: z.record(z.string(), z.string()),
});
/** What an installed package is, beside its files. */
export type InstalledModel = z.infer<typeof installedModelSchema>;

export class ModelStore {
	/** Absolute; created on the first install. */
	readonly path: string;

	constructor(path: string) {
		this.path = path;
	}

	/** Where a package is put together. Downloads of the same revision go on in it. */
	stagingPath(name: string): string {
		return join(this.path, ".staging", name);
	}

	packagePath(id: ModelId): string {
		return join(this.path, id);
	}

	/** Removes what removals and folder installs left half done; unfinished downloads stay. */
	async clean(keep: ReadonlySet<string>): Promise<void> {
		for (const name of await names(this.path)) {
			if (name.startsWith(".removing-")) await this.#discard(join(this.path, name));
		}
		const staged = await names(join(this.path, ".staging"));
		for (const name of new Set(staged.map((name) => basename(name, lockSuffix)))) {
			const lock = keep.has(name) ? null : holdExclusive(this.#lockPath(name));
			if (lock === null) continue;
			await this.#discard(this.stagingPath(name));
			lock.release();
			await rm(this.#lockPath(name), { force: true });
		}
	}

	/** Every whole package; others are not named. */
	async installed(): Promise<InstalledModel[]> {
		const found: InstalledModel[] = [];
		for (const name of await names(this.path)) {
			if (name.startsWith(".")) continue;
			const record = await this.find(name);
			if (record !== null) found.push(record);
		}
		return found;
	}

	async find(id: string): Promise<InstalledModel | null> {
		try {
			const text = await readFile(join(this.path, id, recordFile), "utf8");
			const record = installedModelSchema.parse(JSON.parse(text));
			return record.id === id ? record : null;
		} catch {
			return null;
		}
	}

	/**
	 * Makes a staged package an installed one.
	 * @throws Refusal NAME_TAKEN where one of that name is installed.
	 */
	async finish(stagingPath: string, record: InstalledModel): Promise<void> {
		await replaceFile(join(stagingPath, recordFile), JSON.stringify(record, null, "\t"));
		const target = this.packagePath(record.id);
		if ((await this.find(record.id)) !== null) {
			throw new Refusal("NAME_TAKEN", `${record.title} is installed already.`);
		}
		// A folder without its record is none of ours to keep: it stopped being a package.
		await this.#discard(target);
		await rename(stagingPath, target);
	}

	/** @returns bytes freed; of a package, or of what a stopped download left */
	async remove(id: ModelId): Promise<number> {
		let freedBytes = 0;
		for (const path of [this.packagePath(id), this.stagingPath(id)]) {
			freedBytes += await folderBytes(path);
			await this.#discard(path);
		}
		return freedBytes;
	}

	/** Forgets what a stopped download left. */
	discardStaged(id: ModelId): Promise<void> {
		return this.#discard(this.stagingPath(id));
	}

	/** Bytes of a download that are here already. */
	keptBytes(id: ModelId): Promise<number> {
		return folderBytes(this.stagingPath(id));
	}

	/** Null where the system does not say. */
	async freeBytes(): Promise<number | null> {
		for (let path = this.path; ; ) {
			try {
				const { bavail, bsize } = await statfs(path);
				return bavail * bsize;
			} catch {
				const parent = join(path, "..");
				if (parent === path) return null;
				path = parent;
			}
		}
	}

	/**
	 * Keeps others from installing the same model into the same folder, until it is released or the process is gone.
	 * @throws Refusal MODEL_BUSY
	 */
	async claim(name: string): Promise<() => void> {
		await mkdir(join(this.path, ".staging"), { recursive: true });
		const lock = holdExclusive(this.#lockPath(name));
		if (lock === null) {
			throw new Refusal(
				"MODEL_BUSY",
				"Another window or command of Afterimage is installing that model.",
			);
		}
		return () => lock.release();
	}

	#lockPath(name: string): string {
		return this.stagingPath(name) + lockSuffix;
	}

	/** Out of sight at once, then gone. */
	async #discard(path: string): Promise<void> {
		const doomed = join(this.path, `.removing-${randomUUID()}`);
		try {
			await rename(path, doomed);
		} catch (error) {
			if (error instanceof Error && "code" in error && error.code === "ENOENT") return;
			throw error;
		}
		await rm(doomed, { recursive: true, force: true });
	}
}

const lockSuffix = ".lock";

async function names(path: string): Promise<string[]> {
	return readdir(path).catch(() => []);
}

/** Bytes of all files below it; 0 where it is not there. */
async function folderBytes(path: string): Promise<number> {
	const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => []);
	const sizes = await Promise.all(
		entries
			.filter((entry) => entry.isFile())
			.map((entry) =>
				stat(join(entry.parentPath, entry.name)).then(
					({ size }) => size,
					() => 0,
				),
			),
	);
	return sizes.reduce((sum, size) => sum + size, 0);
}

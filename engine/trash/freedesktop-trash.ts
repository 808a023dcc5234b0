/**
 * @file The trash of Linux desktops: FreeDesktop.org Trash specification 1.0. Written here because undo needs
 * to know where a file went, which packages do not tell.
 */
import { randomUUID } from "node:crypto";
import { link, lstat, mkdir, open, realpath, rename, rm, unlink } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, extname, join, relative } from "node:path";
import type { SystemTrash, TrashedFile } from "./system-trash.ts";

/** A trash folder, and what the paths noted in it are relative to: null for absolute paths. */
interface TrashFolder {
	path: string;
	topPath: string | null;
}

/** Names tried before giving up on a free one. */
const mostNames = 1000;

/** Files of the home file system go to the person's trash, others to the one at the top of their drive. */
export class FreedesktopTrash implements SystemTrash {
	readonly #environment: NodeJS.ProcessEnv;

	constructor(environment: NodeJS.ProcessEnv = process.env) {
		this.#environment = environment;
	}

	async put(path: string): Promise<TrashedFile> {
		const folder = await this.#folderFor(path);
		await mkdir(join(folder.path, "files"), { recursive: true, mode: 0o700 });
		await mkdir(join(folder.path, "info"), { recursive: true, mode: 0o700 });
		const { infoPath, trashedPath } = await this.#note(folder, path);
		try {
			await rename(path, trashedPath);
		} catch (error) {
			await rm(infoPath, { force: true });
			throw error;
		}
		return { restore: () => putBack(trashedPath, infoPath, path) };
	}

	async #folderFor(path: string): Promise<TrashFolder> {
		const data = this.#environment.XDG_DATA_HOME || join(homedir(), ".local", "share");
		const home = join(data, "Trash");
		await mkdir(home, { recursive: true, mode: 0o700 });
		const { dev } = await lstat(path);
		if ((await lstat(home)).dev === dev) return { path: home, topPath: null };
		const topPath = await topOfDrive(await realpath(dirname(path)), dev);
		const user = process.getuid?.() ?? 0;
		const shared = join(topPath, ".Trash");
		const status = await lstat(shared).catch(() => null);
		// The specification asks for the sticky bit, and for a folder that is no link.
		if (status?.isDirectory() && (status.mode & 0o1000) !== 0) {
			return { path: join(shared, String(user)), topPath };
		}
		return { path: join(topPath, `.Trash-${user}`), topPath };
	}

	/** Takes a free name by making its note, which must be there before the file. */
	async #note(folder: TrashFolder, path: string) {
		const extension = extname(path);
		const stem = basename(path, extension);
		const noted = folder.topPath === null ? path : relative(folder.topPath, await realpath(path));
		const text = `[Trash Info]\nPath=${encodePath(noted)}\nDeletionDate=${localTime(new Date())}\n`;
		for (let count = 1; count <= mostNames; count += 1) {
			const name = count === 1 ? `${stem}${extension}` : `${stem}.${count}${extension}`;
			const infoPath = join(folder.path, "info", `${name}.trashinfo`);
			const trashedPath = join(folder.path, "files", name);
			if ((await lstat(trashedPath).catch(() => null)) !== null) continue;
			try {
				const file = await open(infoPath, "wx", 0o600);
				await file.writeFile(text).finally(() => file.close());
				return { infoPath, trashedPath };
			} catch (error) {
				if (!isTaken(error)) throw error;
			}
		}
		throw new Error(
			`The trash holds too many files named ${basename(path)}. Empty it and try again.`,
		);
	}
}

/** Never over another file that took the place meanwhile. */
async function putBack(trashedPath: string, infoPath: string, path: string): Promise<void> {
	await mkdir(dirname(path), { recursive: true });
	try {
		// Unlike rename, link refuses a name that is taken.
		await link(trashedPath, path);
		await unlink(trashedPath);
	} catch (error) {
		if (isTaken(error))
			throw new Error(`There is another file at ${path} now; the photo stays in the trash.`);
		if ((await lstat(trashedPath).catch(() => null)) === null) {
			throw new Error(`${basename(path)} is no longer in the trash.`);
		}
		// File systems without links: a name of ours first, so that nothing is overwritten in between.
		if ((await lstat(path).catch(() => null)) !== null) throw error;
		const beside = join(dirname(path), `.${randomUUID()}${extname(path)}.unfinished`);
		await rename(trashedPath, beside);
		await rename(beside, path);
	}
	await rm(infoPath, { force: true });
}

/** The highest folder above `path` that is on the same file system. */
async function topOfDrive(path: string, dev: number): Promise<string> {
	const parent = dirname(path);
	if (parent === path || (await lstat(parent)).dev !== dev) return path;
	return topOfDrive(parent, dev);
}

const encodePath = (path: string) => path.split("/").map(encodeURIComponent).join("/");

/** As the specification has it: local time, YYYY-MM-DDThh:mm:ss. */
function localTime(date: Date): string {
	const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
	return local.toISOString().slice(0, 19);
}

function isTaken(error: unknown): boolean {
	return error instanceof Error && "code" in error && error.code === "EEXIST";
}

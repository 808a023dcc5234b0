/** @file Volumes on macOS: what is mounted below `/Volumes`, identified by `diskutil`. */
import { execFile } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import type { VolumeLookup } from "./volumes.ts";

const run = promisify(execFile);

/** The volume's UUID in the property list `diskutil info -plist` prints; null for shares. */
export function parseVolumeUuid(propertyList: string): string | null {
	return (
		/<key>VolumeUUID<\/key>\s*<string>([0-9A-Fa-f-]+)<\/string>/.exec(propertyList)?.[1] ?? null
	);
}

/** The mount point that holds a path: the system's volume, or one below `/Volumes`. */
export function macMountPoint(realPath: string): string {
	const [, top, name] = realPath.split("/");
	return top === "Volumes" && name ? `/Volumes/${name}` : "/";
}

/** What `diskutil info -plist` prints about a mount point. */
type Diskutil = (mountPoint: string) => Promise<string>;

/** @param diskutil replaceable for tests */
export function macVolumes(diskutil: Diskutil = askDiskutil): VolumeLookup {
	/** `diskutil` takes a tenth of a second: asked once for each mount point and device number. */
	const known = new Map<string, Promise<string>>();

	async function volumeIdAt(mountPoint: string): Promise<string> {
		const { dev } = await stat(mountPoint);
		const key = `${dev}:${mountPoint}`;
		const asked = known.get(key) ?? volumeIdFrom(diskutil, mountPoint);
		known.set(key, asked);
		try {
			return await asked;
		} catch (error) {
			// Asked anew the next time: a drive that is slow to wake up has the same identity afterwards.
			if (known.get(key) === asked) known.delete(key);
			throw error;
		}
	}

	return {
		async identify(realPath) {
			const mountPoint = macMountPoint(realPath);
			return { volumeId: await volumeIdAt(mountPoint), mountPoint };
		},
		async mountPointOf(volumeId) {
			const names = await readdir("/Volumes").catch(() => []);
			// The system's own volume appears among the others as a link, so it is asked about first.
			for (const mountPoint of ["/", ...names.map((name) => path.join("/Volumes", name))]) {
				const id = await volumeIdAt(mountPoint).catch(() => null);
				if (id === volumeId) return mountPoint;
			}
			return null;
		},
	};
}

/**
 * Told by what it prints alone: it fails for network shares too, with a list that says so.
 * @throws what kept it from answering, which says nothing of the volume.
 */
async function volumeIdFrom(diskutil: Diskutil, mountPoint: string): Promise<string> {
	const uuid = parseVolumeUuid(await diskutil(mountPoint));
	return uuid === null ? `path:${mountPoint}` : `uuid:${uuid}`;
}

async function askDiskutil(mountPoint: string): Promise<string> {
	try {
		const asked = ["info", "-plist", mountPoint];
		return (await run("diskutil", asked, { timeout: 10_000 })).stdout;
	} catch (error) {
		const printed = error instanceof Error && "stdout" in error ? String(error.stdout) : "";
		if (isNoDisk(printed)) return printed;
		throw error;
	}
}

/** True when `diskutil` knows no disk there, as of a network share. */
export function isNoDisk(propertyList: string): boolean {
	return /<string>Could not find disk/i.test(propertyList);
}

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

export function macVolumes(): VolumeLookup {
	/** `diskutil` takes a tenth of a second: asked once for each mount point and device number. */
	const known = new Map<string, Promise<string>>();

	async function volumeIdAt(mountPoint: string): Promise<string> {
		const { dev } = await stat(mountPoint);
		const key = `${dev}:${mountPoint}`;
		const asked = known.get(key) ?? askDiskutil(mountPoint);
		known.set(key, asked);
		return asked;
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

async function askDiskutil(mountPoint: string): Promise<string> {
	try {
		const { stdout } = await run("diskutil", ["info", "-plist", mountPoint], { timeout: 10_000 });
		const uuid = parseVolumeUuid(stdout);
		return uuid === null ? `path:${mountPoint}` : `uuid:${uuid}`;
	} catch {
		return `path:${mountPoint}`;
	}
}

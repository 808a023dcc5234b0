/** @file Volumes on Windows: drive letters with their volume's serial number, and network shares. */
import { stat } from "node:fs/promises";
import path from "node:path";
import type { VolumeLookup } from "./volumes.ts";

const driveLetters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];

/** `C:\` or `\\server\share\`. */
export function windowsMountPoint(realPath: string): string {
	return path.win32.parse(realPath).root;
}

export function windowsVolumes(): VolumeLookup {
	return {
		async identify(realPath) {
			const mountPoint = windowsMountPoint(realPath);
			return { volumeId: await volumeIdAt(mountPoint), mountPoint };
		},
		async mountPointOf(volumeId) {
			if (volumeId.startsWith("net:")) {
				const share = volumeId.slice("net:".length);
				return (await exists(share)) ? share : null;
			}
			for (const letter of driveLetters) {
				const mountPoint = `${letter}:\\`;
				const id = await volumeIdAt(mountPoint).catch(() => null);
				if (id === volumeId) return mountPoint;
			}
			return null;
		},
	};
}

/** What Node calls the device number is the volume's serial number on Windows. */
async function volumeIdAt(mountPoint: string): Promise<string> {
	if (mountPoint.startsWith("\\\\")) return `net:${mountPoint}`;
	const { dev } = await stat(mountPoint, { bigint: true });
	return dev === 0n ? `path:${mountPoint}` : `serial:${dev.toString(16)}`;
}

async function exists(folder: string): Promise<boolean> {
	return stat(folder).then(
		() => true,
		() => false,
	);
}

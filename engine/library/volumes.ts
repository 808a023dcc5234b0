/** @file Which drive or share a path is on, so that a folder is found again wherever that is mounted. */
import { linuxVolumes } from "./volumes-linux.ts";
import { macVolumes } from "./volumes-mac.ts";
import { windowsVolumes } from "./volumes-windows.ts";

export interface Volume {
	/**
	 * Stable through unplugging, restarts and other mount points where the system knows an identity
	 * (`uuid:…`, `serial:…`, `net:…`); otherwise `path:` and the mount point.
	 */
	volumeId: string;
	/** Absolute. */
	mountPoint: string;
}

/** Injected, so that tests can let drives come and go. */
export interface VolumeLookup {
	/** The volume an existing path is on. @param realPath absolute, links resolved */
	identify(realPath: string): Promise<Volume>;
	/** Where the volume is mounted now; null when it is not. */
	mountPointOf(volumeId: string): Promise<string | null>;
}

/** The volumes of this computer. */
export function systemVolumes(platform: NodeJS.Platform = process.platform): VolumeLookup {
	if (platform === "linux") return linuxVolumes();
	if (platform === "darwin") return macVolumes();
	if (platform === "win32") return windowsVolumes();
	return rootVolumeOnly;
}

const rootVolumeOnly: VolumeLookup = {
	identify: async () => ({ volumeId: "path:/", mountPoint: "/" }),
	mountPointOf: async (volumeId) => (volumeId === "path:/" ? "/" : null),
};

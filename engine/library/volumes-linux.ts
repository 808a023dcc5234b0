/** @file Volumes on Linux: the kernel's mount table and udev's links from UUIDs to devices. */
import { readdir, readFile, readlink, realpath } from "node:fs/promises";
import path from "node:path";
import type { Volume, VolumeLookup } from "./volumes.ts";

/** One line of `/proc/self/mountinfo`: https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html */
export interface Mount {
	/** The part of the file system that is mounted: `/`, a subvolume or a bound folder. */
	root: string;
	mountPoint: string;
	fileSystem: string;
	/** A device such as `/dev/sdb1`, or a share such as `server:/export`. */
	source: string;
}

export function parseMountInfo(text: string): Mount[] {
	return text.split("\n").flatMap((line) => {
		const [before, after] = line.split(" - ");
		const [, , , root, mountPoint] = before?.split(" ") ?? [];
		const [fileSystem, source] = after?.split(" ") ?? [];
		if (!root || !mountPoint || !fileSystem || source === undefined) return [];
		return [
			{
				root: unescapeOctal(root),
				mountPoint: unescapeOctal(mountPoint),
				fileSystem,
				source: unescapeOctal(source),
			},
		];
	});
}

/** A table's volumes in the order of the table; a later mount hides an earlier one at the same point. */
export function volumesOf(
	mounts: readonly Mount[],
	uuidOfDevice: ReadonlyMap<string, string>,
): Volume[] {
	const byMountPoint = new Map<string, Volume>();
	for (const mount of mounts) {
		byMountPoint.delete(mount.mountPoint);
		byMountPoint.set(mount.mountPoint, {
			volumeId: volumeIdOf(mount, uuidOfDevice),
			mountPoint: mount.mountPoint,
		});
	}
	return [...byMountPoint.values()];
}

/** The volume whose mount point is the longest that holds the path. */
export function volumeHolding(volumes: readonly Volume[], realPath: string): Volume {
	let best: Volume = { volumeId: "path:/", mountPoint: "/" };
	for (const volume of volumes) {
		const prefix = volume.mountPoint === "/" ? "/" : `${volume.mountPoint}/`;
		if (realPath !== volume.mountPoint && !realPath.startsWith(prefix)) continue;
		if (volume.mountPoint.length >= best.mountPoint.length) best = volume;
	}
	return best;
}

export function linuxVolumes(): VolumeLookup {
	return {
		async identify(realPath) {
			return volumeHolding(await readVolumes(), realPath);
		},
		async mountPointOf(volumeId) {
			if (volumeId === "path:/") return "/";
			const mounts = await readMounts();
			const found = volumesOf(mounts, await readDeviceUuids()).find(
				(volume) => volume.volumeId === volumeId,
			);
			return found?.mountPoint ?? formerMountPoint(mounts, volumeId);
		},
	};
}

/** Subvolumes of one file system share its UUID, so the mounted part belongs to the identity. */
function volumeIdOf(mount: Mount, uuidOfDevice: ReadonlyMap<string, string>): string {
	const part = mount.root === "/" ? "" : mount.root;
	const uuid = uuidOfDevice.get(mount.source);
	if (uuid !== undefined) return `uuid:${uuid}${part}`;
	if (/^(nfs|cifs|smb)/.test(mount.fileSystem) || mount.fileSystem === "fuse.sshfs") {
		return `net:${mount.source}${part}`;
	}
	return `path:${mount.mountPoint}`;
}

async function readVolumes(): Promise<Volume[]> {
	return volumesOf(await readMounts(), await readDeviceUuids());
}

async function readMounts(): Promise<Mount[]> {
	const text = await readFile("/proc/self/mountinfo", "utf8").catch(() => "");
	return withRealDevices(parseMountInfo(text));
}

/**
 * Encrypted drives and logical volumes are mounted by a link (`/dev/mapper/luks-…`), while the links from UUIDs
 * lead to the device itself (`/dev/dm-0`). @param resolve replaceable for tests
 */
export async function withRealDevices(
	mounts: readonly Mount[],
	resolve: (path: string) => Promise<string> = realpath,
): Promise<Mount[]> {
	return Promise.all(
		mounts.map(async (mount) => {
			if (!mount.source.startsWith("/dev/")) return mount;
			return { ...mount, source: await resolve(mount.source).catch(() => mount.source) };
		}),
	);
}

/** Folders on mapped devices were once known by their mount point, as these devices' UUIDs were not found. */
export function formerMountPoint(mounts: readonly Mount[], volumeId: string): string | null {
	const isMapped = ({ mountPoint, source }: Mount) =>
		volumeId === `path:${mountPoint}` && source.startsWith("/dev/dm-");
	return mounts.findLast(isMapped)?.mountPoint ?? null;
}

async function readDeviceUuids(): Promise<Map<string, string>> {
	const folder = "/dev/disk/by-uuid";
	const uuidOfDevice = new Map<string, string>();
	for (const uuid of await readdir(folder).catch(() => [])) {
		const target = await readlink(path.join(folder, uuid)).catch(() => null);
		if (target !== null) uuidOfDevice.set(path.resolve(folder, target), uuid);
	}
	return uuidOfDevice;
}

/** The kernel writes space, tab, newline and backslash as `\040` and so on, byte by byte. */
function unescapeOctal(text: string): string {
	return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
		String.fromCharCode(Number.parseInt(digits, 8)),
	);
}

/** @file Reading what the systems say about drives. */
import { describe, expect, test } from "vitest";
import { systemVolumes } from "../../engine/library/volumes.ts";
import {
	formerMountPoint,
	parseMountInfo,
	volumeHolding,
	volumesOf,
	withRealDevices,
} from "../../engine/library/volumes-linux.ts";
import {
	isNoDisk,
	macMountPoint,
	macVolumes,
	parseVolumeUuid,
} from "../../engine/library/volumes-mac.ts";
import { windowsMountPoint } from "../../engine/library/volumes-windows.ts";
import { temporaryTree } from "../watcher/photo-tree.ts";

describe("Linux", () => {
	const table = [
		"22 1 8:2 /@ / rw,relatime shared:1 - btrfs /dev/sda2 rw",
		"23 22 8:2 /@home /home rw,relatime shared:2 - btrfs /dev/sda2 rw",
		"24 22 0:21 / /proc rw - proc proc rw",
		"25 22 8:17 / /media/me/My\\040Stick rw shared:9 - vfat /dev/sdb1 rw",
		"26 22 0:50 / /mnt/nas rw - cifs //nas/photos rw,vers=3",
		"27 22 0:51 / /mnt/odd rw - fuse.something odd rw",
		"broken line",
		"",
	].join("\n");
	const uuids = new Map([
		["/dev/sda2", "aaaa"],
		["/dev/sdb1", "1234-ABCD"],
	]);
	const volumes = volumesOf(parseMountInfo(table), uuids);

	test.each([
		["/home/me/Pictures", "uuid:aaaa/@home", "/home"],
		["/homework", "uuid:aaaa/@", "/"],
		["/media/me/My Stick/DCIM", "uuid:1234-ABCD", "/media/me/My Stick"],
		["/mnt/nas", "net://nas/photos", "/mnt/nas"],
		["/mnt/odd/x", "path:/mnt/odd", "/mnt/odd"],
	])("%s is on %s", (realPath, volumeId, mountPoint) => {
		expect(volumeHolding(volumes, realPath)).toEqual({ volumeId, mountPoint });
	});

	test("an encrypted drive is known by the UUID of the device behind its name", async () => {
		const mapped = parseMountInfo(
			"36 35 253:1 / /media/me/Safe rw - ext4 /dev/mapper/luks-aaaa rw\n37 35 0:50 / /mnt/nas rw - nfs nas:/dev/x rw\n",
		);
		const mounts = await withRealDevices(mapped, async (path) => {
			if (path !== "/dev/mapper/luks-aaaa") throw new Error(`${path} is no device.`);
			return "/dev/dm-1";
		});
		expect(volumesOf(mounts, new Map([["/dev/dm-1", "dddd"]]))).toEqual([
			{ volumeId: "uuid:dddd", mountPoint: "/media/me/Safe" },
			{ volumeId: "net:nas:/dev/x", mountPoint: "/mnt/nas" },
		]);
		expect(formerMountPoint(mounts, "path:/media/me/Safe")).toBe("/media/me/Safe");
		expect(formerMountPoint(mounts, "path:/mnt/nas")).toBeNull();
	});

	test("what is mounted last at a place hides what was there", () => {
		const hidden = `${table}\n30 22 8:33 / /media/me/My\\040Stick rw - ext4 /dev/sdc1 rw`;
		const now = volumesOf(parseMountInfo(hidden), new Map([["/dev/sdc1", "cccc"], ...uuids]));
		expect(now.map(({ volumeId }) => volumeId)).toContain("uuid:cccc");
		expect(now.map(({ volumeId }) => volumeId)).not.toContain("uuid:1234-ABCD");
	});
});

test("macOS: volumes below /Volumes, their UUID from diskutil's property list", () => {
	expect(macMountPoint("/Volumes/Photos 2024/DCIM")).toBe("/Volumes/Photos 2024");
	expect(macMountPoint("/Users/me/Pictures")).toBe("/");
	const list =
		"<plist><dict>\n<key>VolumeName</key>\n<string>x</string>\n<key>VolumeUUID</key>\n\t<string>0A81F3B1-51D9-3335-B3E3-169C3640360D</string></dict></plist>";
	expect(parseVolumeUuid(list)).toBe("0A81F3B1-51D9-3335-B3E3-169C3640360D");
	expect(parseVolumeUuid("<plist><dict></dict></plist>")).toBeNull();
});

test("macOS: where diskutil does not answer nothing is taken for known, and it is asked again", async () => {
	let answer: string | null = null;
	const volumes = macVolumes(async () => {
		if (answer === null) throw new Error("It did not answer in time.");
		return answer;
	});
	await expect(volumes.identify("/")).rejects.toThrow("in time");
	expect(await volumes.mountPointOf("path:/")).toBeNull();
	answer = "<key>VolumeUUID</key><string>0A81</string>";
	expect(await volumes.identify("/")).toEqual({ volumeId: "uuid:0A81", mountPoint: "/" });
	answer = null;
	expect(await volumes.mountPointOf("uuid:0A81")).toBe("/");
	const ofShare =
		"<plist><dict><key>ErrorMessage</key><string>Could not find disk: /Volumes/nas</string></dict></plist>";
	expect(isNoDisk(ofShare)).toBe(true);
	expect(isNoDisk("<plist><dict></dict></plist>")).toBe(false);
});

test("Windows: drive letters and shares", () => {
	expect(windowsMountPoint("D:\\Photos\\2024")).toBe("D:\\");
	expect(windowsMountPoint("\\\\nas\\photos\\2024")).toBe("\\\\nas\\photos\\");
});

test("this computer: a folder's volume is found again where it is mounted", async () => {
	const volumes = systemVolumes();
	const { volumeId, mountPoint } = await volumes.identify(temporaryTree());
	expect(await volumes.mountPointOf(volumeId)).toBe(mountPoint);
	expect(await volumes.mountPointOf("uuid:no-such-drive")).toBeNull();
});

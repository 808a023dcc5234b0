/** @file One photo that cannot be written keeps no other from being written. */
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { realDisk } from "../../engine/sidecars/replace-sidecar.ts";
import { openWithSidecars } from "./library-with-sidecars.ts";

test("photos whose sidecars cannot be written are told with the reason, and the others are written", async () => {
	const codes = [
		["broken.jpg", "EIO"],
		["long.jpg", "ENAMETOOLONG"],
	] as const;
	const library = await openWithSidecars({
		disk: {
			...realDisk,
			rename: async (from, to) => {
				const code = codes.find(([name]) => to.endsWith(`${name}.xmp`))?.[1];
				if (code !== undefined) throw Object.assign(new Error(`${code}: rename`), { code });
				await realDisk.rename(from, to);
			},
		},
	});
	const names = [...codes.map(([name]) => name), "last.jpg"];
	for (const name of names) await library.person(await library.photo(name), ["dog"]);
	await library.write();
	const { refused, problem } = await library.tags.status();
	expect(problem).toBeNull();
	expect(refused).toEqual([
		{
			path: library.inFolder("broken.jpg"),
			reason: "The drive failed while it was read or written.",
		},
		{
			path: library.inFolder("long.jpg"),
			reason: "The name of the file that would be written is too long for this drive.",
		},
	]);
	expect(existsSync(library.inFolder("last.jpg.xmp"))).toBe(true);
});

test("a name that leaves just enough room for its sidecar gets one", async () => {
	const library = await openWithSidecars();
	const name = `${"写真".repeat(40)}1234567.jpg`;
	await library.person(await library.photo(name), ["dog"]);
	await library.write();
	expect((await library.tags.status()).refused).toEqual([]);
	expect(existsSync(library.inFolder(`${name}.xmp`))).toBe(true);
});

test("a full disk stops all writing, and says so", async () => {
	const library = await openWithSidecars({
		disk: {
			...realDisk,
			open: async () => {
				throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
			},
		},
	});
	await library.person(await library.photo("a.jpg"), ["dog"]);
	await library.write();
	expect(await library.tags.status()).toMatchObject({
		refused: [],
		problem: expect.stringContaining("no space left"),
	});
});

/** @file Models in zip archives, whole and hostile. */
import { readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { installFolder } from "../../engine/models/install-folder.ts";
import { ModelStore } from "../../engine/models/model-store.ts";
import { listZip, unpackZip } from "../../engine/models/zip-archive.ts";
import { fixtures, resourcesPath, scratchFolder } from "./layout-packages.ts";

interface Packed {
	name: string;
	bytes: Uint8Array;
	/** In place of the true size. */
	announced?: number;
	flags?: number;
	/** Unix mode. */
	mode?: number;
}

/** Deflated entries and their list, as zip tools write them. */
function zipOf(entries: readonly Packed[]): Buffer {
	const parts: Buffer[] = [];
	const list: Buffer[] = [];
	let at = 0;
	for (const { name, bytes, announced = bytes.length, flags = 0, mode = 0o100644 } of entries) {
		const packed = deflateRawSync(bytes);
		const local = Buffer.alloc(30);
		local.writeUInt32LE(0x0403_4b50, 0);
		local.writeUInt16LE(8, 8);
		local.writeUInt16LE(Buffer.byteLength(name), 26);
		const central = Buffer.alloc(46);
		central.writeUInt32LE(0x0201_4b50, 0);
		central.writeUInt16LE(flags, 8);
		central.writeUInt16LE(8, 10);
		central.writeUInt32LE(packed.length, 20);
		central.writeUInt32LE(announced, 24);
		central.writeUInt16LE(Buffer.byteLength(name), 28);
		central.writeUInt32LE(mode * 0x10000, 38);
		central.writeUInt32LE(at, 42);
		parts.push(local, Buffer.from(name), packed);
		list.push(central, Buffer.from(name));
		at += 30 + Buffer.byteLength(name) + packed.length;
	}
	const central = Buffer.concat(list);
	const end = Buffer.alloc(22);
	end.writeUInt32LE(0x0605_4b50, 0);
	end.writeUInt16LE(entries.length, 8);
	end.writeUInt16LE(entries.length, 10);
	end.writeUInt32LE(central.length, 12);
	end.writeUInt32LE(at, 16);
	return Buffer.concat([...parts, central, end]);
}

function written(entries: readonly Packed[], name = "my model.zip"): string {
	const path = join(scratchFolder(), name);
	writeFileSync(path, zipOf(entries));
	return path;
}

const bytes = new TextEncoder().encode("{}");

describe("a zip archive", () => {
	it("of an export's folder is installed like the folder", async () => {
		const names = readdirSync(join(fixtures, "siglip"), { recursive: true, encoding: "utf8" });
		const path = written([
			...names
				.filter((name) => /\.\w+$/.test(name))
				.map((name) => ({
					name: `some-folder/${name}`,
					bytes: readFileSync(join(fixtures, "siglip", name)),
				})),
			{ name: "__MACOSX/._config.json", bytes },
			{ name: "some-folder/.DS_Store", bytes },
		]);
		const store = new ModelStore(scratchFolder());
		const id = await installFolder(path, [], store, resourcesPath);
		expect(id).toBe("my-model");
		const record = await store.find(id);
		expect(Object.keys(record?.sha256 ?? {})).toContain("onnx/vision_model.onnx");
	});

	it("keeps no link, and no file that is hidden", async () => {
		const entries = await listZip(
			written([
				{ name: "a.onnx", bytes },
				{ name: "link", bytes: new TextEncoder().encode("/etc/passwd"), mode: 0o120777 },
				{ name: ".hidden", bytes },
			]),
		);
		expect(entries.map(({ name }) => name)).toEqual(["a.onnx"]);
	});

	it.each<[string, Packed[], RegExp]>([
		["a name that leads out", [{ name: "../outside.onnx", bytes }], /no model file has/],
		["a name from the root", [{ name: "/etc/model.onnx", bytes }], /no model file has/],
		["a name for another system", [{ name: "C:\\model.onnx", bytes }], /no model file has/],
		[
			"the same name twice",
			[
				{ name: "a.onnx", bytes },
				{ name: "a.onnx", bytes },
			],
			/same file twice/,
		],
		["a password", [{ name: "a.onnx", bytes, flags: 1 }], /locked with a password/],
	])("with %s is refused", async (_, entries, words) => {
		await expect(listZip(written(entries))).rejects.toMatchObject({
			code: "MODEL_DAMAGED",
			message: expect.stringMatching(words),
		});
	});

	it("that unpacks to more than it announced is stopped there", async () => {
		const path = written([{ name: "a.onnx", bytes: new Uint8Array(5_000_000), announced: 1000 }]);
		const folder = scratchFolder();
		await expect(unpackZip(path, await listZip(path), folder)).rejects.toMatchObject({
			code: "MODEL_DAMAGED",
			message: expect.stringMatching(/larger than announced/),
		});
		expect(readFileSync(join(folder, "a.onnx")).length).toBeLessThanOrEqual(1000);
	});

	it.each([0.3, 0.95])("cut off after %s of it is refused", async (share) => {
		const path = written([{ name: "a.onnx", bytes: new Uint8Array(1000).map((_, at) => at * 7) }]);
		truncateSync(path, Math.floor(readFileSync(path).length * share));
		await expect(listZip(path)).rejects.toMatchObject({ code: "MODEL_DAMAGED" });
	});
});

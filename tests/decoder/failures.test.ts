/** @file Files that cannot be read fail alone, each with its reason. */
import { chmod, mkdir, open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { expect, test } from "vitest";
import type { FailureReason } from "../../contract/photo.ts";
import type { DecodeOutcome } from "../../engine/decoder/decoder.ts";
import { toDecodeFailure } from "../../engine/decoder/unreadable-picture.ts";
import { decoded, fixturePath, small, temporaryFolder, testDecoder } from "./test-decoder.ts";

const decoder = testDecoder();
const folder = await temporaryFolder();
const scene = await readFile(fixturePath("scene.jpg"));
const half = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.length >> 1);

function isFailure(outcome: DecodeOutcome, reason: FailureReason): void {
	expect(outcome).toMatchObject({ kind: "failed", reason });
	if (outcome.kind !== "failed") throw new Error("decoded");
	expect(outcome.message).toMatch(/^[A-Z].*\.$/);
	expect(outcome.message).not.toContain(folder);
	expect(outcome.message).not.toMatch(/\n|vips|heif:| at /);
}

async function decodeFile(name: string, contents: Uint8Array | string): Promise<DecodeOutcome> {
	const filePath = join(folder, name);
	await writeFile(filePath, contents);
	return decoder.decode({ filePath }, small);
}

test("an empty file is empty", async () => {
	isFailure(await decodeFile("empty.jpg", ""), "empty");
	isFailure(await decoder.decode({ bytes: new Uint8Array() }, small), "empty");
});

test("a text named as a photo is not a picture", async () => {
	isFailure(await decodeFile("notes.jpg", "Dear diary, today."), "unsupported-format");
	isFailure(
		await decodeFile("bm.bmp", "BM is how this text begins, by chance."),
		"unsupported-format",
	);
	isFailure(
		await decodeFile("page.svg", "<html><body>no drawing</body></html>"),
		"unsupported-format",
	);
});

test("a picture cut in half is truncated in every format", async () => {
	const image = sharp(scene).resize(200);
	const raw = Buffer.alloc(54 + 60 * 40 * 3);
	raw.write("BM");
	raw.writeUInt32LE(raw.length, 2);
	raw.writeUInt32LE(54, 10);
	raw.writeUInt32LE(40, 14);
	raw.writeInt32LE(60, 18);
	raw.writeInt32LE(40, 22);
	raw.writeUInt16LE(1, 26);
	raw.writeUInt16LE(24, 28);
	expect(decoded(await decodeFile("whole.bmp", raw)).width).toBe(60);
	const whole: Record<string, Buffer> = {
		jpeg: scene,
		png: await image.clone().png().toBuffer(),
		webp: await image.clone().webp().toBuffer(),
		gif: await image.clone().gif().toBuffer(),
		tiff: await image.clone().tiff({ compression: "deflate" }).toBuffer(),
		avif: await image.clone().avif().toBuffer(),
		heic: await readFile(fixturePath("scene.heic")),
		svg: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><g></g></svg>'),
		bmp: raw,
	};
	for (const [format, bytes] of Object.entries(whole)) {
		const outcome = await decodeFile(`half.${format}`, half(bytes));
		expect([format, outcome.kind === "failed" ? outcome.reason : "decoded"]).toEqual([
			format,
			"truncated",
		]);
		isFailure(outcome, "truncated");
	}
});

test("a picture damaged inside is corrupt", async () => {
	const png = await sharp(scene).png().toBuffer();
	isFailure(
		await decodeFile("damaged.png", png.fill(0x5a, png.length >> 1, png.length - 40)),
		"corrupt",
	);
	const jpeg = Buffer.from(scene).fill(0, 20, 500);
	isFailure(await decodeFile("damaged.jpg", jpeg), "corrupt");
});

test("a small file that would unfold into too many pixels is refused by its header", async () => {
	const strict = testDecoder({ maxPixels: 1_000_000 });
	const bomb = sharp({ create: { width: 1200, height: 1000, channels: 3, background: "#fff" } });
	const bitmap = Buffer.alloc(60);
	bitmap.write("BM");
	bitmap.writeUInt32LE(40, 14);
	bitmap.writeInt32LE(100_000, 18);
	bitmap.writeInt32LE(-100_000, 22);
	bitmap.writeUInt16LE(24, 28);
	const files = [
		await bomb.clone().jpeg().toBuffer(),
		await bomb.clone().png().toBuffer(),
		await bomb.clone().webp().toBuffer(),
		await bomb.clone().gif().toBuffer(),
		await bomb.clone().tiff({ compression: "deflate" }).toBuffer(),
		await bomb.clone().avif({ effort: 0 }).toBuffer(),
		Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="30000" height="30000"></svg>'),
		bitmap,
	];
	for (const bytes of files) isFailure(await strict.decode({ bytes }, small), "too-many-pixels");
	const heic = testDecoder({ maxPixels: 20_000 });
	isFailure(await heic.decode({ filePath: fixturePath("scene.heic") }, small), "too-many-pixels");
	isFailure(await decoder.decode({ bytes: bitmap }, small), "too-many-pixels");
});

test("a file larger than the limit is not read", async () => {
	const filePath = join(folder, "endless.jpg");
	const file = await open(filePath, "w");
	await file.truncate(2 * 1024 ** 3);
	await file.close();
	isFailure(await decoder.decode({ filePath }, small), "too-large");
	const strict = testDecoder({ maxFileBytes: 1000 });
	isFailure(await strict.decode({ bytes: scene }, small), "too-large");
	isFailure(
		await strict.render({ bytes: scene }, { longestSide: 100 }).then((outcome) => {
			if (outcome.kind === "rendered") throw new Error("rendered");
			return outcome;
		}),
		"too-large",
	);
});

test("a file that is gone, a folder and a forbidden file each say so", async () => {
	isFailure(await decoder.decode({ filePath: join(folder, "gone.jpg") }, small), "vanished");
	await mkdir(join(folder, "folder.jpg"));
	isFailure(
		await decoder.decode({ filePath: join(folder, "folder.jpg") }, small),
		"unsupported-format",
	);
	const filePath = join(folder, "secret.jpg");
	await writeFile(filePath, scene);
	await chmod(filePath, 0o000);
	const readable = await readFile(filePath).then(
		() => true,
		() => false,
	);
	// The superuser may read everything; there the file must simply decode.
	const outcome = await decoder.decode({ filePath }, small);
	if (readable) expect(outcome.kind).toBe("decoded");
	else isFailure(outcome, "permission-denied");
});

test("names with newlines, quotes, emoji and 255 bytes are only names", async () => {
	const names = [
		"new\nline.jpg",
		'it\'s "quoted" $(x) `y`.jpg',
		"🏖️ plage.jpg",
		" .jpg",
		"%00?#.jpg",
	];
	names.push(`${"é".repeat(125)}a.jpg`);
	expect(Buffer.byteLength(names.at(-1) ?? "")).toBe(255);
	for (const name of names) expect(decoded(await decodeFile(name, scene)).width).toBe(640);
});

test("what the system says while reading has a sentence of its own", () => {
	const said: Record<string, FailureReason> = {
		EACCES: "permission-denied",
		EPERM: "permission-denied",
		ENOENT: "vanished",
		ENOTDIR: "vanished",
		ENOMEM: "out-of-memory",
		EIO: "vanished",
		ESTALE: "vanished",
		ETIMEDOUT: "vanished",
		EHOSTDOWN: "vanished",
		ENOTCONN: "vanished",
		EBUSY: "vanished",
		EINVAL: "unknown",
	};
	for (const [code, reason] of Object.entries(said)) {
		const error = Object.assign(new Error(`${code}: ${folder}`), { code, syscall: "open" });
		isFailure(toDecodeFailure(error), reason);
	}
	isFailure(toDecodeFailure(new TypeError(`a defect in ${folder}`)), "unknown");
});

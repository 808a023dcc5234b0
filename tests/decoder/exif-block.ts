/** @file Writes EXIF blocks for tests, sensible or not: big-endian, one directory after the other. */

/** 2 ASCII, 3 SHORT, 5 RATIONAL, 10 SRATIONAL; see CIPA DC-008, 4.6.2. */
export type ExifValue =
	| { type: 2; values: Buffer }
	| { type: 3; values: readonly number[] }
	| { type: 5 | 10; values: readonly (readonly [number, number])[] };
type Directory = Readonly<Record<number, ExifValue>>;

function encode(value: ExifValue): Buffer {
	if (value.type === 2) return value.values;
	if (value.type === 3) {
		const shorts = Buffer.alloc(value.values.length * 2);
		for (const [index, short] of value.values.entries()) shorts.writeUInt16BE(short, index * 2);
		return shorts;
	}
	const pairs = Buffer.alloc(value.values.length * 8);
	for (const [index, number] of value.values.flat().entries()) {
		if (value.type === 5) pairs.writeUInt32BE(number, index * 4);
		else pairs.writeInt32BE(number, index * 4);
	}
	return pairs;
}

/** A directory at an offset, its values behind it; pointers are tags of type LONG. */
function encodeDirectory(
	directory: Directory,
	pointers: Readonly<Record<number, number>>,
	offset: number,
): Buffer {
	const tags = [...Object.keys(directory), ...Object.keys(pointers)]
		.map(Number)
		.sort((a, b) => a - b);
	const entries = Buffer.alloc(2 + tags.length * 12 + 4);
	entries.writeUInt16BE(tags.length);
	const behind: Buffer[] = [];
	let behindOffset = offset + entries.length;
	for (const [index, tag] of tags.entries()) {
		const at = 2 + index * 12;
		entries.writeUInt16BE(tag, at);
		const value = directory[tag];
		if (value === undefined) {
			entries.writeUInt16BE(4, at + 2);
			entries.writeUInt32BE(1, at + 4);
			entries.writeUInt32BE(pointers[tag] ?? 0, at + 8);
			continue;
		}
		const bytes = encode(value);
		entries.writeUInt16BE(value.type, at + 2);
		entries.writeUInt32BE(value.values.length, at + 4);
		if (bytes.length <= 4) bytes.copy(entries, at + 8);
		else {
			entries.writeUInt32BE(behindOffset, at + 8);
			behind.push(bytes);
			behindOffset += bytes.length;
		}
	}
	return Buffer.concat([entries, ...behind]);
}

/** A TIFF-structured EXIF block, without the `Exif\0\0` prefix. */
export function exifBlock(directories: {
	image?: Directory;
	photo?: Directory;
	gps?: Directory;
}): Buffer {
	const { image = {}, photo = {}, gps = {} } = directories;
	const header = Buffer.from([0x4d, 0x4d, 0, 42, 0, 0, 0, 8]);
	const length = encodeDirectory(image, { 34665: 0, 34853: 0 }, 8).length;
	const photoOffset = 8 + length;
	const photoBytes = encodeDirectory(photo, {}, photoOffset);
	const gpsOffset = photoOffset + photoBytes.length;
	return Buffer.concat([
		header,
		encodeDirectory(image, { 34665: photoOffset, 34853: gpsOffset }, 8),
		photoBytes,
		encodeDirectory(gps, {}, gpsOffset),
	]);
}

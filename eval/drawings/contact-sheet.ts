/** @file Pictures in rows, each with its words below. */
import sharp from "sharp";

const side = 256;

/** @param pictures files, or whole pictures in memory */
export async function writeSheet(
	pictures: readonly { picture: string | Uint8Array; words: string }[],
	columns: number,
	file: string,
): Promise<void> {
	const [cellWidth, cellHeight] = [side + 12, side + 40];
	const tiles = [];
	for (const [at, { picture, words }] of pictures.entries()) {
		const left = 6 + (at % columns) * cellWidth;
		const top = 6 + Math.floor(at / columns) * cellHeight;
		const shown = await sharp(picture).resize(side, side, { fit: "cover" }).png().toBuffer();
		const text = words.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
		const caption = `<svg width="${side}" height="28"><text x="${side / 2}" y="18" font-family="sans-serif" font-size="11" text-anchor="middle" fill="#333">${text}</text></svg>`;
		tiles.push({ input: shown, left, top });
		tiles.push({ input: Buffer.from(caption), left, top: top + side });
	}
	const rows = Math.ceil(pictures.length / columns);
	const size = { width: columns * cellWidth, height: rows * cellHeight + 6 };
	await sharp({ create: { ...size, channels: 3, background: "#fff" } })
		.composite(tiles)
		.jpeg({ quality: 88 })
		.toFile(file);
}

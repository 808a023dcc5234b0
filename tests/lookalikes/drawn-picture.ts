/** @file Pictures with enough in them to be told apart, drawn from a seed. */
import sharp from "sharp";

/** A scene of 24 shapes, as a JPEG of high quality. */
export function drawnPicture(seed: number, size = { width: 480, height: 320 }): Promise<Buffer> {
	let state = seed * 7919 + 1;
	const next = (limit: number) => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return Math.floor((state / 2 ** 32) * limit);
	};
	const shapes = Array.from({ length: 24 }, () => {
		const colour = `hsl(${next(360)},${30 + next(60)}%,${20 + next(60)}%)`;
		return next(2) === 0
			? `<circle cx="${next(480)}" cy="${next(320)}" r="${12 + next(60)}" fill="${colour}"/>`
			: `<rect x="${next(440)}" y="${next(280)}" width="${20 + next(150)}" height="${20 + next(110)}" fill="${colour}"/>`;
	}).join("");
	const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" viewBox="0 0 480 320" preserveAspectRatio="none"><rect width="480" height="320" fill="hsl(${next(360)},40%,55%)"/>${shapes}</svg>`;
	return sharp(Buffer.from(svg)).jpeg({ quality: 92 }).toBuffer();
}

/** uint8 [side, side, 3] of a picture stretched to a square. */
export async function squarePixels(picture: Buffer, side: number): Promise<Uint8Array> {
	const pixels = await sharp(picture)
		.resize(side, side, { fit: "fill" })
		.removeAlpha()
		.toColourspace("srgb")
		.raw();
	return new Uint8Array(await pixels.toBuffer());
}

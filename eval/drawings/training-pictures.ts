/**
 * @file The pictures a model was trained on, as its training left them in its work folder: `pictures.u8`,
 * `pictures.json` and `picture-embeddings.npy` (see training/pictures.py and training/conditions.py).
 */
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { z } from "zod";

const side = 128;
const pictureBytes = side * side * 3;

export interface TrainingPictures {
	count: number;
	/** @returns the row nearest to a unit vector by cosine, other than `except`, and how near. */
	nearest(vector: Float32Array, except?: number): { row: number; similarity: number };
	vector(row: number): Float32Array;
	/** A PNG. */
	picture(row: number): Promise<Uint8Array>;
	/** Root of the mean squared difference of two pictures' values, 0 to 1, each made 32 x 32 first. */
	differenceTo(row: number, path: string): Promise<number>;
	close(): void;
}

export function openTrainingPictures(work: string): TrainingPictures {
	const names = z
		.array(z.string())
		.parse(JSON.parse(readFileSync(join(work, "pictures.json"), "utf8")));
	const embeddings = readHalves(join(work, "picture-embeddings.npy"), names.length);
	const dimensions = embeddings.length / names.length;
	const file = openSync(join(work, "pictures.u8"), "r");
	const vector = (row: number): Float32Array => {
		const own = embeddings.subarray(row * dimensions, (row + 1) * dimensions);
		const length = Math.hypot(...own) || 1;
		return Float32Array.from(own, (value) => value / length);
	};
	const picture = async (row: number): Promise<Uint8Array> => {
		const pixels = Buffer.alloc(pictureBytes);
		readSync(file, pixels, 0, pictureBytes, row * pictureBytes);
		return sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
			.png()
			.toBuffer();
	};
	return {
		count: names.length,
		nearest(wanted, except = -1) {
			const best = { row: -1, similarity: -2 };
			for (let row = 0; row < names.length; row++) {
				if (row === except) continue;
				let similarity = 0;
				for (let at = 0; at < dimensions; at++) {
					similarity += (embeddings[row * dimensions + at] ?? 0) * (wanted[at] ?? 0);
				}
				if (similarity > best.similarity) Object.assign(best, { row, similarity });
			}
			return best;
		},
		vector,
		picture,
		async differenceTo(row, path) {
			const [one, other] = await Promise.all([small(await picture(row)), small(path)]);
			const squares = one.reduce(
				(sum, value, at) => sum + ((value - (other[at] ?? 0)) / 255) ** 2,
				0,
			);
			return Math.sqrt(squares / one.length);
		},
		close: () => closeSync(file),
	};
}

async function small(source: string | Uint8Array): Promise<Uint8Array> {
	return sharp(source).resize(32, 32, { fit: "fill" }).removeAlpha().raw().toBuffer();
}

/** An array file of numpy's with float16 in it: a header in text, then the numbers. */
function readHalves(path: string, rows: number): Float32Array {
	const bytes = readFileSync(path);
	const headerBytes = bytes.readUInt16LE(8);
	const header = bytes.toString("latin1", 10, 10 + headerBytes);
	if (!header.includes("'<f2'") || !header.includes(`(${rows},`)) {
		throw new Error(`${path} does not hold float16 numbers for ${rows} pictures.`);
	}
	const data = Uint8Array.from(bytes.subarray(10 + headerBytes));
	return Float32Array.from(new Float16Array(data.buffer));
}

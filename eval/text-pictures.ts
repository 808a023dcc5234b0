/** @file Pictures with known words, made by a script: fonts, sizes, colours, angles, plain and on photos. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";

/** Clockwise, in degrees. */
export const textAngles = [0, 5, -5, 15, -15, 30, -30, 90, -90, 180] as const;

export interface TextPicture {
	angle: number;
	background: "plain" | "plate" | "photo";
	font: string;
	/** On the picture, from top to bottom; no word is in two pictures. */
	words: string[];
	/** JPEG. */
	bytes: Buffer;
}

/** Fonts that Linux desktops have; where one is missing, the system takes the next best. */
const fonts = [
	"DejaVu Sans",
	"DejaVu Serif",
	"DejaVu Sans Mono",
	"Liberation Sans",
	"Liberation Serif",
	"Liberation Mono",
	"Liberation Sans Narrow",
];
const accented =
	"Straße Müller Größe Café Crêpe Façade Señor Mañana Niño Garçon Élan Fête Übung Schön Tänzer Bäcker Ångström Smörgås Çelik Łódź Žižek Kraków Škoda Århus Málaga Bogotá Curaçao Zürich Köln Orléans".split(
		" ",
	);
const wordsInPicture = 6;
const width = 1200;
const height = 900;

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let value = Math.imul(state ^ (state >>> 15), state | 1);
		value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
		return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
	};
}

/**
 * @param resourcesPath where the words (of the starter model's tokenizer) and the photos behind them are.
 * @param perAngle how many pictures for each of `textAngles`.
 */
export async function makeTextPictures(
	resourcesPath: string,
	seed: number,
	perAngle: number,
): Promise<TextPicture[]> {
	const random = seededRandom(seed);
	const words = shuffled(knownWords(resourcesPath), random);
	const special = shuffled(accented, random);
	const photosPath = join(resourcesPath, "demo-photos");
	const photos = readdirSync(photosPath).filter((name) => /\.(jpg|webp)$/.test(name));
	const pictures: TextPicture[] = [];
	for (const angle of textAngles) {
		for (let index = 0; index < perAngle; index++) {
			const chosen = words.splice(0, wordsInPicture);
			if (index % 3 === 0) chosen[1] = special.shift() ?? chosen[1] ?? "";
			if (index % 3 === 1) chosen[4] = String(Math.floor(10_000 + random() * 90_000));
			const background = (["plain", "plate", "photo"] as const)[index % 3] ?? "plain";
			const photo = join(photosPath, pick(photos, random));
			pictures.push(await draw({ angle, background, words: chosen, photo }, random));
		}
	}
	return pictures;
}

async function draw(
	plan: Omit<TextPicture, "bytes" | "font"> & { photo: string },
	random: () => number,
): Promise<TextPicture> {
	const { angle, background, words, photo } = plan;
	const hue = Math.floor(random() * 360);
	const dark = random() < 0.5;
	const ground = `hsl(${hue}, ${Math.floor(random() * 60)}%, ${dark ? 18 : 88}%)`;
	const base =
		background === "plain"
			? sharp(Buffer.from(svg(`<rect width="100%" height="100%" fill="${ground}"/>`)))
			: sharp(photo).flatten({ background: "#fff" }).resize(width, height, { fit: "cover" });
	const behind = await base.toColourspace("srgb").removeAlpha().png().toBuffer();
	const bright = background === "photo" ? await brightness(behind) : dark ? 0.2 : 0.9;
	const ink =
		bright < 0.5 ? `hsl(${(hue + 180) % 360}, 60%, 94%)` : `hsl(${(hue + 180) % 360}, 70%, 12%)`;
	const font = pick(fonts, random);
	const size = Math.floor(22 + random() * 42);
	const style = `font-family="${font}" font-size="${size}" font-weight="${random() < 0.3 ? "bold" : "normal"}" font-style="${random() < 0.2 ? "italic" : "normal"}"`;
	const shown = words.map((word) => {
		const way = random();
		return way < 0.3
			? word.toUpperCase()
			: way < 0.6
				? word
				: word.slice(0, 1).toUpperCase() + word.slice(1);
	});
	const lines = [0, 2, 4].map((at) => `${shown[at]} ${shown[at + 1]}`);
	const longest = Math.max(...lines.map((line) => line.length)) * size * 0.75;
	const plate =
		background === "plate"
			? `<rect x="${-longest / 2}" y="${-size * 2.6}" width="${longest}" height="${size * 5.4}" rx="8" fill="${ground}"/>`
			: "";
	const texts = lines.map(
		(line, row) =>
			`<text x="0" y="${(row - 1) * size * 1.6 + size * 0.35}" text-anchor="middle" ${style} fill="${ink}">${line}</text>`,
	);
	const place = `translate(${width / 2 + (random() - 0.5) * 120} ${height / 2 + (random() - 0.5) * 90}) rotate(${angle})`;
	const overlay = Buffer.from(svg(`<g transform="${place}">${plate}${texts.join("")}</g>`));
	const bytes = await sharp(behind)
		.composite([{ input: overlay }])
		.jpeg({ quality: 85 })
		.toBuffer();
	return { angle, background, font, words, bytes };
}

const svg = (content: string): string =>
	`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${content}</svg>`;

/** Of the middle, where the text will be: 0 to 1. */
async function brightness(picture: Buffer): Promise<number> {
	const middle = { left: width / 4, top: height / 4, width: width / 2, height: height / 2 };
	const { channels } = await sharp(picture).extract(middle).greyscale().stats();
	return (channels[0]?.mean ?? 128) / 255;
}

/** Words of five to nine letters that the starter model's tokenizer knows whole. */
function knownWords(resourcesPath: string): string[] {
	const path = join(resourcesPath, "models", "starter", "tokenizer.json");
	const tokenizer: { model: { vocab: Record<string, number> } } = JSON.parse(
		readFileSync(path, "utf8"),
	);
	return Object.keys(tokenizer.model.vocab).filter((word) => /^[a-z]{5,9}$/.test(word));
}

function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
	return items
		.map((item) => ({ item, at: random() }))
		.sort((a, b) => a.at - b.at)
		.map(({ item }) => item);
}

function pick<Item>(items: readonly Item[], random: () => number): Item {
	const item = items[Math.floor(random() * items.length)];
	if (item === undefined) throw new Error("There is nothing to pick from.");
	return item;
}
